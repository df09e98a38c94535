"""How the crawler behaves: slowly, under its own name, and only where it may."""

from __future__ import annotations

from urllib.parse import quote

import auditor
from auditor.collection.robots import PRODUCT
from auditor.errors import UsageError
from auditor.model import CrawlSettings

BOT_NAME = PRODUCT
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# Our own robots middleware obeys robots.txt; Scrapy's lets requests slip (spiders/middlewares).
ROBOTSTXT_OBEY = False
DOWNLOADER_MIDDLEWARES = {
    "spiders.middlewares.door.DoorMiddleware": 10,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.middlewares.robots.RobotsMiddleware": 100,
    "spiders.middlewares.answers.AnswersMiddleware": 585,
}
DOWNLOAD_HANDLERS = {"http": "spiders.gate.Gate", "https": "spiders.gate.Gate"}
TWISTED_DNS_RESOLVER = "spiders.resolver.GuardedResolver"
ITEM_PIPELINES = {"spiders.pipelines.StorePipeline": 100}

CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0.0  # Scrapy's jitter also shortens; the gate adds one that only lengthens
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False
# A proxy of the environment would connect for us, past the address guard.
HTTPPROXY_ENABLED = False
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True

DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 408, 429]
URLLENGTH_LIMIT = 2083
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False  # the summary says what a person needs
WARN_ON_GENERATOR_RETURN_VALUE = False  # reads the source of a callback at every answer

_DUTIES = {
    "controller": "AUDITOR_CONTROLLER",
    "contact": "AUDITOR_CONTACT",
    "legal_basis": "AUDITOR_LEGAL_BASIS",
    "privacy_notice": "AUDITOR_PRIVACY_NOTICE",
}


def check_duties(settings: CrawlSettings) -> None:
    """Refuse a crawl for which nobody answers.

    Raises:
        UsageError: controller, contact, legal basis or privacy notice is not set.
    """
    missing = [
        f"{name} ({variable})"
        for name, variable in _DUTIES.items()
        if not getattr(settings, name).strip()
    ]
    if missing:
        raise UsageError(f"a crawl needs {', '.join(missing)}; set them in auditor.toml")


def user_agent(settings: CrawlSettings) -> str:
    """Return the name under which the crawl asks: product, who, on what basis, how to reach them.

    Header fields are ASCII (RFC 9110, section 5.5), so other characters are percent-encoded.
    """
    told = (
        f"+{_plain(settings.privacy_notice)}",
        _plain(settings.controller),
        _plain(settings.contact),
        _plain(settings.legal_basis),
    )
    return f"{PRODUCT}/{auditor.__version__} ({'; '.join(told)})"


def overrides(settings: CrawlSettings, named_origins: frozenset[str]) -> dict[str, object]:
    """Return the Scrapy settings that one crawl sets for itself."""
    return {
        "USER_AGENT": user_agent(settings),
        "DOWNLOAD_DELAY": settings.delay_seconds,
        "AUTOTHROTTLE_START_DELAY": settings.delay_seconds,
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        "DNS_TIMEOUT": settings.timeout_seconds,
        "LOG_LEVEL": settings.log_level,
        "AUDITOR_ALLOW_PRIVATE": settings.allow_private,
        "AUDITOR_NAMED_ORIGINS": sorted(named_origins),
    }


def _plain(text: str) -> str:
    return quote(" ".join(text.split()), safe=" !#$&'*+,-./:=?@_~%")
