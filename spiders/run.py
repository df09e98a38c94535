"""One crawl in a process of its own: settings as JSON on stdin, the summary as JSON on stdout.

Scrapy ends with status 0 whatever happened (scrapy#1231), so nothing of its status is used: the
summary says what was done, and the exit status follows from that (docs/exit-codes.md).
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from pydantic import ValidationError
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

import auditor
from auditor.collection.addresses import AddressGuard, host_of
from auditor.collection.fuse import Challenges, read_challenges
from auditor.collection.health import Health, failed_sources, source_rows
from auditor.collection.resume import past, plan_digest
from auditor.collection.targets import url_of
from auditor.errors import AuditorError, InputError, UsageError
from auditor.model import CrawlSettings, CrawlSummary
from auditor.store import Store, open_store
from spiders import settings as house
from spiders.lock import held_lock
from spiders.state import CrawlState, attach

log = logging.getLogger(__name__)

_CHALLENGES = "collection/challenge_pages.csv"
_FAILURES_SHOWN = 50


def crawl(settings: CrawlSettings) -> CrawlSummary:
    """Run one crawl to its end and say how it went; may be called once in a process.

    Raises:
        AuditorError: nothing was begun (usage, lock, database).
    """
    house.check_duties(settings)
    known = Settings()
    known.setmodule(house)
    loader = SpiderLoader.from_settings(known)
    if settings.spider not in loader.list():
        raise UsageError(f"no spider {settings.spider}; there are: {', '.join(loader.list())}")
    with held_lock(settings.db, settings.spider):
        store = open_store(settings.db)
        try:
            return _crawl(settings, known, store)
        finally:
            store.close()


def _crawl(settings: CrawlSettings, known: Settings, store: Store) -> CrawlSummary:
    state = _state(settings, store)
    plan = plan_digest(settings.spider, settings.targets)
    if not state.past.run_id:
        store.record_outcome(state.line("run", "started", reason=plan))
    stopped = _run_scrapy(state, known)
    # Without this line the crawl counts as interrupted, and the next run goes on with it.
    if not stopped and state.fault is None:
        store.record_outcome(state.line("run", "finished", reason=plan))
    summary = _summary(state, interrupted=stopped)
    if state.fault is None:
        store.save_crawl(summary)
    return summary


def _state(settings: CrawlSettings, store: Store) -> CrawlState:
    now = datetime.now(UTC)
    lines = store.list_outcomes(settings.spider)
    plan = plan_digest(settings.spider, settings.targets)
    # Read to its end before anything is written: the ledger grows while the crawl runs.
    before = past(lines, plan, now, timedelta(days=settings.reread_days))
    urls = [url_of(row.target, allow_private=settings.allow_private) for row in settings.targets]
    return CrawlState(
        settings=settings,
        run_id=before.run_id or f"crawl-{settings.spider}-{now:%Y%m%dT%H%M%S%fZ}",
        store=store,
        guard=AddressGuard.of(urls, allow_private=settings.allow_private),
        challenges=load_challenges(),
        past=before,
        ended=dict(before.ended),
    )


def load_challenges() -> Challenges:
    """Load the shipped marks of challenge pages.

    Raises:
        InputError: the file is missing from the installation.
    """
    package = Path(auditor.__file__).parent
    for rulesets in (package / "rulesets", package.parent / "rulesets"):
        file = rulesets / _CHALLENGES
        if file.is_file():
            return read_challenges(file.read_text(encoding="utf-8"), f"rulesets/{_CHALLENGES}")
    raise InputError("is missing from the installation", f"rulesets/{_CHALLENGES}")


def _run_scrapy(state: CrawlState, known: Settings) -> bool:
    known.setdict(house.overrides(state.settings, state.guard.named), priority="cmdline")
    process = AsyncCrawlerProcess(known)
    crawler = process.create_crawler(state.settings.spider)
    attach(crawler, state)
    stopped: list[int] = []

    def _on_signal(signum: int, _frame: FrameType | None) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - installed by the crawler

        stopped.append(signum)
        state.closing = True
        signal.signal(signum, signal.SIG_DFL)  # a second one ends the process at once
        reactor.callFromThread(lambda: asyncio.ensure_future(_stop(process, crawler)))

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, _on_signal)
    # Scrapy's own handlers would hide from us that the crawl was interrupted.
    process.crawl(crawler)
    process.start(install_signal_handlers=False)
    return bool(stopped)


async def _stop(process: AsyncCrawlerProcess, crawler: Crawler) -> None:
    # Requests that wait for their turn are given up at once, not each after its delay.
    for slot in crawler.engine.downloader.slots.values():
        slot.delay = 0.0
    await process.stop()


def _summary(state: CrawlState, *, interrupted: bool) -> CrawlSummary:
    settings = state.settings
    sources = {
        row.target: host_of(url_of(row.target, allow_private=settings.allow_private))
        for row in settings.targets
    }
    lines = [line for line in state.ended.values() if line.target in sources]
    ends = Counter(line.outcome for line in lines)
    rows = source_rows(sources, lines)
    health = Health(
        planned=len(settings.targets),
        fetched=ends["fetched"],
        opted_out=ends["opted_out"],
        failed_sources=failed_sources(rows),
        unreadable=state.unreadable,
        interrupted=interrupted,
    )
    code = health.exit_code(settings.floor_ratio)
    failures = [line for line in lines if line.outcome not in ("fetched", "opted_out")]
    return CrawlSummary(
        exit_code=code if state.fault is None or interrupted else _fault_code(state.fault),
        run_id=state.run_id,
        spider=settings.spider,
        reason=_reason(state, interrupted=interrupted),
        accounts=state.accounts,
        posts=state.posts,
        changed=state.changed,
        unreadable=state.unreadable,
        opted_out=ends["opted_out"] + len(state.left_out),
        resumed=len(state.past.ended),
        sources=rows,
        failures=tuple(failures[:_FAILURES_SHOWN]),
    )


def _reason(state: CrawlState, *, interrupted: bool) -> str:
    if interrupted:
        return "interrupted; what was collected is kept, run it again to go on"
    return f"stopped: {state.fault}" if state.fault is not None else ""


def _fault_code(fault: Exception) -> int:
    return fault.exit_code if isinstance(fault, AuditorError) else AuditorError.exit_code


def _end_with_parent() -> None:
    # A crawl whose caller was killed would hold its lock for hours. prctl(2), PR_SET_PDEATHSIG;
    # being killed costs nothing, since every value is committed as it comes.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def main() -> int:
    """Read settings from stdin, crawl, write the summary to stdout, return the exit status."""
    _end_with_parent()
    try:
        settings = CrawlSettings.model_validate_json(sys.stdin.buffer.read())
        summary = crawl(settings)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))
        summary = CrawlSummary(exit_code=2, reason=f"settings: {where}: {first['msg']}")
    except AuditorError as fault:
        summary = CrawlSummary(exit_code=fault.exit_code, reason=str(fault))
    sys.stdout.write(summary.model_dump_json() + "\n")
    return summary.exit_code


if __name__ == "__main__":
    sys.exit(main())
