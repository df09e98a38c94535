"""Requests that are not made, or answers that are not used, and the outcome that is recorded."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from auditor.model.crawl import CrawlOutcome


class Refused(IgnoreRequest):
    """A request that ends with a known outcome instead of a page."""

    def __init__(self, outcome: CrawlOutcome, reason: str) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome: CrawlOutcome = outcome
        self.reason = reason
