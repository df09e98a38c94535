"""robots.txt, obeyed by every request that asks for a page.

Scrapy 2.14 to 2.19 lets all but the first two of the requests pass that wait for one robots.txt:
they share a Deferred whose result the first waiter takes away. Here they share a task, whose
result every waiter gets. Scrapy also takes a 503 for leave and does not apply Crawl-delay.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from auditor.collection.addresses import host_of
from auditor.collection.robots import Robots, read_robots, unreachable
from spiders.refusals import Refused
from spiders.state import CrawlState, state_of

log = logging.getLogger(__name__)

ROBOTS_REQUEST = "auditor_robots"
"""Key in the meta of a request that fetches robots.txt itself."""


class RobotsMiddleware:
    """Asks each origin for its robots.txt once a day and holds every request to it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._state: CrawlState = state_of(crawler)
        self._asked: dict[str, asyncio.Task[Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request through, or raise.

        Raises:
            Refused: ``robots_refused``, or what became of the request for robots.txt, or
                ``blocked`` when the asked gap is too long to keep.
        """
        if request.meta.get(ROBOTS_REQUEST):
            return
        # Shielded: a request that is given up must not take the answer from the others.
        robots = await asyncio.shield(self._answer(request.url))
        request.meta["robots_state"] = robots.state
        request.meta["robots_sha256"] = robots.sha256
        self._keep_gap(host_of(request.url), robots.crawl_delay_seconds)
        if not robots.allows(request.url):
            reason = "no answer" if robots.state == "unreachable" else "disallowed"
            raise Refused("robots_refused", f"robots.txt: {reason}")

    def _answer(self, url: str) -> asyncio.Task[Robots]:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        task = self._asked.get(origin)
        if task is None or _is_stale(task):
            task = asyncio.ensure_future(self._fetch_robots(origin))
            self._asked[origin] = task
        return task

    async def _fetch_robots(self, origin: str) -> Robots:
        request = Request(
            f"{origin}/robots.txt",
            priority=1000,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={ROBOTS_REQUEST: True},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Refused:
            raise  # the host may not be asked for anything, so that is what its pages get to hear
        except Exception as fault:  # noqa: BLE001 - whatever failed, there was no answer
            log.warning("no robots.txt of %s: %s", origin, fault)
            return unreachable(datetime.now(UTC))
        return read_robots(response.status, response.body, datetime.now(UTC))

    def _keep_gap(self, host: str, asked_seconds: float | None) -> None:
        if asked_seconds is None:
            return
        if asked_seconds > self._state.settings.max_wait_seconds:
            raise self._state.block(host, f"robots.txt asks for {asked_seconds:.0f} s between two")
        self._state.pace(host).lengthen(asked_seconds)


def _is_stale(task: asyncio.Task[Robots]) -> bool:
    if not task.done() or task.exception() is not None:
        return False
    return not task.result().is_fresh(datetime.now(UTC))
