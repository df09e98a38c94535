"""The first step of a request: may this address be asked at all."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from auditor.collection.addresses import host_of
from spiders.refusals import Refused
from spiders.state import CrawlState, state_of


class DoorMiddleware:
    """Refuses private addresses, hosts that turned the crawl away, and redirects to login pages."""

    def __init__(self, state: CrawlState) -> None:
        self._state = state

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for one crawl."""
        return cls(state_of(crawler))

    def process_request(self, request: Request) -> None:
        """Let a request through, or raise.

        Raises:
            Refused: ``address_refused`` or ``blocked``.
        """
        # The last address is the one that redirected here; an earlier one has been judged already.
        via = request.meta.get("redirect_urls") or [None]
        if reason := self._state.guard.refusal(request.url, via[-1]):
            raise Refused("address_refused", reason)
        self._state.check_host(host_of(request.url))
        if via[-1] is not None and self._state.challenges.is_door(request.url):
            raise self._state.block(host_of(via[-1]), f"redirected to {request.url[:200]}")
