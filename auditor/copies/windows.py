"""How far a stretch of time reaches among the times of posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray


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


def crowded(times: NDArray[np.int64], least: int, reach: int) -> NDArray[np.bool_]:
    """Tell of each time whether it is one of ``least`` within ``reach``, in any order."""
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    begun = np.flatnonzero(
        ordered[least - 1 :] - ordered[: max(0, len(ordered) - least + 1)] <= reach
    )
    changes = np.zeros(len(times) + 1, np.int64)
    changes[begun] += 1
    changes[begun + least] -= 1
    found = np.zeros(len(times), np.bool_)
    found[order] = np.cumsum(changes)[:-1] > 0
    return found
