"""What an answer says about being asked again: come later, or do not come."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from auditor.collection.addresses import host_of
from auditor.collection.fuse import refused_by_status
from auditor.collection.pace import retry_after_seconds
from spiders.middlewares.robots import ROBOTS_REQUEST
from spiders.state import CrawlState, state_of

_BUSY = (429, 503)


class AnswersMiddleware:
    """Keeps Retry-After, and leaves a host alone that turns the crawl away.

    Scrapy's retry knows no Retry-After (scrapy#3849) and would ask again at once. Nothing is ever
    asked again under another name: a refusal is an outcome, not an obstacle.
    """

    def __init__(self, state: CrawlState, retry_times: int) -> None:
        self._state = state
        self._retry_times = retry_times

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for one crawl."""
        return cls(state_of(crawler), crawler.settings.getint("RETRY_TIMES"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass an answer on, or raise.

        Raises:
            Refused: ``blocked``, and the host is left alone from here on.
        """
        host = host_of(request.url)
        header = response.headers.get("Retry-After")
        retry_after = header.decode("latin-1") if header else None
        if response.status in _BUSY:
            self._park(host, retry_after)
        if request.meta.get(ROBOTS_REQUEST):
            # Any status of robots.txt has a meaning of its own (RFC 9309, section 2.3.1).
            return response
        if reason := self._refusal(request, response, retry_after):
            raise self._state.block(host, reason)
        return response

    def _park(self, host: str, retry_after: str | None) -> None:
        seconds = retry_after_seconds(retry_after, datetime.now(UTC))
        if seconds is None:
            return
        if seconds > self._state.settings.max_wait_seconds:
            raise self._state.block(host, f"asks to come back in {seconds:.0f} s")
        self._state.pace(host).park(monotonic() + seconds)

    def _refusal(self, request: Request, response: Response, retry_after: str | None) -> str | None:
        if reason := refused_by_status(response.status, retry_after):
            return reason
        if response.status == 429 and request.meta.get("retry_times", 0) >= self._retry_times:
            return "HTTP 429 again after waiting as asked"
        if isinstance(response, TextResponse) and (
            mark := self._state.challenges.mark_of(response.text)
        ):
            return f"a challenge page: {mark}"
        return None
