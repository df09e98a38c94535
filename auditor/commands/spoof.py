"""``auditor spoof``: imitations of a name, or the accounts of a dataset that bear one."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from auditor.config import (
    Settings,
    load_settings,
    reference_directories,
    rule_directories,
    time_zone,
)
from auditor.console import Screen, print_rows
from auditor.errors import UsageError
from auditor.names import NameIndex
from auditor.names.spoof import TECHNIQUES, Spoofer, Technique, check_name
from auditor.references import References, load_references
from auditor.reports.cells import cell, one_line
from auditor.rules import load_ruleset
from auditor.runs.watch import Watch, Watcher, watch
from auditor.text import Scanner

Form = Literal["table", "json", "csv"]

DEFAULT_LIMIT = 20
"""Variants a technique: as many as a person reads."""

LABELS = ("critic-labels", "fan-disclaimers")
"""Lexicons of the words by which an account says that it is not the body."""

COLUMNS = ("technique", "name", "reference")
CHECK_COLUMNS = (
    "account_id",
    "account_name",
    "technique",
    "reference",
    "steps",
    "verified",
    "followers",
    "note",
)


@dataclass(frozen=True)
class SpoofWords:
    """The words of the command line."""

    name: str
    techniques: tuple[str, ...] = ()
    limit: int | None = None
    references: Path | None = None
    check: Path | None = None
    timezone: str | None = None
    form: Form = "table"

    @property
    def chosen(self) -> tuple[Technique, ...]:
        """The techniques asked for, in the order of the listing; all when none is named.

        Raises:
            UsageError: a word is no technique.
        """
        for word in self.techniques:
            if word not in TECHNIQUES:
                known = ", ".join(TECHNIQUES)
                raise UsageError(f"no technique “{word}”; known: {known}", "--technique")
        return tuple(one for one in TECHNIQUES if one in self.techniques or not self.techniques)


def run_spoof_command(words: SpoofWords, *, quiet: bool) -> int:
    """``auditor spoof``."""
    check_name(words.name)
    chosen = words.chosen
    if words.check is not None and words.limit is not None:
        raise UsageError("counts imitations and does not go with --check", "--limit")
    settings = load_settings(references=words.references, timezone=words.timezone)
    references = load_references(reference_directories(settings))
    screen = Screen(quiet=quiet)
    if words.check is None:
        return list_imitations(words, chosen, references, screen)
    return check_dataset(words, words.check, settings, references, screen)


def list_imitations(
    words: SpoofWords, chosen: Sequence[Technique], references: References, screen: Screen
) -> int:
    """Print the imitations of a name."""
    spoofer = Spoofer(references, NameIndex.build(references))
    limit = DEFAULT_LIMIT if words.limit is None else words.limit
    made = list(spoofer.imitations(words.name, chosen, limit))
    print_listing(COLUMNS, made, words.form)
    empty = [one for one in chosen if all(one != row.technique for row in made)]
    if empty:
        screen.say(f"nothing to make of this name by: {', '.join(empty)}")
    return 0


def check_dataset(
    words: SpoofWords, dataset: Path, settings: Settings, references: References, screen: Screen
) -> int:
    """Print the accounts of a dataset whose names are built on the name."""
    zone = time_zone(settings.timezone)
    lexicons = load_ruleset(rule_directories(settings)).lexicons
    labels = Scanner({name: lexicons[name].words for name in LABELS})
    watcher = Watcher(words.name, references, labels)
    found = watch(
        watcher,
        dataset,
        zone,
        opted_out=references.opted_out,
        memory_mib=settings.memory,
    )
    screen.say(
        f"Names of accounts that can be read as built on “{words.name}”, and how. A name is no "
        "conclusion: who runs an account is for a person to find out."
    )
    print_listing(CHECK_COLUMNS, _rows(found, words.chosen), words.form)
    screen.say(f"{found.accounts} accounts looked at, {found.rejected} rows rejected")
    for rejection in found.rejections:
        screen.complain(f"{rejection.file}:{rejection.line or ''}: {rejection.reason}")
    return 3 if found.rejected or found.incomplete else 0


def _rows(found: Watch, techniques: Sequence[Technique]) -> Iterable[tuple[Any, ...]]:
    for row in found.rows:
        if len(techniques) == len(TECHNIQUES) or set(techniques) & set(row.techniques):
            yield (
                row.account_id,
                one_line(row.account_name),
                row.techniques or (row.way,),
                row.reference,
                one_line("; ".join(row.steps)),
                row.verified,
                row.followers,
                one_line(row.note),
            )


def print_listing(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: Form) -> None:
    """Print a listing as the others do, or as CSV with guarded cells (docs/output.md)."""
    if form != "csv":
        print_rows(columns, rows, form)
        return
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
