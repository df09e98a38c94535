"""The deciding parts of a crawl, pure and without Scrapy: whom to ask, how often, when to stop."""
