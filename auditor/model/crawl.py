"""What a crawl is asked to do, and what it leaves in the ledger."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from auditor.model.run import SourceRow
from auditor.model.values import Instant, Text, Value

Subject = Literal["page", "target", "run"]
CrawlOutcome = Literal[
    "fetched",
    "blocked",
    "robots_refused",
    "address_refused",
    "opted_out",
    "failed",
    "started",
    "finished",
]
RobotsState = Literal["allowed", "no_file", "denied", "unreachable"]


class Target(Value):
    """One line of the targets file: a page URL, a feed URL or ``handle@host``."""

    target: Annotated[Text, Field(min_length=1, max_length=2_000)]
    platform: Text | None = None


class FetchOutcome(Value):
    """One line of the crawl ledger; lines are only ever added.

    ``subject`` says what the line is about: one ``page``, one ``target`` (its whole walk) or the
    ``run``. A target is ``fetched`` only when its walk came to its end; ``newest_post_at`` and
    ``oldest_post_at`` are then the span of the posts that the walk saw.
    """

    run_id: Text
    spider: Text
    subject: Subject
    outcome: CrawlOutcome
    at: Instant
    target: Text = ""
    host: Text = ""
    url: Text = ""
    status: int | None = None
    reason: Text = ""
    robots: RobotsState | None = None
    robots_sha256: Text | None = None
    payload_sha256: Text | None = None
    newest_post_at: Instant | None = None
    oldest_post_at: Instant | None = None


class CrawlSettings(Value):
    """All that a crawl needs to know; the four duty fields may not be empty.

    ``delay_seconds`` is the least gap between two requests to one host; ``reread_days`` is how far
    back posts are read again to see edits; ``floor_ratio`` (0..1) is the share of targets that may
    fail before the crawl counts as incomplete. Accounts of ``opted_out`` (``platform:id``) are not
    kept.
    """

    spider: Text
    targets: tuple[Target, ...]
    db: Text = "sqlite:///auditor.db"
    delay_seconds: Annotated[float, Field(ge=0)] = 2.0
    allow_private: bool = False
    controller: Text = ""
    contact: Text = ""
    legal_basis: Text = ""
    privacy_notice: Text = ""
    max_pages: Annotated[int, Field(ge=1)] = 50
    max_wait_seconds: Annotated[float, Field(ge=0)] = 600.0
    timeout_seconds: Annotated[float, Field(gt=0)] = 30.0
    reread_days: Annotated[float, Field(ge=0)] = 3.0
    floor_ratio: Annotated[float, Field(ge=0, le=1)] = 0.05
    opted_out: frozenset[Text] = frozenset()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class CrawlSummary(Value):
    """How a crawl ended; ``exit_code`` is one of the contract's.

    ``changed`` counts accounts and posts that were new or not as before, ``unreadable`` posts that
    could not be kept, ``resumed`` targets that an interrupted crawl had brought to their end.
    """

    exit_code: int
    run_id: Text = ""
    spider: Text = ""
    reason: Text = ""
    accounts: int = 0
    posts: int = 0
    changed: int = 0
    unreadable: int = 0
    opted_out: int = 0
    resumed: int = 0
    sources: tuple[SourceRow, ...] = ()
    failures: tuple[FetchOutcome, ...] = ()
