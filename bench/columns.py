"""Arrow columns of drawn values, with nulls where nobody looked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bench.dice import Dice

Numbers = NDArray[np.int64]


class Draws:
    """Draws of one batch of rows."""

    def __init__(self, dice: Dice, rows: Numbers) -> None:
        self._dice = dice
        self._rows = rows

    def shares(self, what: str) -> NDArray[np.float64]:
        """Return a number in 0..1 (exclusive) a row."""
        return self._dice.shares(what, self._rows)

    def below(self, what: str, count: int) -> Numbers:
        """Return a number in 0..count (exclusive) a row."""
        return self._dice.below(what, self._rows, count)

    def chosen(self, what: str, weights: list[float]) -> Numbers:
        """Return the number of one of the weighted choices a row."""
        return self._dice.chosen(what, self._rows, weights)

    def taken(self, what: str, values: Sequence[str] | pa.Array, unseen: Any = None) -> pa.Array:
        """Return one of the values a row, null where ``unseen``."""
        found = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
        return found.take(pa.array(self.below(what, len(found)), mask=unseen))

    def counts(self, what: str, log_median: float, spread: float) -> pa.Array:
        """Return shown counts, log-normal; one in ten was not collected."""
        drawn = np.exp(log_median + spread * self._dice.normal(what, self._rows))
        return pa.array(drawn.astype(np.int64), mask=self.shares(f"{what} seen") < 0.1)

    def lists(self, what: str, values: Sequence[str], unseen: float, filled: float) -> pa.Array:
        """Return lists: a share ``unseen`` is null, ``filled`` holds one value or two.

        The rest is empty.
        """
        shares = self.shares(what)
        sizes = np.where(shares >= 1.0 - filled, 1 + (shares >= 1.0 - filled / 4), 0)
        nulls = shares < unseen
        offsets = np.zeros(len(sizes) + 1, dtype=np.int32)
        np.cumsum(sizes, out=offsets[1:])
        rows = np.repeat(self._rows, sizes)
        place = np.arange(len(rows)) - np.repeat(offsets[:-1], sizes)
        indices = self._dice.below(f"{what} value", rows * 2 + place, len(values))
        found = pa.array(values, pa.string()).take(pa.array(indices))
        return pa.ListArray.from_arrays(pa.array(offsets), found, mask=pa.array(nulls))


def same(word: str, count: int, unseen: Any = None) -> pa.Array:
    """Return a column that says the same everywhere, null where ``unseen``."""
    if unseen is None:
        return pa.repeat(pa.scalar(word, pa.string()), count)
    return pa.array([word], pa.string()).take(pa.array(np.zeros(count, np.int8), mask=unseen))


def hidden(values: pa.Array, unseen: Any) -> pa.Array:
    """Return values with null where they were not collected."""
    return pc.if_else(pa.array(unseen), pa.scalar(None, values.type), values)


def times(seconds: Numbers, unseen: Any) -> pa.Array:
    """Return times of UTC from seconds since 1970, null where they were not collected."""
    return pa.array(seconds * 1_000_000, mask=unseen).cast(pa.timestamp("us", tz="UTC"))
