"""Hashes of pieces of many texts at once, and tables of hashes: numpy only, no loop per text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.names.pairs import Positions

Hashes = NDArray[np.uint64]
"""Numbers of 64 bits that say with some chance, never surely, that two pieces are equal."""

CHUNK = 1 << 15
"""Code points or hashes a pass, so that its arrays stay in the second-level cache."""

# Odd numbers of no meaning (digits of the golden ratio, of pi and of e); fixed, so that every run
# goes the same way.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_ODD = 0x243F6A8885A308D3
_SALT = np.uint64(0xB7E151628AED2A6B)
_HALF = np.uint64(32)

BASE = np.uint64(_ODD)
"""The base of the polynomials."""


class Flat(NamedTuple):
    """Consecutive texts as one array: text ``first + i`` is ``codes[ends[i] : ends[i + 1]]``."""

    first: int
    codes: NDArray[np.uint32]
    ends: Positions


def flat_chunks(texts: Sequence[str], size: int = CHUNK) -> Iterator[Flat]:
    """Yield the texts in order, about ``size`` code points (or one longer text) at a time."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    start = 0
    while start < len(texts):
        stop = int(np.searchsorted(ends, ends[start] + size, "right")) - 1
        # Texts without a character have a cost too.
        stop = min(max(stop, start + 1), start + size)
        # One by one the code points stay themselves, halves of a surrogate pair too.
        blob = "".join(texts[start:stop]).encode("utf-32-le", "surrogatepass")
        yield Flat(start, np.frombuffer(blob, "<u4"), ends[start : stop + 1] - ends[start])
        start = stop


def mixed(codes: NDArray[np.uint32] | Positions) -> Hashes:
    """Return one well-spread number for each code point or rank; never 0."""
    numbers = codes.astype(np.uint64)
    numbers += np.uint64(1)
    numbers *= _SPREAD
    numbers ^= numbers >> _HALF
    return numbers


def salted(hashes: Hashes, salt: Hashes | np.uint64) -> Hashes:
    """Return hashes whose upper bits depend on all their bits and on the salt."""
    numbers = hashes ^ salt
    numbers *= _SALT
    numbers ^= numbers >> _HALF
    numbers *= _SPREAD
    return numbers


def runs(first: Positions, counts: Positions) -> tuple[Positions, Positions]:
    """Return, for each run of ``counts[i]`` places from ``first[i]``, every ``i`` and place."""
    owners = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owners, np.arange(len(owners)) + (first - before)[owners]


class Powers:
    """Powers of the base and of its inverse, as far as a chunk has reached."""

    def __init__(self) -> None:
        self.up = self.down = np.ones(0, np.uint64)

    def reach(self, highest: int) -> None:
        """See that powers up to ``highest`` are there."""
        if highest >= len(self.up):
            count = max(highest, CHUNK) + 1
            self.up = self._powers(_ODD, count)
            self.down = self._powers(pow(_ODD, -1, 1 << 64), count)

    @staticmethod
    def _powers(base: int, count: int) -> Hashes:
        factors = np.full(count, base, np.uint64)
        factors[0] = 1
        return np.multiply.accumulate(factors)


class Spans:
    """Hashes of any stretch ``[start, end)`` of a flat array of code points.

    A hash is a polynomial in an odd base modulo 2**64: the running sum of ``code * base**place``
    gives that of a stretch by one difference, and the inverse of the base moves it to place 0.
    """

    def __init__(self, codes: NDArray[np.uint32], powers: Powers) -> None:
        powers.reach(len(codes))
        terms = mixed(codes)
        terms *= powers.up[: len(codes)]
        self._sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum(terms, out=self._sums[1:])
        self._down = powers.down

    def hashes(self, start: Positions, end: Positions) -> Hashes:
        """Return the hash of each stretch."""
        found: Hashes = self._sums[end] - self._sums[start]
        found *= self._down[start]
        return found

    def without(self, start: Positions, gap: Positions, end: Positions) -> Hashes:
        """Return the hash of each stretch without its code point at ``gap``."""
        found: Hashes = self._sums[end] - self._sums[gap + 1]
        found *= self._down[1]
        found += self._sums[gap]
        found -= self._sums[start]
        found *= self._down[start]
        return found


class Bitmap:
    """A set of hashes that may say yes wrongly and never no wrongly; two to four bytes a hash.

    The upper bits of a hash name its bit.
    """

    def __init__(self, hashes: Hashes) -> None:
        bits = max(16, (len(hashes) * 16).bit_length())
        self._shift = np.uint64(64 - bits)
        self._bytes = np.zeros(1 << (bits - 3), np.uint8)
        places = (hashes >> self._shift).astype(np.intp)
        np.bitwise_or.at(self._bytes, places >> 3, np.uint8(1) << (places & 7).astype(np.uint8))

    @property
    def nbytes(self) -> int:
        """Return the memory it takes, in bytes."""
        return self._bytes.nbytes

    def may_hold(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Tell for each hash whether it may be in the set."""
        places = (hashes >> self._shift).astype(np.intp)
        found: NDArray[np.uint8] = self._bytes[places >> 3]
        found >>= (places & 7).astype(np.uint8)
        found &= np.uint8(1)
        holds: NDArray[np.bool_] = found != 0
        return holds


class Table:
    """Numbers below ``count`` filed under hashes; about 14 bytes an entry, at most 2**31 entries.

    An entry is the upper part of a hash with the number below it, in one sorted array. A bitmap
    sends most hashes away, and a row of offsets by upper bits leads the others to their entries
    with one look. What is found may differ in the lower bits: the caller verifies.
    """

    def __init__(self, filed: Iterable[tuple[Positions, Hashes]], count: int) -> None:
        self._low = np.uint64(count.bit_length())
        packed = (self._packed(numbers, hashes) for numbers, hashes in filed)
        entries = np.concatenate([np.zeros(0, np.uint64), *packed])
        entries.sort()
        bits = max(8, len(entries).bit_length() - 1)
        self._shift = np.uint64(64 - bits)
        slots = np.arange(1, 1 << bits, dtype=np.uint64) << self._shift
        self._offsets = np.zeros((1 << bits) + 1, np.int32)
        self._offsets[1:-1] = np.searchsorted(entries, slots)
        self._offsets[-1] = len(entries)
        self._bitmap = Bitmap(entries)
        self._entries = entries

    def _packed(self, numbers: Positions, hashes: Hashes) -> Hashes:
        return (hashes >> self._low << self._low) | numbers.astype(np.uint64)

    @property
    def nbytes(self) -> int:
        """Return the memory it takes, in bytes."""
        return self._entries.nbytes + self._offsets.nbytes + self._bitmap.nbytes

    def find(self, hashes: Hashes) -> tuple[Positions, Positions]:
        """Return places in ``hashes`` and the numbers filed there; a pair may come twice."""
        maybe = np.flatnonzero(self._bitmap.may_hold(hashes))
        hashes = hashes[maybe]
        slots = (hashes >> self._shift).astype(np.intp)
        first = self._offsets[slots].astype(np.int64)
        asked, places = runs(first, self._offsets[slots + 1] - first)
        entries = self._entries[places]
        same = (entries ^ hashes[asked]) >> self._low == 0
        numbers = entries[same] & ((np.uint64(1) << self._low) - np.uint64(1))
        return maybe[asked[same]], numbers.astype(np.int64)
