"""The same targets asked for by Scrapy with its own settings: what the house's parts are against.

Reads addresses from stdin, one a line. robots.txt is switched on, as new projects do.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class StockSpider(scrapy.Spider):
    """Asks for pages and does nothing with them."""

    name = "stock"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield a request for every line of stdin."""
        for line in sys.stdin:
            yield scrapy.Request(line.strip(), callback=self.parse, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Do nothing with an answer."""
        del response


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    process = AsyncCrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": 0.05,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_TIMEOUT": 1,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    process.crawl(StockSpider)
    process.start()
