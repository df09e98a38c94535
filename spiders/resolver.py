"""Name lookups whose answers are judged before anything connects to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import Settings
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

from auditor.collection.addresses import AddressGuard
from spiders.refusals import Refused


class GuardedResolver(CachingThreadedResolver):
    """Refuses addresses that the targets do not name, on the answer the connection will use."""

    guard: AddressGuard

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build from settings; Scrapy hands over the process here, which holds the same ones."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.guard = guard_of(crawler.settings)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Look a name up; fails with ``Refused`` when its address may not be asked."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._judged, name)

    def _judged(self, address: str, name: str) -> str:
        if reason := self.guard.address_refusal(name, address):
            raise Refused("address_refused", reason)
        return address


def guard_of(settings: Settings) -> AddressGuard:
    """Return the address guard that the settings describe."""
    return AddressGuard(
        settings.getbool("AUDITOR_ALLOW_PRIVATE"),
        frozenset(settings.getlist("AUDITOR_NAMED_ORIGINS")),
    )
