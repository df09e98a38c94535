"""``auditor audit`` and ``auditor explain``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from auditor.commands.words import (
    Lang,
    check_database_place,
    check_words,
    moment,
    run_directory,
)
from auditor.config import (
    Settings,
    load_settings,
    reference_directories,
    rule_directories,
    time_zone,
)
from auditor.console import Screen
from auditor.errors import UsageError
from auditor.rules import explain
from auditor.runs.intake import Progress
from auditor.runs.local import audit
from auditor.runs.lookup import find_dossier
from auditor.runs.pages import use_small_pages
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.worker import compiled_of
from auditor.sources import KINDS, Kind

Engine = Literal["local", "spark"]


@dataclass(frozen=True)
class AuditWords:
    """The words of ``auditor audit`` as typed; ``None`` was not given."""

    dataset: Path | None
    out: Path | None
    notices: tuple[str, ...]
    db: str | None
    now: str | None
    timezone: str | None
    workers: int | None
    memory: int | None
    copies: bool | None
    kept: Path | None
    engine: Engine
    tables: tuple[str, ...]
    fail_on: str | None
    allow_empty: bool
    run_id: str | None
    rules: Path | None
    references: Path | None
    lang: Lang


def audit_request(words: AuditWords, settings: Settings) -> AuditRequest:
    """Return what the words and settings ask for."""
    now = moment(words.now)
    time_zone(settings.timezone)
    tables = engine_tables(words, settings)
    out = run_directory(words.out, now)
    if words.engine == "local":
        check_database_place(out)
    named = words.dataset is not None or bool(tables)
    store = words.db if named else (words.db or settings.db)
    # All of them, as run.json holds the command; settings may come from the environment.
    check_words(words.dataset, words.out, settings.kept, store, words.run_id, *sys.argv[1:])
    return AuditRequest(
        out=out,
        now=now,
        rules=rule_directories(settings),
        references=reference_directories(settings),
        dataset=words.dataset,
        db=store,
        tables=tables,
        notices=words.notices,
        timezone=settings.timezone,
        language=settings.lang,
        workers=settings.workers,
        memory_mib=settings.memory,
        copies=settings.copies,
        kept=settings.kept,
        floor=settings.floor,
        fail_on=words.fail_on,
        allow_empty=words.allow_empty,
        run_id=words.run_id,
        command=tuple(sys.argv[1:]),
        duties=duties(settings),
    )


def engine_tables(words: AuditWords, settings: Settings) -> tuple[tuple[Kind, str], ...]:
    """Return the named tables by kind, once the words are seen to fit the engine.

    Raises:
        UsageError: the engine cannot do what is asked.
    """
    if words.engine == "local":
        if words.tables:
            raise UsageError("tables are read with --engine spark", "--table")
        return ()
    if settings.kept is not None:
        raise UsageError("the Spark engine keeps nothing between nights; leave it out", "--kept")
    if words.tables and words.dataset is not None:
        raise UsageError("name a dataset directory or tables, not both", "--table")
    if not words.tables and words.dataset is None:
        message = "name a dataset directory, or tables with --table posts=NAME"
        raise UsageError(message, "--engine spark")
    named: dict[Kind, str] = {}
    for text in words.tables:
        kind, _, name = text.partition("=")
        if kind not in KINDS or not name:
            raise UsageError(
                f"“{text}” is not accounts=NAME, posts=NAME or changes=NAME", "--table"
            )
        if kind in named:
            raise UsageError(f"names {kind} twice", "--table")
        named[kind] = name
    return tuple(sorted(named.items()))


def duties(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return who is responsible for the collection, as far as the settings say."""
    names = ("controller", "contact", "legal_basis", "privacy_notice")
    return tuple((name, getattr(settings, name)) for name in names if getattr(settings, name))


def run_audit_command(words: AuditWords, *, quiet: bool) -> int:
    """``auditor audit``."""
    settings = load_settings(
        rules=words.rules,
        references=words.references,
        db=words.db,
        timezone=words.timezone,
        workers=words.workers,
        memory=words.memory,
        copies=words.copies,
        kept=words.kept,
        lang=words.lang,
    )
    request = audit_request(words, settings)
    screen = Screen(quiet=quiet)
    run = engine_of(words.engine)
    use_small_pages()
    with screen.progress() as progress:
        summary = run(request, progress)
    tell(screen, summary)
    return summary.exit_code


def engine_of(name: Engine) -> Callable[[AuditRequest, Progress], AuditSummary]:
    """Return what carries a run out.

    Raises:
        UsageError: the libraries of the engine are not installed.
    """
    if name == "local":
        return audit
    try:
        run: Callable[[AuditRequest, Progress], AuditSummary] = import_module(
            "auditor.runs.spark"
        ).audit_on_spark
    except ImportError as error:
        message = f"Spark is not installed ({error.name}): pip install 'auditor[spark]'"
        raise UsageError(message, "--engine spark") from error
    return run


def tell(screen: Screen, summary: AuditSummary) -> None:
    """Print how a run ended: counts and warnings on stderr, the run directory last on stdout."""
    counts = summary.counts
    screen.items_table(summary.notices, summary.findings_by_item)
    parts = [f"{counts.get('accounts', 0)} accounts", f"{counts.get('posts', 0)} posts"]
    parts += [f"{counts.get('findings', 0)} findings", f"{counts.get('rejected', 0)} rows rejected"]
    screen.say(", ".join(parts))
    if "judged_accounts" in counts:
        again, judged = counts["reused_accounts"], counts["judged_accounts"]
        screen.say(f"{judged} accounts judged, {again} as on the night before")
    for warning in summary.warnings:
        screen.say(f"warning: {warning}")
    screen.say("facts for review, not decisions; open report.html first")
    sys.stdout.write(f"{summary.run_directory}\n")


def run_explain_command(
    account: str,
    rule: str | None,
    dataset: Path | None,
    db: str | None,
    rules: Path | None,
    references: Path | None,
    now: str | None,
    timezone: str | None,
) -> int:
    """``auditor explain``."""
    settings = load_settings(rules=rules, references=references, db=db, timezone=timezone)
    request = AuditRequest(
        out=Path(),
        now=moment(now),
        rules=rule_directories(settings),
        references=reference_directories(settings),
        dataset=dataset,
        db=None if dataset else settings.db,
        timezone=settings.timezone,
        language=settings.lang,
    )
    compiled = compiled_of(request)
    if rule is not None and rule not in {entry.id for entry in compiled.rules}:
        raise UsageError(f"no rule “{rule}”; see auditor rules list", "--rule")
    dossier = find_dossier(request, account)
    for line in explain(compiled, dossier, request.now, rule):
        sys.stdout.write(line + "\n")
    return 0
