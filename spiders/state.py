"""What the parts of one crawl share: who was asked when, what was refused, what was kept."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from auditor.collection.addresses import AddressGuard, host_of
from auditor.collection.fuse import Challenges
from auditor.collection.pace import HostPace
from auditor.collection.resume import Past
from auditor.model import Account, CrawlSettings, FetchOutcome, Post, Target
from auditor.model.crawl import RobotsState
from spiders.refusals import Refused

_NAP_SECONDS = 0.5
"""Longest sleep without asking whether the crawl is being stopped."""


class CrawlStore(Protocol):
    """The part of the store that a crawl uses."""

    def save_account(self, account: Account) -> bool:
        """Keep a profile; true when something changed."""

    def save_posts(self, posts: Iterable[Post]) -> int:
        """Keep posts; the number new or changed."""

    def record_outcome(self, outcome: FetchOutcome) -> None:
        """Add a line to the ledger."""

    def list_outcomes(self, spider: str) -> Iterator[FetchOutcome]:
        """Yield the ledger of a spider, oldest line first."""


@dataclass
class CrawlState:
    """One crawl under way.

    ``left_out`` holds accounts of the opt-out list that were met and not kept. ``ended`` holds the
    last line of every target that came to an end; ``fault`` is the error that
    stopped the crawl, if one did.
    """

    settings: CrawlSettings
    run_id: str
    store: CrawlStore
    guard: AddressGuard
    challenges: Challenges
    past: Past
    ended: dict[str, FetchOutcome] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    closing: bool = False
    fault: Exception | None = None
    accounts: int = 0
    posts: int = 0
    changed: int = 0
    unreadable: int = 0
    left_out: set[str] = field(default_factory=set)
    _paces: dict[str, HostPace] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def pending(self) -> tuple[Target, ...]:
        """Targets that have not come to an end yet."""
        return tuple(target for target in self.settings.targets if target.target not in self.ended)

    def pace(self, host: str) -> HostPace:
        """Return the time budget of a host."""
        return self._paces.setdefault(host, HostPace(self.settings.delay_seconds))

    def block(self, host: str, reason: str) -> Refused:
        """Leave a host alone for the rest of this crawl; returns what to raise."""
        self.blocked.setdefault(host, reason)
        return Refused("blocked", reason)

    def check_host(self, host: str) -> None:
        """Raise when a host may not be asked any more.

        Raises:
            Refused: the crawl is being stopped, or the host turned it away.
        """
        if self.closing:
            raise Refused("failed", "the crawl was stopped")
        if host in self.blocked:
            raise Refused("blocked", f"{host} is left alone: {self.blocked[host]}")

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this request's turn at a host; only one holds it at a time.

        Raises:
            Refused: the crawl was stopped or the host turned it away in the meantime.
        """
        async with self._locks.setdefault(host, asyncio.Lock()):
            pace = self.pace(host)
            self.check_host(host)
            while wait := pace.wait_seconds(monotonic()):
                await asyncio.sleep(min(wait, _NAP_SECONDS))
                self.check_host(host)
            try:
                yield
            finally:  # a request that failed was a request, too
                pace.answered(monotonic(), random.random())  # noqa: S311 - manners, not secrets

    def line(self, subject: str, outcome: str, **given: object) -> FetchOutcome:
        """Return a line for the ledger of this crawl, as of now."""
        return FetchOutcome.model_validate(
            {
                "run_id": self.run_id,
                "spider": self.settings.spider,
                "subject": subject,
                "outcome": outcome,
                "at": datetime.now(UTC),
                **given,
            }
        )

    def record_page(self, request: Request, response: Response) -> None:
        """Add a line about one answer, as it came off the wire."""
        robots: RobotsState | None = request.meta.get("robots_state")
        page = self.line(
            "page",
            "fetched" if response.status < 400 else "failed",
            target=request.meta.get("target", ""),
            host=host_of(request.url),
            url=request.url,
            status=response.status,
            robots=robots,
            robots_sha256=request.meta.get("robots_sha256"),
            payload_sha256=hashlib.sha256(response.body).hexdigest(),
        )
        self.store.record_outcome(page)


# Settings are copied by value, so what components share hangs on the crawler itself.
_STATES: WeakKeyDictionary[Crawler, CrawlState] = WeakKeyDictionary()


def attach(crawler: Crawler, state: CrawlState) -> None:
    """Give a crawler its state; its components find it through ``state_of``."""
    _STATES[crawler] = state


def state_of(crawler: Crawler) -> CrawlState:
    """Return the state that was attached to a crawler."""
    return _STATES[crawler]
