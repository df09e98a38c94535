"""What the spiders have in common: one walk a target, and one outcome at its end."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import ValidationError
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from auditor.collection.addresses import host_of, origin_of
from auditor.collection.walk import Walk
from auditor.model import Account, FetchOutcome, Post, Target
from auditor.model.crawl import CrawlOutcome
from spiders.refusals import Refused
from spiders.state import CrawlState, state_of

log = logging.getLogger(__name__)

Yields = Iterator[Account | Post | FetchOutcome | Request]


@dataclass(frozen=True, slots=True)
class Page:
    """The posts of one page; ``unreadable`` says why others on it could not be kept.

    ``next_url`` is the page that follows; posts whose id is ``pinned`` stand out of order.
    """

    posts: tuple[Post, ...]
    next_url: str | None = None
    pinned: frozenset[str] = frozenset()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Errand:
    """What a request is made for: whose walk it belongs to and how far that has come."""

    target: Target
    walk: Walk
    account: Account | None = None


class TargetSpider(Spider):
    """Walks through targets; a spider of a site says how to begin and how to read."""

    state: CrawlState

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build for one crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.state = state_of(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first request of every target that has not come to its end."""
        for target in self.state.pending:
            known = self.state.past.known_until.get(target.target)
            yield self.first_request(Errand(target, Walk(known)))

    def first_request(self, errand: Errand) -> Request | FetchOutcome:
        """Return the request with which a target's walk begins."""
        raise NotImplementedError

    def ask(
        self, url: str, errand: Errand, callback: Callable[[Response, Errand], Yields]
    ) -> Request:
        """Return a request that belongs to a target; its failure becomes the target's outcome."""
        return Request(
            url,
            callback=self._read,
            errback=self._refused,
            cb_kwargs={"errand": errand, "callback": callback},
            meta={"target": errand.target.target},
            # Two targets may name one page; filtered out, the second would have no outcome.
            dont_filter=True,
        )

    def walk_on(
        self, errand: Errand, page: Page, callback: Callable[[Response, Errand], Yields]
    ) -> Yields:
        """Yield the posts of a page, then the next page or the end of the walk."""
        for reason in page.unreadable:
            log.warning("%s: a post was not kept: %s", errand.target.target, reason)
        self.state.unreadable += len(page.unreadable)
        yield from page.posts
        walk = errand.walk.after(page.posts, page.pinned)
        errand = replace(errand, walk=walk)
        if page.next_url is None or walk.all_known:
            yield self.end(errand, "fetched", _unread(page.unreadable))
        # Bounded, because a site can link pages in a circle or make them up without end.
        elif walk.pages >= self.state.settings.max_pages:
            yield self.end(errand, "fetched", f"stopped after {walk.pages} pages")
        else:
            yield self.ask(page.next_url, errand, callback)

    def end(self, errand: Errand, outcome: CrawlOutcome, reason: str = "") -> FetchOutcome:
        """Return the line that ends a target's walk."""
        return self.state.line(
            "target",
            outcome,
            target=errand.target.target,
            reason=reason[:500],
            newest_post_at=errand.walk.newest_post_at,
            oldest_post_at=errand.walk.oldest_post_at,
        )

    def unreadable(self, response: Response, errand: Errand, missing: str) -> FetchOutcome:
        """Return the outcome of a page that lacks what was asked for.

        A page that asks to prove something is no empty profile: its host is left alone.
        """
        text = response.text if isinstance(response, TextResponse) else ""
        mark = self.state.challenges.likely_mark_of(text)
        if mark is None:
            return self.end(errand, "failed", missing)
        refused = self.state.block(host_of(response.url), f"a challenge page: {mark}")
        return self.end(errand, refused.outcome, refused.reason)

    def _read(
        self,
        response: Response,
        errand: Errand,
        callback: Callable[[Response, Errand], Yields],
    ) -> Yields:
        try:
            yield from callback(response, errand)
        except Exception as fault:
            log.warning("%s could not be read", response.url, exc_info=True)
            yield self.end(errand, "failed", f"{response.url}: {_short(fault)}")

    def _refused(self, failure: Failure) -> Iterator[FetchOutcome]:
        request: Request = failure.request  # type: ignore[attr-defined]
        errand: Errand = request.cb_kwargs["errand"]
        fault = failure.value
        if isinstance(fault, Refused):
            yield self.end(errand, fault.outcome, fault.reason)
        elif isinstance(fault, HttpError):
            yield self.end(errand, "failed", f"HTTP {fault.response.status}")
        else:
            refused = _cause(fault)
            outcome: CrawlOutcome = refused.outcome if refused else "failed"
            yield self.end(errand, outcome, refused.reason if refused else _short(fault))


def same_origin(url: str | None, page_url: str) -> str | None:
    """Return ``url`` if it is on the origin of the page it stands on, else ``None``."""
    if not url or urlsplit(url).scheme not in ("http", "https"):
        return None
    return url if origin_of(url) == origin_of(page_url) else None


def now() -> datetime:
    """Return the time of a fetch."""
    return datetime.now(UTC)


def _unread(reasons: Collection[str]) -> str:
    return f"{len(reasons)} posts could not be read" if reasons else ""


def _cause(fault: BaseException | None) -> Refused | None:
    # A lookup that was refused arrives wrapped in the error of the connection it prevented.
    while fault is not None and not isinstance(fault, Refused):
        fault = fault.__cause__ or fault.__context__
    return fault


def _short(fault: BaseException | None) -> str:
    if isinstance(fault, ValidationError):
        first = fault.errors()[0]
        return f"{fault.title} {'.'.join(map(str, first['loc']))}: {first['msg']}"[:300]
    return f"{type(fault).__name__}: {fault}".split("\n")[0][:300]
