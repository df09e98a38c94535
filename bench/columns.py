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

    def taken(self, what: str, values: Sequence[str]) -> pa.Array:
        """Return one of the values a row."""
        return pa.array(values, pa.string()).take(pa.array(self.below(what, len(values))))

    def counts(self, what: str, log_median: float, spread: float) -> pa.Array:
        """Return shown counts, log-normal; one in ten was not collected."""
        drawn = np.exp(log_median + spread * self._dice.normal(what, self._rows))
        return pa.array(drawn.astype(np.int64), mask=self.shares(f"{what} seen") < 0.1)

    def lists(
        self,
        what: str,
        values: Sequence[str],
        unseen: float,
        filled: float,
        surely: NDArray[np.bool_] | None = None,
    ) -> pa.Array:
        """Return lists: a share ``unseen`` is null, ``filled`` holds one value or two.

        The rest is empty. ``surely`` are rows that hold the first value whatever is drawn.
        """
        shares = self.shares(what)
        sizes = np.where(shares >= 1.0 - filled, 1 + (shares >= 1.0 - filled / 4), 0)
        nulls = shares < unseen
        if surely is not None:
            sizes[surely], nulls[surely] = 1, False
        offsets = np.zeros(len(sizes) + 1, dtype=np.int32)
        np.cumsum(sizes, out=offsets[1:])
        rows = np.repeat(self._rows, sizes)
        place = np.arange(len(rows)) - np.repeat(offsets[:-1], sizes)
        indices = self._dice.below(f"{what} value", rows * 2 + place, len(values))
        if surely is not None:
            indices[np.repeat(surely, sizes)] = 0
        found = pa.array(values, pa.string()).take(pa.array(indices))
        return pa.ListArray.from_arrays(pa.array(offsets), found, mask=pa.array(nulls))


def same(word: str, count: int) -> pa.Array:
    """Return a column that says the same everywhere."""
    return pa.repeat(pa.scalar(word, pa.string()), count)


def hidden(values: pa.Array, unseen: Any) -> pa.Array:
    """Return values with null where they were not collected."""
    return pc.if_else(pa.array(unseen), pa.scalar(None, values.type), values)


def times(seconds: Numbers, unseen: Any) -> pa.Array:
    """Return times of UTC from seconds since 1970, null where they were not collected."""
    return hidden(pa.array(seconds * 1_000_000).cast(pa.timestamp("us", tz="UTC")), unseen)
