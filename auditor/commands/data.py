"""``auditor crawl``, ``import``, ``export`` and ``report``: data in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from auditor.commands.words import Lang, check_words
from auditor.config import (
    Settings,
    load_settings,
    reference_directories,
    rule_directories,
    time_zone,
)
from auditor.console import Screen
from auditor.model.crawl import CrawlSettings
from auditor.references import load_references
from auditor.reports import TRIAGE, Edition, report_key, rewrite_reports
from auditor.rules import load_ruleset
from auditor.runs.crawl import open_targets, start_crawl
from auditor.sources.transfer import export_store, import_dataset


def run_crawl_command(
    spider: str,
    targets: str,
    db: str | None,
    delay: float | None,
    *,
    allow_private: bool,
    quiet: bool,
) -> int:
    """``auditor crawl``."""
    settings = load_settings(db=db, delay=delay)
    check_words(spider, settings.db)
    found = open_targets(targets)
    crawl = CrawlSettings(
        spider=spider,
        targets=found.rows,
        db=settings.db,
        delay_seconds=settings.delay,
        allow_private=allow_private,
        controller=settings.controller,
        contact=settings.contact,
        legal_basis=settings.legal_basis,
        privacy_notice=settings.privacy_notice,
        floor_ratio=settings.floor,
        opted_out=opted_out(settings),
        log_level="WARNING",
    )
    screen = Screen(quiet=quiet)
    for rejection in found.rejected:
        screen.complain(f"{rejection.file}:{rejection.line}: {rejection.reason}")
    summary = start_crawl(crawl)
    for row in summary.sources:
        screen.say(
            f"{row.source}: {row.fetched} of {row.planned} fetched, {row.blocked} blocked, "
            f"{row.robots_refused} refused by robots.txt, {row.failed} failed"
        )
    for failure in summary.failures:
        screen.complain(f"{failure.target}: {failure.outcome}: {failure.reason or failure.status}")
    if summary.reason:
        screen.complain(f"auditor: {summary.reason}")
    return 3 if found.rejected and summary.exit_code in (0, 1) else summary.exit_code


def opted_out(settings: Settings) -> frozenset[str]:
    """Return the accounts on the opt-out list, which binds crawls and imports too."""
    return load_references(reference_directories(settings)).opted_out


def run_import_command(
    paths: list[Path], db: str | None, timezone: str | None, *, quiet: bool
) -> int:
    """``auditor import``."""
    settings = load_settings(db=db, timezone=timezone)
    done = import_dataset(
        settings.db, paths, time_zone(settings.timezone), opted_out=opted_out(settings)
    )
    screen = Screen(quiet=quiet)
    screen.say(f"{done.accounts} accounts, {done.posts} posts, {done.changes} changes kept")
    for rejection in done.rejected[:20]:
        screen.complain(f"{rejection.file}:{rejection.line or ''}: {rejection.reason}")
    if len(done.rejected) > 20:
        screen.complain(f"{len(done.rejected) - 20} more rows were rejected")
    return 3 if done.rejected else 0


def run_export_command(directory: Path, db: str | None, *, quiet: bool) -> int:
    """``auditor export``."""
    settings = load_settings(db=db)
    export_store(settings.db, directory)
    Screen(quiet=quiet).say("the directory is a dataset: audit it, or import it elsewhere")
    sys.stdout.write(f"{directory}\n")
    return 0


def run_report_command(
    run: Path,
    form: str,
    edition: Literal["triage", "shareable"],
    out: Path | None,
    key_file: Path | None,
    *,
    lang: Lang,
    quiet: bool,
) -> int:
    """``auditor report``."""
    formats = tuple(part.strip() for part in form.split(",") if part.strip())
    settings = load_settings(lang=lang)
    chosen = TRIAGE if edition == "triage" else Edition("shareable", report_key(key_file))
    notices = load_ruleset(rule_directories(settings)).notices
    written = rewrite_reports(run, formats, chosen, out=out, language=lang, notices=notices)
    screen = Screen(quiet=quiet)
    for path in written:
        screen.say(f"wrote {path}")
    sys.stdout.write(f"{written[0].parent if written else run}\n")
    return 0
