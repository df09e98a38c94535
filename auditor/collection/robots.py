"""What a host's robots.txt says, read as RFC 9309 asks."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from auditor.model.crawl import RobotsState

PRODUCT = "Auditor"
"""The name by which robots.txt files address this crawler (RFC 9309, section 2.2.1)."""

MAX_AGE = timedelta(hours=24)
"""A copy older than this is fetched again (RFC 9309, section 2.4)."""

MAX_BYTES = 512 * 1024
"""Bytes that are read; RFC 9309, section 2.5 asks for at least 500 KiB."""


@dataclass(frozen=True, slots=True)
class Robots:
    """One host's answer: what it allows and the gap it asks for.

    ``state`` is ``allowed`` when there are rules to ask, ``no_file`` when everything is allowed,
    ``unreachable`` when nothing is. ``crawl_delay_seconds`` is ``None`` where none is asked for.
    """

    state: RobotsState
    fetched_at: datetime
    sha256: str | None = None
    crawl_delay_seconds: float | None = None
    rules: Protego | None = None

    def allows(self, url: str) -> bool:
        """Tell whether this crawler may ask for ``url``."""
        if self.state == "unreachable":
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, PRODUCT))

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether the copy may still be used."""
        return now - self.fetched_at < MAX_AGE


def read_robots(status: int, body: bytes, fetched_at: datetime) -> Robots:
    """Read the answer to a request for robots.txt, redirects already followed.

    2xx is parsed; other 4xx than 429 mean that there is no file, so all is allowed (RFC 9309,
    section 2.3.1.3); 429, 5xx and anything else mean that nothing is (2.3.1.4; 429 asks to be
    left alone and Google's crawler counts it among the server errors).
    """
    # A 3xx arrives here only when it leads nowhere; the reading is the cautious one.
    if 200 <= status < 300:
        return _parsed(body, fetched_at)
    if 400 <= status < 500 and status != 429:
        return Robots("no_file", fetched_at)
    return unreachable(fetched_at)


def unreachable(fetched_at: datetime) -> Robots:
    """Return the answer of a host that gave none: nothing is allowed (RFC 9309, 2.3.1.4)."""
    return Robots("unreachable", fetched_at)


def _parsed(body: bytes, fetched_at: datetime) -> Robots:
    text = body[:MAX_BYTES].decode("utf-8-sig", errors="replace")
    rules = Protego.parse(text)
    delay = rules.crawl_delay(PRODUCT)
    asked = delay if delay is not None and math.isfinite(delay) and delay > 0 else None
    return Robots("allowed", fetched_at, hashlib.sha256(body).hexdigest(), asked, rules)
