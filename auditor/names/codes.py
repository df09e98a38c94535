"""Texts as one flat array of code points, with the hash of any stretch of them.

A screen over many names asks thousands of times whether a stretch of a name is a known word. With
sums of powers over the flat array every such question is two look-ups and a product, for all names
at once. Equal stretches have equal hashes; the rare equal hash of unequal stretches only costs a
look at a name that turns out to be nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text import DROP

Hashes = NDArray[np.uint64]
Positions = NDArray[np.intp]

MOST_POINTS: Final = 1 << 17
"""Code points that one :class:`Codes` holds; its tables then stay in the second-level cache."""

_BASE: Final = 0x9E37_79B9_7F4A_7C15  # odd, so that it has an inverse modulo 2**64
_MIX: Final = np.uint64(0xD6E8_FEB8_6659_FD93)
_SHIFT: Final = np.uint64(32)


def _powers(base: int) -> Hashes:
    steps = np.full(MOST_POINTS + 1, base, dtype=np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)


_POWERS: Final = _powers(_BASE)
_INVERSES: Final = _powers(pow(_BASE, -1, 1 << 64))


def _mixed(flat: NDArray[np.uint32]) -> Hashes:
    """Spread code points over 64 bits: neighbours in the table of characters become strangers."""
    spread = (flat.astype(np.uint64) + np.uint64(1)) * _MIX
    return spread ^ (spread >> _SHIFT)


class Codes:
    """Texts of at most ``MOST_POINTS`` code points together; positions count the flat array."""

    __slots__ = ("_mixed", "_sums", "flat", "starts")

    def __init__(self, flat: NDArray[np.uint32], starts: Positions) -> None:
        self.flat = flat
        self.starts = starts
        self._mixed = _mixed(flat)
        self._sums = np.zeros(len(flat) + 1, dtype=np.uint64)
        np.cumsum(self._mixed * _POWERS[: len(flat)], out=self._sums[1:])

    @classmethod
    def of(cls, texts: Sequence[str], table: NDArray[np.uint32] | None = None) -> Codes:
        """Flatten texts, each code point replaced as ``table`` says; ``DROP`` drops it."""
        joined = "".join(texts).encode("utf-32-le", "surrogatepass")
        starts = np.fromiter(accumulate(map(len, texts), initial=0), np.intp, len(texts) + 1)
        flat = np.frombuffer(joined, dtype="<u4").astype(np.uint32, copy=False)
        if table is None:
            return cls(flat, starts)
        flat = table.take(flat)
        return cls(*without(flat, starts, flat == DROP))

    def mapped(self, table: NDArray[np.uint32]) -> Codes:
        """Return the same texts with every code point replaced as ``table`` says."""
        return Codes(table.take(self.flat), self.starts)

    def texts(self) -> list[str]:
        """Return the texts."""
        return [decoded(self.flat[a:b]) for a, b in pairwise(self.starts.tolist())]

    def hashes(self, first: Positions, last: Positions) -> Hashes:
        """Return the hash of each stretch ``flat[first:last]``."""
        return (self._sums[last] - self._sums[first]) * _INVERSES[first]

    def deletions(self, first: Positions, last: Positions) -> tuple[Positions, Hashes]:
        """Return the hashes of each stretch without one character, and which stretch each is of."""
        lengths = last - first
        owners = np.repeat(np.arange(len(first)), lengths)
        before = np.cumsum(lengths) - lengths
        gaps = np.arange(len(owners)) - before[owners] + first[owners]
        start, end = first[owners], last[owners]
        # What follows the gap moves one place to the left.
        tail = (self._sums[end] - self._sums[gaps + 1]) * _INVERSES[1]
        return owners, (self._sums[gaps] - self._sums[start] + tail) * _INVERSES[start]

    def bags(self, first: Positions, last: Positions) -> Hashes:
        """Return a hash of each stretch that the order of its characters does not change."""
        sums = np.zeros(len(self.flat) + 1, dtype=np.uint64)
        np.cumsum(self._mixed, out=sums[1:])
        return sums[last] - sums[first]


def without(
    flat: NDArray[np.uint32], starts: Positions, gone: NDArray[np.bool_]
) -> tuple[NDArray[np.uint32], Positions]:
    """Return flattened texts without the marked code points."""
    if not gone.any():
        return flat, starts
    kept = np.zeros(len(flat) + 1, dtype=np.intp)
    np.cumsum(~gone, out=kept[1:])
    return flat[~gone], kept[starts]


class HashSet:
    """A set of hashes that answers for millions at once: a bitmap first, then a sorted array."""

    __slots__ = ("_bitmap", "_shift", "_sorted")

    def __init__(self, hashes: Iterable[int] | Hashes) -> None:
        array = hashes if isinstance(hashes, np.ndarray) else np.fromiter(hashes, np.uint64)
        self._sorted = np.unique(array)
        # Sixteen places a hash leave one probe in sixteen for the sorted array to refuse.
        bits = min(24, max(10, int(len(self._sorted) * 16).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._bitmap = np.zeros(1 << bits, dtype=np.bool_)
        self._bitmap[_places(self._sorted, self._shift)] = True

    @classmethod
    def of(cls, words: Iterable[str]) -> HashSet:
        """Return the set of the hashes of words."""
        return cls(hashes_of(list(words)))

    def holds(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Tell for each hash whether it is in the set."""
        held = self._bitmap[_places(hashes, self._shift)]
        maybe = np.flatnonzero(held)
        if maybe.size:
            asked = hashes[maybe]
            found = np.searchsorted(self._sorted, asked)
            found[found == len(self._sorted)] = 0
            held[maybe] = self._sorted[found] == asked
        return held


def _places(hashes: Hashes, shift: np.uint64) -> NDArray[np.uint64]:
    # The low bits of a product know only the low bits of its factors; fold the high ones in.
    return ((hashes ^ (hashes >> np.uint64(29))) * _MIX) >> shift


def chunks(texts: Sequence[str], most: int = MOST_POINTS) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the texts in runs of at most ``most`` code points, each with its first position.

    Raises:
        ValueError: one text alone is longer.
    """
    sizes = list(accumulate(map(len, texts), initial=0))
    start = 0
    while start < len(texts):
        end = bisect_right(sizes, sizes[start] + most) - 1
        if end == start:
            raise ValueError(f"a text of {len(texts[start])} code points is over {most}")
        yield start, texts[start:end]
        start = end


def hashes_of(words: Sequence[str]) -> Hashes:
    """Return the hash of each word as a whole."""
    found = [np.zeros(0, dtype=np.uint64)]
    for _, part in chunks(words):
        codes = Codes.of(part)
        found.append(codes.hashes(codes.starts[:-1], codes.starts[1:]))
    return np.concatenate(found)


def decoded(flat: NDArray[np.uint32]) -> str:
    """Return code points as one text; lone surrogates pass."""
    return flat.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")
