"""How far a stretch of time reaches among the times of posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta


def window_ends(times: Sequence[datetime], reach: timedelta) -> Iterator[int]:
    """Yield for each of the times, in their order, how many lie before it or up to ``reach`` after.

    The times are sorted. Any two have a difference, but one with ``reach`` added may lie after the
    last year of the calendar.
    """
    end = 0
    for at in times:
        while end < len(times) and times[end] - at <= reach:
            end += 1
        yield end
