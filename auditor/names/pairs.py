"""Pairs of positions in two lists: what a join of names returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import Positions

Number = TypeVar("Number", np.int64, np.uint64)


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """Return the numbers once each, sorted; sorting costs less here than numpy's hash table."""
    ordered = np.sort(numbers)
    new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


class Pairs(NamedTuple):
    """Positions of texts and of words, each pair once, sorted by text and then by word."""

    texts: Positions
    words: Positions

    @classmethod
    def unique(cls, texts: Positions, words: Positions, count: int) -> Pairs:
        """Return pairs in any order as they should be; there are ``count`` words."""
        packed = distinct(texts * count + words)
        return cls(*np.divmod(packed, max(count, 1)))

    @classmethod
    def joined(cls, parts: Iterable[tuple[Positions, Positions]]) -> Pairs:
        """Return the pairs of all parts, one part behind the other."""
        none = np.zeros(0, np.int64)
        texts, words = zip((none, none), *parts, strict=True)
        return cls(np.concatenate(texts), np.concatenate(words))

    def where(self, kept: NDArray[np.bool_]) -> Pairs:
        """Return the pairs that are marked."""
        return Pairs(self.texts[kept], self.words[kept])

    def strings(self, texts: Sequence[str], words: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return both sides of the pairs as strings of the given lists."""
        return [texts[i] for i in self.texts.tolist()], [words[i] for i in self.words.tolist()]
