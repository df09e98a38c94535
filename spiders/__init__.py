"""The only place that knows Scrapy: requests, page readers, and the manners of asking."""
