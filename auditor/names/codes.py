"""Texts as one flat array of code points, with the hash of any stretch of them.

A screen over many names asks thousands of times whether a stretch of a name is a known word. With
sums of powers over the flat array every such question is two look-ups and a product, for all names
at once. A hash is a polynomial in an odd base modulo 2**64: the running sum of code times power
gives that of a stretch by one difference, and the inverse of the base moves it to place 0. Equal
stretches have equal hashes; the rare equal hash of unequal stretches only costs a look at a name
that turns out to be nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.text import DROP

Hashes = NDArray[np.uint64]
"""Numbers of 64 bits that say with some chance, never surely, that two stretches are equal."""
Positions = NDArray[np.int64]
"""Places in a list, a table or a text, from 0."""

MOST_POINTS: Final = 1 << 18
"""Code points that one :class:`Codes` should hold: enough that a pass costs little a name."""

# Odd numbers of no meaning (digits of the golden ratio and others); fixed, so that every run goes
# the same way. An odd base has an inverse modulo 2**64.
BASE: Final = 0x9E37_79B9_7F4A_7C15
_MIX: Final = np.uint64(0xD6E8_FEB8_6659_FD93)
_SHIFT: Final = np.uint64(32)


@cache
def _powers(base: int, bits: int) -> Hashes:
    steps = np.full(1 << bits, base, dtype=np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)


_INVERSE: Final = pow(BASE, -1, 1 << 64)


def mixed(numbers: NDArray[np.uint32] | Positions) -> Hashes:
    """Spread code points or ranks over 64 bits: neighbours become strangers; never 0."""
    spread = numbers.astype(np.uint64)
    spread += np.uint64(1)
    spread *= _MIX
    spread ^= spread >> _SHIFT
    return spread


class Codes:
    """Texts side by side; positions count the flat array."""

    __slots__ = ("_inverses", "_joined", "_known_mixed", "_known_sums", "flat", "starts")

    def __init__(self, flat: NDArray[np.uint32], starts: Positions) -> None:
        self.flat = flat
        self.starts = starts
        self._joined: str | None = None
        self._known_mixed: Hashes | None = None
        self._known_sums: Hashes | None = None
        self._inverses = _powers(_INVERSE, self._bits)

    @property
    def _bits(self) -> int:
        return (len(self.flat) + 1).bit_length()

    # Texts of which no hash is asked for need no sums.
    @property
    def _mixed(self) -> Hashes:
        if self._known_mixed is None:
            self._known_mixed = mixed(self.flat)
        return self._known_mixed

    @property
    def _sums(self) -> Hashes:
        if self._known_sums is None:
            self._known_sums = np.zeros(len(self.flat) + 1, dtype=np.uint64)
            powers = _powers(BASE, self._bits)[: len(self.flat)]
            np.cumsum(self._mixed * powers, out=self._known_sums[1:])
        return self._known_sums

    @classmethod
    def of(cls, texts: Sequence[str], table: NDArray[np.uint32] | None = None) -> Codes:
        """Flatten texts, each code point replaced as ``table`` says; ``DROP`` drops it."""
        flat, starts = flattened(texts)
        if table is None:
            return cls(flat, starts)
        flat = table.take(flat)
        return cls(*without(flat, starts, flat == DROP))

    def mapped(self, table: NDArray[np.uint32]) -> Codes:
        """Return the same texts with every code point replaced as ``table`` says."""
        return Codes(table.take(self.flat), self.starts)

    def text(self, index: int) -> str:
        """Return one of the texts."""
        return self.stretch(self.starts[index], self.starts[index + 1])

    def stretch(self, first: int, last: int) -> str:
        """Return what stands between two positions."""
        if self._joined is None:
            self._joined = decoded(self.flat)
        return self._joined[first:last]

    def texts(self) -> list[str]:
        """Return the texts."""
        joined = decoded(self.flat)
        return [joined[a:b] for a, b in pairwise(self.starts.tolist())]

    def hashes(self, first: Positions, last: Positions) -> Hashes:
        """Return the hash of each stretch ``flat[first:last]``."""
        found: Hashes = self._sums[last] - self._sums[first]
        found *= self._inverses[first]
        return found

    def gapped(self, first: Positions, gap: Positions, last: Positions) -> Hashes:
        """Return the hash of each stretch without its code point at ``gap``."""
        found: Hashes = self._sums[last] - self._sums[gap + 1]
        # What follows the gap moves one place to the left.
        found *= self._inverses[1]
        found += self._sums[gap]
        found -= self._sums[first]
        found *= self._inverses[first]
        return found

    def bags(self, first: Positions, last: Positions) -> Hashes:
        """Return a hash of each stretch that the order of its characters does not change."""
        sums = np.zeros(len(self.flat) + 1, dtype=np.uint64)
        # Squares, because the numbers nearly add up as the code points do: a and a would be Ã.
        np.cumsum(self._mixed * self._mixed, out=sums[1:])
        return sums[last] - sums[first]


def without(
    flat: NDArray[np.uint32], starts: Positions, gone: NDArray[np.bool_]
) -> tuple[NDArray[np.uint32], Positions]:
    """Return flattened texts without the marked code points."""
    if not gone.any():
        return flat, starts
    kept = np.zeros(len(flat) + 1, dtype=np.int64)
    np.cumsum(~gone, out=kept[1:])
    return flat[~gone], kept[starts]


class Flat(NamedTuple):
    """Consecutive texts side by side: text ``first + i`` is ``flat[starts[i] : starts[i + 1]]``."""

    first: int
    flat: NDArray[np.uint32]
    starts: Positions


def flattened(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Positions]:
    """Return the code points of texts side by side, and where each text begins; then the end."""
    return _points(texts), _starts(texts)


def _points(texts: Sequence[str]) -> NDArray[np.uint32]:
    # One by one the code points stay themselves, halves of a surrogate pair too.
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(joined, dtype="<u4").astype(np.uint32, copy=False)


def _starts(texts: Sequence[str]) -> Positions:
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
    return starts


def _bounds(starts: Positions, most: int) -> Iterator[tuple[int, int]]:
    """Yield runs of at most ``most`` texts and, unless one text is longer, code points."""
    count = len(starts) - 1
    start = 0
    while start < count:
        end = int(np.searchsorted(starts, starts[start] + most, "right")) - 1
        # Texts without a character have a cost too.
        end = min(max(end, start + 1), start + most)
        yield start, end
        start = end


def chunks(texts: Sequence[str], most: int = MOST_POINTS) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the texts in runs, each with its first position.

    A run has at most ``most`` texts and, unless it is one longer text, ``most`` code points.
    """
    for start, end in _bounds(_starts(texts), most):
        yield start, texts[start:end]


def flat_chunks(texts: Sequence[str], most: int = MOST_POINTS) -> Iterator[Flat]:
    """Yield the same runs side by side; to measure every text once costs half of a join."""
    starts = _starts(texts)
    for start, end in _bounds(starts, most):
        yield Flat(start, _points(texts[start:end]), starts[start : end + 1] - starts[start])


def hashes_of(words: Sequence[str]) -> Hashes:
    """Return the hash of each word as a whole."""
    found = [np.zeros(0, dtype=np.uint64)]
    for _, flat, starts in flat_chunks(words):
        found.append(Codes(flat, starts).hashes(starts[:-1], starts[1:]))
    return np.concatenate(found)


def decoded(flat: NDArray[np.uint32]) -> str:
    """Return code points as one text; lone surrogates pass."""
    return flat.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")
