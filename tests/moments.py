"""Moments at which arithmetic with times goes wrong: the ends of the calendar and before 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)

READ = (
    FIRST,
    datetime(1600, 2, 29, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    LAST - timedelta(hours=8),
)
"""Moments that a reader takes: they have a form in UTC and one in +08:00."""

EDGES = (
    *READ,
    LAST,
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
)
"""With those that a page or a caller of the library may show."""
