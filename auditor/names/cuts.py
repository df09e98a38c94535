"""Where a name may begin and end once the words around it are set aside.

``官方人民日报客户端TB`` begins at 人 as well, and ends at 报 and at 端 as well. A cut is a position
beyond which only words stand that leave a name looking like the body itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import Codes, Positions, hashes_of
from auditor.names.keys import HashSet

_ROUNDS = 3
_LAST_BIT = 31
_NOWHERE = np.zeros(0, dtype=np.int64)
_AT_BITS = 32
_AT = (1 << _AT_BITS) - 1
_LEAST = 2
"""Characters that a name keeps between its cuts."""


class Cuts(NamedTuple):
    """Cuts of many texts: ``owners`` are positions of texts, ``at`` positions in the flat array."""

    owners: Positions
    at: Positions


_NO_CUTS = Cuts(_NOWHERE, _NOWHERE)


class Core(NamedTuple):
    """The stretches between the cuts; the whole text of each is among them."""

    owners: Positions
    first: Positions
    last: Positions


class WordEdges:
    """Words by their hash, with their lengths, asked at one end of many texts at once."""

    def __init__(self, words: Iterable[str]) -> None:
        kept = sorted({word for word in words if word})
        self._lengths = np.array(sorted({len(word) for word in kept}), dtype=np.int64)
        self._all_lengths = self._lengths.tolist()
        self._set = HashSet(hashes_of(kept))
        # Most names end and begin with a character that no word does, or none of many lengths.
        self._firsts = self._by_character(kept, 0)
        self._lasts = self._by_character(kept, -1)

    def _by_character(self, words: Sequence[str], at: int) -> NDArray[np.uint32]:
        """Return a table of 0x110000 code points: a bit for each length of word that it begins."""
        table = np.zeros(0x110000, dtype=np.uint32)
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        bits = np.minimum(np.searchsorted(self._lengths, lengths), _LAST_BIT).astype(np.uint32)
        characters = np.fromiter((ord(word[at]) for word in words), np.int64, len(words))
        np.bitwise_or.at(table, characters, np.uint32(1) << bits)
        return table

    def _fitting(self, lengths: NDArray[np.uint32], room: Positions) -> tuple[Positions, Positions]:
        """Return which stretches may hold a word of which length, as places and lengths."""
        used = int(np.bitwise_or.reduce(lengths, initial=np.uint32(0)))
        found, sizes = [_NOWHERE], []
        for bit, length in enumerate(self._all_lengths):
            mask = 1 << min(bit, _LAST_BIT)
            if used & mask:
                found.append(np.flatnonzero((lengths & np.uint32(mask) != 0) & (room >= length)))
                sizes.append(length)
        counts = [len(rows) for rows in found[1:]]
        return np.concatenate(found), np.repeat(np.array(sizes, dtype=np.int64), counts)

    def ending(self, codes: Codes, owners: Positions, at: Positions, first: Positions) -> Cuts:
        """Return where words begin that end at ``at`` and begin no earlier than ``first``."""
        possible = np.flatnonzero(at > first)
        lengths = self._lasts.take(codes.flat[at[possible] - 1])
        some = np.flatnonzero(lengths)
        if not some.size:
            return _NO_CUTS
        possible = possible[some]
        rows, sizes = self._fitting(lengths[some], at[possible] - first[possible])
        last, owners = at[possible[rows]], owners[possible[rows]]
        held = self._set.holds(codes.hashes(last - sizes, last))
        return Cuts(owners[held], (last - sizes)[held])

    def beginning(self, codes: Codes, owners: Positions, at: Positions, last: Positions) -> Cuts:
        """Return where words end that begin at ``at`` and end no later than ``last``."""
        possible = np.flatnonzero(at < last)
        lengths = self._firsts.take(codes.flat[at[possible]])
        some = np.flatnonzero(lengths)
        if not some.size:
            return _NO_CUTS
        possible = possible[some]
        rows, sizes = self._fitting(lengths[some], last[possible] - at[possible])
        first, owners = at[possible[rows]], owners[possible[rows]]
        held = self._set.holds(codes.hashes(first, first + sizes))
        return Cuts(owners[held], (first + sizes)[held])


class Prefixes:
    """Words of two characters or more, asked at the beginning of many texts."""

    def __init__(self, words: Iterable[str]) -> None:
        kept = [word for word in words if len(word) >= 2]
        self._pairs = HashSet.of(word[:2] for word in kept)
        self._words = WordEdges(kept)

    def beginning(self, codes: Codes, owners: Positions, at: Positions) -> Cuts:
        """Return where words end that begin at ``at``."""
        last = codes.starts[owners + 1]
        fits = np.flatnonzero(last - at >= 2)
        fits = fits[self._pairs.holds(codes.hashes(at[fits], at[fits] + 2))]
        return self._words.beginning(codes, owners[fits], at[fits], last[fits])


def character_table(characters: Iterable[str]) -> NDArray[np.bool_]:
    """Return a table of 0x110000 code points that marks some characters."""
    table = np.zeros(0x110000, dtype=np.bool_)
    table[[ord(character) for character in characters]] = True
    return table


def joined(found: list[Cuts]) -> Cuts:
    """Return several lists of cuts as one."""
    return Cuts(np.concatenate([f.owners for f in found]), np.concatenate([f.at for f in found]))


def tail_cuts(codes: Codes, words: WordEdges, plain: NDArray[np.bool_]) -> Cuts:
    """Return where each text may end: its end, and before words, letters and digits at its end."""
    first, last = codes.starts[:-1], codes.starts[1:]
    found = [Cuts(np.arange(len(first)), last)]
    for _ in range(_ROUNDS):
        owners, at = found[-1]
        begun = words.ending(codes, owners, at, first[owners] + _LEAST)
        latin = _runs_back(plain, found[-1], first[owners])
        kept = latin.at >= first[latin.owners] + _LEAST
        found.append(_unique(joined([begun, Cuts(latin.owners[kept], latin.at[kept])])))
        if not found[-1].at.size:
            break
    return _unique(joined(found))


def head_cuts(codes: Codes, words: WordEdges) -> Cuts:
    """Return where each text may begin: its start, and after words at its start."""
    first, last = codes.starts[:-1], codes.starts[1:]
    found = [Cuts(np.arange(len(first)), first)]
    for _ in range(_ROUNDS):
        owners, at = found[-1]
        found.append(_unique(words.beginning(codes, owners, at, last[owners] - _LEAST)))
        if not found[-1].at.size:
            break
    return _unique(joined(found))


def cores(heads: Cuts, tails: Cuts) -> Core:
    """Return every stretch from a head cut to a tail cut of the same text, two characters long."""
    low = np.searchsorted(tails.owners, heads.owners, side="left")
    counts = np.searchsorted(tails.owners, heads.owners, side="right") - low
    steps = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    chosen = np.repeat(low, counts) + steps
    first, last = np.repeat(heads.at, counts), tails.at[chosen]
    kept = last - first >= _LEAST
    return Core(tails.owners[chosen][kept], first[kept], last[kept])


def _unique(cuts: Cuts) -> Cuts:
    """Return the cuts ordered by text and position, each once."""
    if not cuts.at.size:
        return cuts
    packed = cuts.owners << _AT_BITS
    packed |= cuts.at
    packed.sort(kind="stable")
    fresh = np.ones(len(packed), dtype=np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=fresh[1:])
    packed = packed[fresh]
    return Cuts(packed >> _AT_BITS, packed & _AT)


def _runs_back(marked: NDArray[np.bool_], cuts: Cuts, first: Positions) -> Cuts:
    """Return where the runs of marked characters begin that end at some cuts.

    ``first`` is where the text of each cut begins; at a cut without such a run is none.
    """
    some = np.flatnonzero(cuts.at > first)
    some = some[marked[cuts.at[some] - 1]]
    if not some.size:
        return _NO_CUTS
    ends = cuts.at[some]
    stops = np.flatnonzero(~marked)
    # The character before the run, or none before the first one.
    before = np.append(-1, stops)[np.searchsorted(stops, ends)]
    return Cuts(cuts.owners[some], np.maximum(before + 1, first[some]))
