"""Characters that share a part: 拜 and 湃 begin or end with the same strokes.

Too many share one for a table of look-alikes. Beside the other characters of a long name it is
still what a hurried reader overlooks, so it counts there alone.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile
from typing import Final

from auditor.text import stroke_orders

FEWEST_STROKES: Final = 5
LEAST_SHARE: Final = 0.66
"""Strokes of the shared part among those of both characters, 0..1."""

_KEPT: Final = 1 << 16
"""Answers that are kept; the names of a platform bring ever new pairs."""


@lru_cache(maxsize=_KEPT)
def shared_part(found: str, expected: str) -> float:
    """Return the share (0..1) of strokes in the part that two characters share; 0 for little."""
    orders = stroke_orders()
    one, two = orders.get(found, ""), orders.get(expected, "")
    common = max(_common(one, two), _common(one[::-1], two[::-1]))
    if common < FEWEST_STROKES:
        return 0.0
    share = 2 * common / (len(one) + len(two))
    return share if share >= LEAST_SHARE else 0.0


def _common(one: str, two: str) -> int:
    """Return how many signs two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))
