"""The demo: serve the fictional platform, crawl it twice, audit the store, write every report."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from auditor.config import Settings, reference_directories, rule_directories
from auditor.console import Screen
from auditor.demo import DemoPlatform, demo_references, demo_targets
from auditor.errors import AuditorError
from auditor.model.crawl import CrawlSettings
from auditor.rules import load_ruleset
from auditor.runs.crawl import start_crawl
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest, AuditSummary

CAPTURES = (1, 2)
"""The platform is crawled as it was before and after some accounts changed their names."""

DUTIES = {
    "controller": "Auditor demo",
    "contact": "demo@example.org",
    "legal_basis": "the platform is our own and fictional",
    "privacy_notice": "https://example.org/privacy",
}


def run_demo(
    directory: Path, settings: Settings, screen: Screen, *, keep_serving: bool = False
) -> AuditSummary:
    """Serve, crawl, audit and report; the run directory also keeps the database.

    Raises:
        AuditorError: the crawl of the demo platform was not complete.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    database = directory.with_name(f"{directory.name}.db")
    db = f"sqlite:///{database}"
    with DemoPlatform() as platform:
        screen.say(f"the platform 榕树广场 is served at {platform.url}")
        for capture in CAPTURES:
            platform.show_capture(capture)
            crawl_platform(platform, db, screen, capture)
        request = AuditRequest(
            out=directory,
            now=datetime.now(UTC),
            rules=rule_directories(settings),
            references=(*reference_directories(settings), demo_references()),
            db=db,
            language=settings.lang,
            workers=settings.workers,
            memory_mib=settings.memory,
            command=("demo",),
        )
        with screen.progress() as progress:
            summary = audit(request, progress)
        tell(screen, request, summary, database)
        if keep_serving:
            serve_on(platform, screen)
    return summary


def crawl_platform(platform: DemoPlatform, db: str, screen: Screen, capture: int) -> None:
    """Crawl one capture with the real spider; no delay, since the platform is our own."""
    started = time.monotonic()
    summary = start_crawl(
        CrawlSettings(
            spider="profiles",
            targets=demo_targets(platform.url),
            db=db,
            delay_seconds=0,
            allow_private=True,
            log_level="WARNING",
            **DUTIES,
        )
    )
    fetched = sum(row.fetched for row in summary.sources)
    seconds = time.monotonic() - started
    screen.say(f"capture {capture}: {fetched} profiles crawled in {seconds:.1f} s")
    if summary.exit_code != 0:
        raise AuditorError(
            f"the crawl of the demo platform ended with status {summary.exit_code}", "demo"
        )


def tell(screen: Screen, request: AuditRequest, summary: AuditSummary, database: Path) -> None:
    """Print items × findings, where the report is, and three commands to try next."""
    screen.items_table(load_ruleset(request.rules).notices, summary.findings_by_item)
    counts = summary.counts
    screen.say(
        f"{counts.get('accounts', 0)} accounts, {counts.get('posts', 0)} posts, "
        f"{counts.get('findings', 0)} findings for a person to review"
    )
    screen.say(f"open {request.out / 'report.html'}")
    screen.say("next:")
    references = request.references[-1]
    screen.say(f"  auditor explain ACCOUNT --db sqlite:///{database} --references {references}")
    screen.say(f"  auditor report {request.out} --lang en --format html")
    screen.say("  auditor rules list")


def serve_on(platform: DemoPlatform, screen: Screen) -> None:
    """Go on serving until interrupted."""
    screen.say(f"serving {platform.url}; end with Ctrl-C")
    threading.Event().wait()
