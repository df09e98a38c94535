"""Tables of hashes that answer for millions at once: numpy only, no loop per text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import Hashes, Positions, hashes_of

CHUNK = 1 << 15
"""Code points or hashes a pass of a join, so that its arrays stay in the second-level cache."""

# Odd numbers of no meaning (digits of the golden ratio and of e).
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SALT = np.uint64(0xB7E151628AED2A6B)
_HALF = np.uint64(32)
_NONE = np.uint64(0)


def salted(hashes: Hashes, salt: Hashes | np.uint64 = _NONE) -> Hashes:
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


class HashSet:
    """A set of hashes: a bitmap sends most away, a sorted array answers for the rest."""

    __slots__ = ("_bitmap", "_sorted")

    def __init__(self, hashes: Hashes) -> None:
        self._sorted = np.unique(salted(hashes))
        self._bitmap = Bitmap(self._sorted)

    @classmethod
    def of(cls, words: Iterable[str]) -> HashSet:
        """Return the set of the hashes of words."""
        return cls(hashes_of(list(words)))

    def holds(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Tell for each hash whether it is in the set."""
        asked = salted(hashes)
        held = self._bitmap.may_hold(asked)
        maybe = np.flatnonzero(held)
        if maybe.size:
            asked = asked[maybe]
            found = np.searchsorted(self._sorted, asked)
            found[found == len(self._sorted)] = 0
            held[maybe] = self._sorted[found] == asked
        return held
