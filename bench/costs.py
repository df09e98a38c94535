"""What a way of asking costs a name, as CPU time of one core."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

Made = TypeVar("Made")
Found = set[tuple[str, str]]
"""Pairs of a name and a reference that a way of asking finds."""

_FIRST = 10
_ROUNDS = 5


class Way(NamedTuple):
    """A way of asking which references names stand near.

    ``ask`` takes names and is what is timed; ``pairs`` gives what it finds, where it gives all that
    it finds; ``built`` are the CPU seconds that its index took, or None where it has none.
    """

    what: str
    references: int
    ask: Callable[[Sequence[str]], object]
    pairs: Callable[[Sequence[str]], Found] | None = None
    built: float | None = None


class Cost(NamedTuple):
    """The CPU seconds of the quickest round over so many names."""

    names: int
    seconds: float

    @property
    def microseconds(self) -> float:
        """CPU microseconds a name."""
        return self.seconds / self.names * 1e6


def made(work: Callable[[], Made]) -> tuple[Made, float]:
    """Return what a call makes, and its CPU seconds, all threads together."""
    before = time.process_time()
    thing = work()
    return thing, time.process_time() - before


def cost(way: Way, names: Sequence[str], seconds: float, first: int = _FIRST) -> Cost:
    """Ask for as many of the names as fit into ``seconds``, and again while there is time.

    The ``first`` names asked are few, so that a slow way does not take hours.
    """
    count = min(first, len(names))
    best = _asked(way, names, count)
    while best < seconds / 2 and count < len(names):
        count = min(len(names), max(2 * count, int(count * seconds / max(best, 1e-4))))
        best = _asked(way, names, count)
    spent = best
    for _ in range(_ROUNDS - 1):
        if spent < seconds:
            again = _asked(way, names, count)
            spent, best = spent + again, min(best, again)
    return Cost(count, best)


def _asked(way: Way, names: Sequence[str], count: int) -> float:
    some = names[:count]
    return made(lambda: way.ask(some))[1]
