"""All pairs of two lists within one edit: candidates by the hashes of deletions, then verified.

Two strings within one edit are equal, or become equal when each loses at most one character: so
they share a key among the hash of the whole and those of all its one-character deletions. Most
texts need not be asked so often: one edit leaves the first or the second half of a text in its
place at the beginning or the end of the word, and two looks into a bitmap tell whether any word of
about that length begins or ends so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from auditor.names.keys import Bitmap, Flat, Hashes, Powers, Spans, Table, flat_chunks, runs, salted
from auditor.names.pairs import Pairs, Positions, distinct

# Salts that are no length: kinds of key never meet.
_TAIL, _WHOLE = np.uint64(1 << 40), np.uint64(1 << 41)


class EditJoin:
    """Words arranged so that all texts within one edit of one are found.

    Takes about 14 bytes for a word and for each of its characters, beside the words themselves.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)
        self._powers = Powers()
        self._halves = Bitmap(distinct(np.concatenate([np.zeros(0, np.uint64), *self._ends()])))
        self._table = Table(self._deletions(), len(self._words))

    @property
    def nbytes(self) -> int:
        """Return the memory of the index in bytes, without the words themselves."""
        return self._halves.nbytes + self._table.nbytes

    def pairs(self, texts: Sequence[str]) -> Pairs:
        """Return every pair at a Levenshtein distance of 0 or 1, verified; none is missed."""
        return Pairs.joined(self._chunk_pairs(texts, flat) for flat in flat_chunks(texts))

    def _ends(self) -> Iterator[Hashes]:
        """Yield the hashes of beginnings and ends of words, once each in a chunk."""
        for flat in flat_chunks(self._words):
            spans = Spans(flat.codes, self._powers)
            yield distinct(_word_halves(spans, flat.ends[:-1], flat.ends[1:]))

    def _deletions(self) -> Iterator[tuple[Positions, Hashes]]:
        for flat in flat_chunks(self._words):
            start, end = flat.ends[:-1], flat.ends[1:]
            spans = Spans(flat.codes, self._powers)
            owners, hashes = _deletion_keys(spans, start, end, start, end)
            yield owners + flat.first, hashes

    def _chunk_pairs(self, texts: Sequence[str], flat: Flat) -> Pairs:
        spans = Spans(flat.codes, self._powers)
        owners, hashes = self._text_keys(spans, flat.ends[:-1], flat.ends[1:])
        asked, words = self._table.find(hashes)
        candidates = Pairs.unique(owners[asked] + flat.first, words, len(self._words))
        distances = cpdist(
            *candidates.strings(texts, self._words), scorer=Levenshtein.distance, score_cutoff=1
        )
        return candidates.where(distances <= 1)

    def _text_keys(
        self, spans: Spans, start: Positions, end: Positions
    ) -> tuple[Positions, Hashes]:
        """Return owners and hashes of the keys worth a look: no other key can be in the table."""
        lengths = end - start
        middle = start + (lengths >> 1)
        salt = lengths.astype(np.uint64)
        head = self._halves.may_hold(salted(spans.hashes(start, middle), salt))
        tail = self._halves.may_hold(salted(spans.hashes(middle, end), salt + _TAIL))
        asked = np.flatnonzero(head | tail)
        # A word that begins like the text departs behind the middle, one that ends so before it.
        low = np.where(tail, start, middle)[asked]
        high = np.where(head, end, middle)[asked]
        owners, hashes = _deletion_keys(spans, start[asked], end[asked], low, high)
        return asked[owners], hashes


def _word_halves(spans: Spans, start: Positions, end: Positions) -> Hashes:
    """Return the beginnings and ends of words that a text one edit away has as its halves."""
    found: list[Hashes] = []
    for more in (-1, 0, 1):
        lengths = np.maximum(end - start + more, 0)
        salt = lengths.astype(np.uint64)
        half = lengths >> 1
        found.append(salted(spans.hashes(start, start + half), salt))
        # Only the empty word has no room for the longer half.
        tail = np.maximum(end - (lengths - half), start)
        found.append(salted(spans.hashes(tail, end), salt + _TAIL))
    return np.concatenate(found)


def _deletion_keys(
    spans: Spans, start: Positions, end: Positions, low: Positions, high: Positions
) -> tuple[Positions, Hashes]:
    """Return owners and hashes of each text, and of it without each character in [low, high)."""
    owners, gaps = runs(low, high - low)
    without = spans.without(start[owners], gaps, end[owners])
    hashes = np.concatenate((spans.hashes(start, end), without))
    return np.concatenate((np.arange(len(start)), owners)), salted(hashes, _WHOLE)
