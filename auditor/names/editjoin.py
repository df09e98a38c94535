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

from auditor.names.codes import Codes, Flat, Hashes, Positions, flat_chunks
from auditor.names.keys import CHUNK, Bitmap, Table, runs, salted
from auditor.names.pairs import Pairs, distinct

# Salts that are no length: kinds of key never meet.
_TAIL, _WHOLE = np.uint64(1 << 40), np.uint64(1 << 41)


class EditJoin:
    """Words arranged so that all texts within one edit of one are found.

    Takes about 14 bytes for a word and for each of its characters, beside the words themselves.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)
        self._halves = Bitmap(distinct(np.concatenate([np.zeros(0, np.uint64), *self._ends()])))
        self._table = Table(self._deletions(), len(self._words))

    @property
    def nbytes(self) -> int:
        """Return the memory of the index in bytes, without the words themselves."""
        return self._halves.nbytes + self._table.nbytes

    def pairs(self, texts: Sequence[str]) -> Pairs:
        """Return every pair at a Levenshtein distance of 0 or 1, verified; none is missed."""
        return Pairs.joined(self._verified(texts, part) for part in flat_chunks(texts, CHUNK))

    def candidates(self, codes: Codes, first: Positions, last: Positions) -> Pairs:
        """Return pairs (stretch, word) that may stand within one edit, in order and once each.

        Among them are all that do, and some that are two edits apart.
        """
        owners, hashes = self._asked(codes, first, last)
        asked, words = self._table.find(hashes)
        return Pairs.unique(owners[asked], words, len(self._words))

    def _verified(self, texts: Sequence[str], part: Flat) -> Pairs:
        codes = Codes(part.flat, part.starts)
        found = self.candidates(codes, part.starts[:-1], part.starts[1:])
        pairs = Pairs(found.texts + part.first, found.words)
        distances = cpdist(
            *pairs.strings(texts, self._words), scorer=Levenshtein.distance, score_cutoff=1
        )
        return pairs.where(distances <= 1)

    def _ends(self) -> Iterator[Hashes]:
        """Yield the hashes of beginnings and ends of words, once each in a chunk."""
        for _, flat, starts in flat_chunks(self._words, CHUNK):
            yield distinct(_word_halves(Codes(flat, starts)))

    def _deletions(self) -> Iterator[tuple[Positions, Hashes]]:
        for start, flat, starts in flat_chunks(self._words, CHUNK):
            first, last = starts[:-1], starts[1:]
            owners, hashes = _deletion_keys(Codes(flat, starts), first, last, first, last)
            yield owners + start, hashes

    def _asked(self, codes: Codes, first: Positions, last: Positions) -> tuple[Positions, Hashes]:
        """Return owners and hashes of the keys worth a look: no other key can be in the table."""
        lengths = last - first
        middle = first + (lengths >> 1)
        salt = lengths.astype(np.uint64)
        head = self._halves.may_hold(salted(codes.hashes(first, middle), salt))
        tail = self._halves.may_hold(salted(codes.hashes(middle, last), salt + _TAIL))
        asked = np.flatnonzero(head | tail)
        # A word that begins like the text departs behind the middle, one that ends so before it.
        low = np.where(tail, first, middle)[asked]
        high = np.where(head, last, middle)[asked]
        owners, hashes = _deletion_keys(codes, first[asked], last[asked], low, high)
        return asked[owners], hashes


def _word_halves(codes: Codes) -> Hashes:
    """Return the beginnings and ends of words that a text one edit away has as its halves."""
    first, last = codes.starts[:-1], codes.starts[1:]
    found: list[Hashes] = []
    for more in (-1, 0, 1):
        lengths = np.maximum(last - first + more, 0)
        salt = lengths.astype(np.uint64)
        half = lengths >> 1
        found.append(salted(codes.hashes(first, first + half), salt))
        # Only the empty word has no room for the longer half.
        tail = np.maximum(last - (lengths - half), first)
        found.append(salted(codes.hashes(tail, last), salt + _TAIL))
    return np.concatenate(found)


def _deletion_keys(
    codes: Codes, first: Positions, last: Positions, low: Positions, high: Positions
) -> tuple[Positions, Hashes]:
    """Return owners and hashes of each text, and of it without each character in [low, high)."""
    owners, gaps = runs(low, high - low)
    gapped = codes.gapped(first[owners], gaps, last[owners])
    hashes = np.concatenate((codes.hashes(first, last), gapped))
    return np.concatenate((np.arange(len(first)), owners)), salted(hashes, _WHOLE)
