"""The one scan: every phrase of every lexicon in one automaton, over folded text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.errors import RulesetError
from auditor.text.automaton import Find, best_find
from auditor.text.batch import FoldedBlob, fold_batch, stretches
from auditor.text.beginnings import Beginnings

_BETWEEN = "\x00"
"""Stands between joined texts; folding drops it, so that no phrase can hold it."""


class PhraseHit(NamedTuple):
    """A phrase found in a folded text; ``start`` and ``end`` (exclusive) are folded offsets."""

    phrase: int
    start: int
    end: int


class Standing(NamedTuple):
    """Which phrases stand in which texts of a blob: columns of numbers, in no order.

    ``starts`` and ``ends`` (exclusive) count from the beginning of the text.
    """

    phrases: NDArray[np.intp]
    texts: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


class Duplicate(NamedTuple):
    """Two spellings in one lexicon that fold to the same phrase: one of them is idle."""

    lexicon: str
    phrase: str
    spellings: tuple[str, ...]


class Scanner:
    """One automaton over all phrases; a phrase may belong to several lexicons.

    Phrases are folded when it is built and numbered in their sorted order. Pickled, it carries its
    phrases only and builds the automaton again (0.3 s for 100,000).

    Raises:
        RulesetError: phrases of which folding leaves nothing, all at once.
    """

    def __init__(
        self,
        lexicons: Mapping[str, Iterable[str]],
        build: Callable[[Sequence[str]], Find] = best_find,
    ) -> None:
        spellings: dict[str, dict[str, list[str]]] = {}
        faults = []
        for lexicon, phrases in lexicons.items():
            for text, phrase, _ in fold_batch(list(dict.fromkeys(phrases))):
                folded = text.strip()
                if folded:
                    spellings.setdefault(folded, {}).setdefault(lexicon, []).append(phrase)
                else:
                    faults.append(f"lexicon “{lexicon}”: {phrase!r} holds no visible character")
        if faults:
            raise RulesetError.of(faults)
        self._phrases = tuple(sorted(spellings))
        self._lexicons = tuple(tuple(sorted(spellings[phrase])) for phrase in self._phrases)
        self.duplicates = tuple(
            Duplicate(lexicon, phrase, tuple(written))
            for phrase in self._phrases
            for lexicon, written in spellings[phrase].items()
            if len(written) > 1
        )
        self._build = build
        self._find = build(self._phrases)

    @cached_property
    def _beginnings(self) -> Beginnings:
        # Of no use to who looks for words in one text at a time.
        return Beginnings(self._phrases)

    def __len__(self) -> int:
        return len(self._phrases)

    def phrase(self, index: int) -> str:
        """Return a phrase, folded, by its number."""
        return self._phrases[index]

    def lexicons(self, index: int) -> tuple[str, ...]:
        """Return the lexicons that a phrase belongs to, sorted."""
        return self._lexicons[index]

    def scan(self, folded: str) -> list[PhraseHit]:
        """Return all overlapping hits in one folded text, sorted by (start, end)."""
        found = self._find(folded)
        if not found:
            return []
        return sorted(map(PhraseHit._make, found), key=_position)

    def scan_batch(self, texts: Sequence[str]) -> list[list[PhraseHit]]:
        """Scan folded texts in one pass; equal to ``[scan(text) for text in texts]``."""
        hits: list[list[PhraseHit]] = [[] for _ in texts]
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        touched = set()
        for phrase, start, end in self._find(_BETWEEN.join(texts)):
            index = bisect_right(starts, start) - 1
            base = starts[index]
            hits[index].append(PhraseHit(phrase, start - base, end - base))
            touched.add(index)
        for index in touched:
            hits[index].sort(key=_position)
        return hits

    def standing(self, blob: FoldedBlob) -> Standing:
        """Return the hits in all texts of a blob as columns.

        The automaton is asked only where the first characters of a phrase stand: to look at every
        place cost 1.4 CPU s a million posts, this 0.2.
        """
        ends = blob.starts[1:]
        if self._beginnings.tell:
            places = self._beginnings.places(blob.codes)
            texts = blob.texts_at(places)
            lengths = np.minimum(self._beginnings.longest, ends[texts] - places)
            inner, bounds = stretches(places, lengths)
            windows = FoldedBlob(blob.codes[inner], bounds)
        else:
            places, texts, windows = blob.starts[:-1], np.arange(len(blob)), blob
        found = self._find(windows.joined)
        flat = np.fromiter(chain.from_iterable(found), np.intp, 3 * len(found)).reshape(-1, 3)
        phrases, starts, ends = flat.T
        at = windows.texts_at(starts)
        # What begins in one text and ends in the next stands in neither.
        inside = ends <= windows.starts[at + 1]
        if windows is not blob:
            # Every hit begins with a window of its own.
            inside &= starts == windows.starts[at]
        phrases, starts, ends, at = (part[inside] for part in (phrases, starts, ends, at))
        texts = texts[at]
        off = places[at] - windows.starts[at] - blob.starts[texts]
        return Standing(phrases, texts, starts + off, ends + off)

    def members(self, lexicons: Collection[str]) -> NDArray[np.bool_]:
        """Tell for each phrase, by its number, whether it belongs to one of the lexicons."""
        return np.fromiter(
            (not set(lists).isdisjoint(lexicons) for lists in self._lexicons), np.bool_, len(self)
        )

    def __getstate__(self) -> dict[str, object]:
        # An automaton of the Rust libraries does not pickle.
        return {key: value for key, value in self.__dict__.items() if key != "_find"}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._find = self._build(self._phrases)


def _position(hit: PhraseHit) -> tuple[int, int]:
    return hit.start, hit.end
