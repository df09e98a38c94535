"""All pairs of two lists whose ``rapidfuzz.fuzz.ratio`` reaches a bound, verified.

Strings of ``n`` and ``m`` characters reach a ratio of R only with a common subsequence of
``t = R (n + m) / 200`` characters. Put the characters of each side in one order, the rarest first
and equal ones from left to right: at most ``n - t`` of a string's characters are not common, so its
``n - t + k`` rarest hold the ``k`` rarest common ones. Hence the two sides share a key among the
hashes of all ``k`` of these, taken as they stand in the string.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import ceil, comb

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from auditor.names.codes import BASE, Flat, Hashes, Positions, flat_chunks, mixed
from auditor.names.keys import CHUNK, Table, salted
from auditor.names.pairs import Pairs

_BASE = np.uint64(BASE)
_MOST_KEYS = 140
_LARGEST = 4
_BATCH = 1 << 17
_SLACK = 1e-9


class Shares:
    """How many common characters a bound asks for, and how many of them make a key."""

    def __init__(self, at_least: float) -> None:
        if not 0 < at_least <= 100:
            raise ValueError(f"at_least is {at_least}; a ratio lies above 0 and up to 100")
        self._at_least = at_least
        self.by_length = cache(self._by_length)

    def _size(self, common: int) -> int:
        """Return how many of so many common characters make a key: the more, the fewer meet."""
        spare = int(common * (200 - 2 * self._at_least) / self._at_least + _SLACK)
        sizes = range(min(common, _LARGEST), 1, -1)
        fit = (size for size in sizes if comb(spare + size, size) <= _MOST_KEYS)
        return next(fit, min(common, 1))

    def _by_length(self, length: int) -> Mapping[int, int]:
        """Return, for each size of key, the most characters that may not be common."""
        least = ceil(length * self._at_least / (200 - self._at_least) - _SLACK)
        spare: dict[int, int] = {}
        for common in range(least, length + 1):
            spare.setdefault(self._size(common), length - common)
        return spare

    def may_reach(self, left: Positions, right: Positions) -> NDArray[np.bool_]:
        """Tell whether strings of these lengths can reach the bound at all."""
        most = 200 * np.minimum(left, right)
        reach: NDArray[np.bool_] = most >= (self._at_least - _SLACK) * (left + right)
        return reach


class RatioJoin:
    """Words arranged so that all texts of a ratio (0..100) of ``at_least`` to one are found.

    An offline check of completeness: made for some ten thousand words, of which each takes some
    hundred bytes.

    Raises:
        ValueError: ``at_least`` is not above 0 and up to 100.
    """

    def __init__(self, words: Sequence[str], at_least: float = 80.0) -> None:
        self._words = list(words)
        self._at_least = at_least
        self._shares = Shares(at_least)
        self._lengths = np.fromiter(map(len, self._words), np.int64, len(self._words))
        self._ranks = _ranks(self._words)
        self._table = Table(self._word_keys(), len(self._words))

    def pairs(self, texts: Sequence[str]) -> Pairs:
        """Return every pair that reaches the ratio, verified; none is missed."""
        return Pairs.joined(self._verified(texts, part) for part in flat_chunks(texts, _BATCH))

    def _word_keys(self) -> Iterator[tuple[Positions, Hashes]]:
        for part in flat_chunks(self._words, _BATCH):
            for owners, hashes in self._keys(part):
                yield owners + part.first, hashes

    def _verified(self, texts: Sequence[str], part: Flat) -> Pairs:
        owners, words = Pairs.joined(self._candidates(part))
        candidates = Pairs.unique(owners + part.first, words, len(self._words))
        ratios = cpdist(
            *candidates.strings(texts, self._words), scorer=fuzz.ratio, score_cutoff=self._at_least
        )
        return candidates.where(ratios >= self._at_least)

    def _candidates(self, part: Flat) -> Iterator[tuple[Positions, Positions]]:
        lengths = np.diff(part.starts)
        for owners, hashes in self._keys(part):
            asked, words = self._table.find(hashes)
            texts = owners[asked]
            fit = self._shares.may_reach(lengths[texts], self._lengths[words])
            yield texts[fit], words[fit]

    def _keys(self, chunk: Flat) -> Iterator[tuple[Positions, Hashes]]:
        """Yield owners and hashes of all keys of a chunk's texts, batch by batch."""
        ranks = self._ranks[chunk.flat]
        known = ranks > 0
        before = np.zeros(len(ranks) + 1, np.int64)
        np.cumsum(known, out=before[1:])
        ends = before[chunk.starts]
        lengths, left = np.diff(chunk.starts), np.diff(ends)
        ranks = ranks[known]
        chosen: dict[tuple[int, int], list[tuple[Positions, Positions]]] = {}
        for length, rest, members in _groups(lengths, left):
            for size, spare in self._shares.by_length(length).items():
                # A character that no word has is one of those that are not common.
                width = min(rest, spare - (length - rest) + size)
                if width >= size:
                    rarest = _rarest(ranks, ends[members], rest, width)
                    chosen.setdefault((width, size), []).append((rarest, members))
        for (width, size), parts in chosen.items():
            rows = np.concatenate([rarest for rarest, _ in parts])
            owners = np.concatenate([members for _, members in parts])
            most = max(1, CHUNK // comb(width, size))
            for at in range(0, len(rows), most):
                yield _subset_keys(rows[at : at + most], size, owners[at : at + most])


def _ranks(words: Sequence[str]) -> NDArray[np.int64]:
    """Return for every code point its place among those of the words, rarest first; else 0."""
    counts = np.zeros(0x110000, np.int64)
    for chunk in flat_chunks(words):
        codes, found = np.unique(chunk.flat, return_counts=True)
        counts[codes] += found
    used = np.flatnonzero(counts)
    ranks = np.zeros(len(counts), np.int64)
    ranks[used[np.argsort(counts[used], kind="stable")]] = np.arange(1, len(used) + 1)
    return ranks


def _groups(lengths: Positions, known: Positions) -> Iterator[tuple[int, int, Positions]]:
    """Yield each pair of length and number of known characters with the texts that have it."""
    packed = lengths << 32 | known
    order = np.argsort(packed, kind="stable")
    kinds, first = np.unique(packed[order], return_index=True)
    for kind, members in zip(kinds.tolist(), np.split(order, first[1:]), strict=True):
        yield kind >> 32, kind & 0xFFFFFFFF, members


def _rarest(ranks: Positions, start: Positions, rest: int, width: int) -> Positions:
    """Return the rarest ``width`` of the ``rest`` ranks of each text, as they stand in it."""
    rows: Positions = ranks[start[:, None] + np.arange(rest)]
    if width == rest:
        return rows
    ordered = rows << 32 | np.arange(rest)
    last = np.partition(ordered, width - 1, axis=1)[:, width - 1 : width]
    rarest: Positions = rows[ordered <= last].reshape(len(rows), width)
    return rarest


def _subset_keys(rows: Positions, size: int, owners: Positions) -> tuple[Positions, Hashes]:
    """Return the hashes of all subsets of ``size`` of each row, with the owner of the row."""
    columns = list(mixed(np.ascontiguousarray(rows.T)))
    none = np.zeros(len(rows), np.uint64)
    subsets = list(_subsets(columns, none, 0, size))
    salt = np.uint64(size)
    return np.tile(owners, len(subsets)), salted(np.concatenate(subsets), salt)


def _subsets(columns: Sequence[Hashes], begun: Hashes, first: int, left: int) -> Iterator[Hashes]:
    """Yield the hash of every choice of ``left`` more columns, in their order."""
    if not left:
        yield begun
        return
    begun = begun * _BASE
    for at in range(first, len(columns) - left + 1):
        yield from _subsets(columns, begun + columns[at], at + 1, left - 1)
