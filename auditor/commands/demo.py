"""``auditor demo``: serve the fictional platform, crawl it twice, audit the store, report."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from auditor.commands.words import Lang, check_words
from auditor.config import Settings, load_settings, reference_directories, rule_directories
from auditor.console import Screen
from auditor.demo import REFERENCES, DemoServer, Platform, read_platform, targets
from auditor.errors import AuditorError
from auditor.model import CrawlSettings
from auditor.runs.crawl import start_crawl
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest, AuditSummary

CAPTURES = (1, 2)
"""The platform is crawled as it was before and after some accounts changed their names."""


def run_demo_command(out: Path | None, *, keep_serving: bool, lang: Lang, quiet: bool) -> int:
    """Serve, crawl, audit and report; the database is kept beside the run directory.

    Raises:
        AuditorError: the crawl of the demo platform was not complete.
    """
    check_words(out)
    settings = load_settings(lang=lang)
    now = datetime.now(UTC)
    screen = Screen(quiet=quiet)
    directory = out if out is not None else Path("output") / now.strftime("demo-%Y%m%dT%H%M%SZ")
    directory.parent.mkdir(parents=True, exist_ok=True)
    db = f"sqlite:///{directory.with_name(f'{directory.name}.db')}"
    platform = read_platform()
    with DemoServer(platform) as server:
        screen.say(f"the fictional platform 榕树广场 is served at {server.base_url}")
        for capture in CAPTURES:
            platform.show_capture(capture)
            crawl_platform(platform, server.base_url, db, screen)
        request = demo_request(directory, now, db, settings)
        with screen.progress() as progress:
            summary = audit(request, progress)
        tell(screen, request, summary)
        if keep_serving:
            screen.say(f"serving {server.base_url}; end with Ctrl-C")
            server.wait()
    sys.stdout.write(f"{directory}\n")
    return summary.exit_code


def demo_request(directory: Path, now: datetime, db: str, settings: Settings) -> AuditRequest:
    """Return the run over the demo's store, with the invented bodies as references."""
    return AuditRequest(
        out=directory,
        now=now,
        rules=rule_directories(settings),
        references=(*reference_directories(settings), REFERENCES),
        db=db,
        language=settings.lang,
        workers=1,
        memory_mib=settings.memory,
        command=("demo",),
    )


def crawl_platform(platform: Platform, base_url: str, db: str, screen: Screen) -> None:
    """Crawl one capture with the real spider; no delay, since the platform is our own."""
    started = time.monotonic()
    summary = start_crawl(
        CrawlSettings(
            spider="profiles",
            targets=targets(base_url, platform),
            db=db,
            delay_seconds=0,
            allow_private=True,
            log_level="WARNING",
            controller="Auditor demo",
            contact="demo@example.org",
            legal_basis="the platform is fictional and our own",
            privacy_notice="https://example.org/privacy",
        )
    )
    seconds = time.monotonic() - started
    screen.say(f"capture {platform.capture}: {summary.accounts} profiles in {seconds:.1f} s")
    if summary.exit_code != 0:
        reason = summary.reason or f"status {summary.exit_code}"
        raise AuditorError(f"the crawl of the demo platform was not complete: {reason}", "demo")


def tell(screen: Screen, request: AuditRequest, summary: AuditSummary) -> None:
    """Print items × findings, where the report is, and three commands to try next."""
    screen.items_table(summary.notices, summary.findings_by_item)
    counts = summary.counts
    screen.say(
        f"{counts.get('accounts', 0)} accounts, {counts.get('posts', 0)} posts, "
        f"{counts.get('findings', 0)} findings for a person to review"
    )
    references = Path(os.path.relpath(REFERENCES))
    screen.say(f"open {request.out / 'report.html'}; then try:")
    explain = ["explain", "banyan:1011", "--db", str(request.db), "--references", str(references)]
    for words in (
        explain,
        ["report", str(request.out), "--format", "html", "--lang", "en"],
        ["rules", "show", "name-look-alike"],
    ):
        screen.show_command(shlex.join((program(), *words)))


def program() -> str:
    """Return how this command was called: by name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    return "auditor" if shutil.which("auditor") or called.name != "auditor" else str(called)
