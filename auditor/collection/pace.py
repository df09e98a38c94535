"""How often one host is asked: one request at a time, a least gap between two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

JITTER_RATIO = 0.25
"""Largest share of the gap that chance adds; it only ever lengthens it."""


@dataclass(slots=True)
class HostPace:
    """The time budget of one host; times are seconds of one monotonic clock.

    ``gap_seconds`` is the greatest of what was configured and what the host asked for. It counts
    from the end of a request and not from its start, so that it is as long at the server as here,
    however slow the connection was.
    """

    gap_seconds: float
    answered_at: float = -math.inf
    parked_until: float = -math.inf
    chance: float = 0.0

    def lengthen(self, gap_seconds: float) -> None:
        """Take a gap the host asks for (Crawl-delay); a shorter one changes nothing."""
        self.gap_seconds = max(self.gap_seconds, gap_seconds)

    def park(self, until: float) -> None:
        """Leave the host alone until then; an earlier time changes nothing."""
        self.parked_until = max(self.parked_until, until)

    def wait_seconds(self, now: float) -> float:
        """Return how long the next request still has to wait."""
        gap = self.gap_seconds * (1 + JITTER_RATIO * self.chance)
        return max(0.0, self.answered_at + gap - now, self.parked_until - now)

    def answered(self, now: float, chance: float) -> None:
        """Note the end of a request; ``chance`` (0..1) lengthens the gap by up to JITTER_RATIO."""
        self.answered_at, self.chance = now, chance


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, in seconds or as an HTTP date (RFC 9110, section 10.2.3).

    Returns:
        Seconds from ``now``, at least 0; ``None`` when there is no header or it makes no sense.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None
