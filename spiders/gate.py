"""The last step before the wire, through which every request passes: robots, redirects, retries."""

from __future__ import annotations

from typing import cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.base import ReactorBase
from twisted.internet.error import DNSLookupError

from auditor.collection.addresses import host_of, literal_address
from spiders.refusals import Refused
from spiders.state import CrawlState, state_of


def _reactor() -> ReactorBase:
    # Imported when it is used: whoever imports it first installs it.
    from twisted.internet import reactor  # noqa: PLC0415

    return cast("ReactorBase", reactor)


class Gate(HTTP11DownloadHandler):
    """Asks a host one thing at a time, no sooner than its pace allows, and writes down each answer.

    The waiting is done here and not in a middleware, because Scrapy's own delay knows neither
    Retry-After nor Crawl-delay, and a slow answer lets two waiting requests out at once.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._state: CrawlState = state_of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Make one request in its turn.

        Raises:
            Refused: the address may not be asked, or the host is left alone.
        """
        host = host_of(request.url)
        await self._look_up(request, host)
        async with self._state.turn(host):
            response = await super().download_request(request)
        self._state.record_page(request, response)
        return response

    async def _look_up(self, request: Request, host: str) -> None:
        # Twisted drops the reason for which a lookup was refused, so it is asked for here first;
        # the connection asks the same resolver, which judges its answer again.
        if literal_address(host) is not None:
            return
        try:
            address = await maybe_deferred_to_future(_reactor().resolve(host))
        except DNSLookupError:
            return  # the connection fails the same way, with the error that Scrapy retries
        via = request.meta.get("redirect_urls")
        if via and (reason := self._state.guard.crossing_refusal(request.url, via[-1], address)):
            raise Refused("address_refused", reason)
