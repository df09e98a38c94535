"""Chance by number: the same row gets the same content in whatever order rows are written.

A generator that is drawn from in turn would tie a post to its place in the file. Here every draw is
a hash of the seed, of what is drawn and of the row, so that any batch can be made alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""64 random bits for each row."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ROUNDS = 4


def mixed(values: Words) -> Words:
    """Return the finaliser of splitmix64 (public domain, Vigna 2015) over each value."""
    bits = values + _GOLDEN
    bits ^= bits >> np.uint64(30)
    bits *= _FIRST
    bits ^= bits >> np.uint64(27)
    bits *= _SECOND
    bits ^= bits >> np.uint64(31)
    return bits


@dataclass(frozen=True)
class Dice:
    """Draws of one seed; ``what`` names a draw, ``rows`` are the numbers of the rows."""

    seed: int

    def words(self, what: str, rows: NDArray[Any]) -> Words:
        """Return 64 random bits a row."""
        return mixed(rows.astype(np.uint64) ^ self._key(what))

    def shares(self, what: str, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Return a number in 0..1 (exclusive) a row."""
        return as_shares(self.words(what, rows))

    def below(self, what: str, rows: NDArray[Any], count: int) -> NDArray[np.int64]:
        """Return a number in 0..count (exclusive) a row."""
        return as_below(self.words(what, rows), count)

    def normal(self, what: str, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Return a draw of the standard normal distribution a row (Box and Muller)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.shares(f"{what} radius", rows)))
        return radius * np.cos(2.0 * np.pi * self.shares(f"{what} angle", rows))

    def chosen(self, what: str, rows: NDArray[Any], weights: list[float]) -> NDArray[np.int64]:
        """Return the number of one of the weighted choices a row."""
        bounds = np.cumsum(weights) / sum(weights)
        return np.searchsorted(bounds[:-1], self.shares(what, rows), side="right").astype(np.int64)

    def shuffled(self, what: str, places: NDArray[Any], count: int) -> NDArray[np.int64]:
        """Return where a permutation of 0..count (exclusive) takes each place.

        A Feistel network over the next power of four; what lands outside is taken on from there.
        """
        half = max(1, (max(count - 1, 1).bit_length() + 1) // 2)
        now = self._turned(what, places.astype(np.uint64), half)
        outside = np.flatnonzero(now >= count)
        while outside.size:
            now[outside] = self._turned(what, now[outside], half)
            outside = outside[now[outside] >= count]
        return now.astype(np.int64)

    def _turned(self, what: str, places: Words, half: int) -> Words:
        shift, mask = np.uint64(half), np.uint64((1 << half) - 1)
        left, right = places >> shift, places & mask
        for turn in range(_ROUNDS):
            left, right = right, left ^ (mixed(right ^ self._key(f"{what} {turn}")) & mask)
        return (left << shift) | right

    def _key(self, what: str) -> np.uint64:
        digest = hashlib.blake2b(f"{self.seed} {what}".encode(), digest_size=8).digest()
        return np.uint64(int.from_bytes(digest, "little"))


def as_shares(words: Words) -> NDArray[np.float64]:
    """Return random bits as numbers in 0..1 (exclusive)."""
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def as_below(words: Words, count: int) -> NDArray[np.int64]:
    """Return random bits as numbers in 0..count (exclusive); ``count`` is below 2^32."""
    return ((words >> np.uint64(32)) * np.uint64(count) >> np.uint64(32)).astype(np.int64)
