"""What may be wrong with the rows of a register extract: pure, over rows that know their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from auditor.references.lines import PlacedRow
from auditor.references.registry import (
    PROFESSIONS,
    is_active,
    is_ended,
    registered_number,
)
from auditor.references.rows import RegistryEntry
from auditor.text import credential_kinds, judge_form, kinds_of, mask_value

RegistryKind = Literal["duplicate", "profession", "status", "number"]

# A spreadsheet writes 1.11012E+16 and 11101201010123456.0: digits are lost or in doubt.
_ROUNDED = re.compile(r"\d+(?:\.\d+)?[eE]\+?\d+|\d+\.0+")


class Doubt(NamedTuple):
    """One thing to look at in a row: how grave, of which kind, what stands there, what is right."""

    severity: Literal["fault", "note"]
    kind: RegistryKind
    placed: PlacedRow
    what: str
    right: str


def registry_doubts(rows: Iterable[PlacedRow]) -> Iterator[Doubt]:
    """Yield what is to be looked at in the extract; numbers are masked."""
    seen: dict[tuple[str, str], PlacedRow] = {}
    for placed in rows:
        row = placed.row
        if isinstance(row, RegistryEntry):
            yield from _words(placed, row)
            yield from _number(placed, row, seen)


def _words(placed: PlacedRow, row: RegistryEntry) -> Iterator[Doubt]:
    if row.profession not in PROFESSIONS:
        what = f"“{row.profession}” is no profession that titles are read for"
        yield Doubt("fault", "profession", placed, what, f"write one of {', '.join(PROFESSIONS)}")
    if not is_active(row.status) and not is_ended(row.status):
        what = f"“{row.status}” says neither that the entry is in force nor that it has ended"
        right = "it compares as nothing; write a word of rulesets/lexicons/text-registry.yml"
        yield Doubt("note", "status", placed, what, right)


def _number(
    placed: PlacedRow, row: RegistryEntry, seen: dict[tuple[str, str], PlacedRow]
) -> Iterator[Doubt]:
    number = registered_number(row)
    if not number:
        return
    shown = mask_value("credential", number)
    if _ROUNDED.fullmatch(row.number.strip()):
        what = f"the number {shown} was rounded by a spreadsheet"
        yield Doubt("fault", "number", placed, what, "export the column as text")
        return
    judged = [kind for kind in kinds_of(row.profession) if credential_kinds()[kind].forms]
    if judge_form(judged, (number,)) == "not_of_form":
        what = f"the number {shown} ({len(number)} characters) is of no published form"
        right = "see that no digit was lost; it is compared as it stands"
        yield Doubt("note", "number", placed, what, right)
    first = seen.setdefault((row.profession, number), placed)
    if first is not placed:
        where = f"line {first.line}" if first.path == placed.path else first.where
        what = f"the number {shown} stands in {where} too"
        yield Doubt("fault", "duplicate", placed, what, "a number belongs to one person; keep one")
