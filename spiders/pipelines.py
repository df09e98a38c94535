"""Every value goes to the store as it comes, so that an interrupted crawl loses one at most."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy.crawler import Crawler

from auditor.model import Account, FetchOutcome, Post
from spiders.state import CrawlState, state_of


class StorePipeline:
    """Commits accounts, posts and ledger lines one by one, in the order they were yielded."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._state: CrawlState = state_of(crawler)
        self._stopping: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for one crawl."""
        return cls(crawler)

    def process_item(self, item: Account | Post | FetchOutcome) -> Account | Post | FetchOutcome:
        """Keep one value; a store that fails stops the crawl."""
        try:
            self._keep(item)
        except Exception as fault:
            self._stop(fault)
            raise
        return item

    def _keep(self, item: Account | Post | FetchOutcome) -> None:
        state = self._state
        match item:
            case Account(key=key) if key in state.settings.opted_out:
                state.left_out.add(key)
            case Post(account_key=key) if key in state.settings.opted_out:
                state.left_out.add(key)
            case Account():
                state.changed += state.store.save_account(item)
                state.accounts += 1
            case Post():
                state.changed += state.store.save_posts([item])
                state.posts += 1
            case FetchOutcome():
                state.store.record_outcome(item)
                state.ended[item.target] = item

    def _stop(self, fault: Exception) -> None:
        # Later faults follow from the first one, which is what a person must hear of.
        if self._state.fault is None:
            self._state.fault = fault
            self._state.closing = True
            self._stopping = asyncio.ensure_future(self._crawler.stop_async())
