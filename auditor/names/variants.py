"""Other readings of a few names: letters as one character, doubles as one, halves joined, masks.

A screen compares characters one by one. What stands for one character in two, or for none, is
undone here first, for the few names in which it occurs; what it means is then read from the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import Codes, Positions, without
from auditor.names.cuts import character_table
from auditor.names.keys import HashSet
from auditor.names.reading import MASKED, masked
from auditor.names.sounds import may_follow, sounded
from auditor.names.spelling import MASK, PARTS, halves

LETTERS = "\ue000"
"""Stands for a run of letters: no name holds a character of the private area unless by mischief."""

_SHORTEST_RUN = 4
"""Letters that two syllables take; a run of fewer stands for one character."""

_RUN = re.compile(f"[a-z]{{{_SHORTEST_RUN},}}")

STANDS_FOR_ANY = frozenset({LETTERS, MASK})
"""What a reading holds where any character may be meant."""


class Variant(NamedTuple):
    """Readings of some names; ``owners`` are the positions of the names."""

    owners: Positions
    codes: Codes


class Variants:
    """Makes the other readings of a chunk of folded names."""

    def __init__(self) -> None:
        self._letters = character_table("abcdefghijklmnopqrstuvwxyz")
        self._plain = character_table("abcdefghijklmnopqrstuvwxyz0123456789")
        self._halves = halves()
        self._first = character_table(pair[0] for pair in self._halves)
        self._second = character_table(pair[1] for pair in self._halves)
        self._known = HashSet.of(self._halves)
        self._pairs = re.compile("|".join(map(re.escape, self._halves)))

    def of(self, names: Sequence[str], codes: Codes) -> Iterator[Variant]:
        """Yield the readings that apply; ``codes`` are the folded ``names``."""
        plain = self._plain.take(codes.flat)
        mixed = _some(plain, codes) & ~_all(plain, codes)
        if mixed.any():
            yield _changed(codes, mixed, self._without_letters)
            yield _changed(codes, mixed, self._letters_as_one)
            yield from self._read_aloud(codes, mixed)
        doubled = np.zeros(len(codes.flat), dtype=np.bool_)
        doubled[1:] = codes.flat[1:] == codes.flat[:-1]
        doubled[codes.starts[:-1][codes.starts[:-1] < len(doubled)]] = False
        if (double := _some(doubled & ~plain, codes)).any():
            yield _changed(codes, double, _once)
        yield from self._rewritten(names, codes)

    def _read_aloud(self, codes: Codes, mixed: NDArray[np.bool_]) -> Iterator[Variant]:
        """Yield names with a run of letters as its syllables: 人民ribao sounds like a paper."""
        found = {
            index: read
            for index in np.flatnonzero(mixed & self._may_sound(codes)).tolist()
            if (read := _RUN.sub(_sounded, text := codes.text(index))) != text
        }
        if found:
            owners = np.fromiter(found, np.intp, len(found))
            yield Variant(owners, Codes.of(list(found.values())))

    def _may_sound(self, codes: Codes) -> NDArray[np.bool_]:
        """Mark the texts with a run of letters of which each may follow the one before it."""
        flat, letters = codes.flat, self._letters.take(codes.flat)
        begins = letters.copy()
        begins[1:] &= ~letters[:-1]
        starts = codes.starts[:-1][codes.starts[:-1] < len(flat)]
        begins[starts] = letters[starts]
        at = np.flatnonzero(letters)
        first = np.flatnonzero(begins[at])
        before = flat[at - 1]
        before[first] = ord("`")
        fit = np.logical_and.reduceat(may_follow(before, flat[at]), first) if at.size else first
        long = np.diff(np.append(first, len(at))) >= _SHORTEST_RUN
        marked = np.zeros(len(codes.starts) - 1, dtype=np.bool_)
        runs = at[first[long & (fit != 0)]]
        marked[np.searchsorted(codes.starts, runs, "right") - 1] = True
        return marked

    def _rewritten(self, names: Sequence[str], codes: Codes) -> Iterator[Variant]:
        found = {
            index: self._joined(codes.text(index))
            for index in np.flatnonzero(_some(self._parts(codes), codes)).tolist()
        }
        for texts in (found, _unmasked(names)):
            if texts:
                owners = np.fromiter(texts, np.intp, len(texts))
                yield Variant(owners, Codes.of(list(texts.values())))

    def _parts(self, codes: Codes) -> NDArray[np.bool_]:
        """Mark the first of two code points that are the parts of a character."""
        marked = self._first.take(codes.flat)
        marked[:-1] &= self._second.take(codes.flat[1:])
        marked[-1:] = False
        at = np.flatnonzero(marked)
        # Across two names the parts do not stand side by side.
        marked[at] = self._known.holds(codes.hashes(at, at + PARTS))
        marked[codes.starts[1:][codes.starts[1:] > codes.starts[:-1]] - 1] = False
        return marked

    def _joined(self, text: str) -> str:
        return self._pairs.sub(lambda parts: self._halves[parts.group()], text)

    def _without_letters(
        self, flat: NDArray[np.uint32], starts: Positions
    ) -> tuple[NDArray[np.uint32], Positions]:
        return without(flat, starts, self._plain.take(flat))

    def _letters_as_one(
        self, flat: NDArray[np.uint32], starts: Positions
    ) -> tuple[NDArray[np.uint32], Positions]:
        letters = self._letters.take(flat)
        follows = letters.copy()
        follows[1:] &= letters[:-1]
        follows[starts[:-1]] = False
        return without(np.where(letters, np.uint32(ord(LETTERS)), flat), starts, follows)


def _sounded(run: re.Match[str]) -> str:
    return sounded(run.group()) or run.group()


Change = Callable[[NDArray[np.uint32], Positions], tuple[NDArray[np.uint32], Positions]]


def _changed(codes: Codes, chosen: NDArray[np.bool_], change: Change) -> Variant:
    owners = np.flatnonzero(chosen)
    lengths = np.diff(codes.starts)
    starts = np.zeros(len(owners) + 1, dtype=np.intp)
    np.cumsum(lengths[owners], out=starts[1:])
    flat = codes.flat[np.repeat(chosen, lengths)]
    return Variant(owners, Codes(*change(flat, starts)))


def _once(flat: NDArray[np.uint32], starts: Positions) -> tuple[NDArray[np.uint32], Positions]:
    again = np.zeros(len(flat), dtype=np.bool_)
    again[1:] = flat[1:] == flat[:-1]
    again[starts[:-1]] = False
    return without(flat, starts, again)


def _some(marked: NDArray[np.bool_], codes: Codes) -> NDArray[np.bool_]:
    return _count(marked, codes) > 0


def _all(marked: NDArray[np.bool_], codes: Codes) -> NDArray[np.bool_]:
    return np.equal(_count(marked, codes), np.diff(codes.starts))


def _count(marked: NDArray[np.bool_], codes: Codes) -> Positions:
    sums = np.zeros(len(marked) + 1, dtype=np.intp)
    np.cumsum(marked, out=sums[1:])
    return np.diff(sums[codes.starts])


def _unmasked(names: Sequence[str]) -> dict[int, str]:
    blob = "".join(names)
    places = [place for sign in sorted(MASKED) for place in _places(blob, sign)]
    if not places:
        return {}
    ends = np.cumsum(np.fromiter(map(len, names), np.int64, len(names)))
    hidden = np.unique(np.searchsorted(ends, places, "right"))
    return {index: masked(names[index]) for index in hidden.tolist()}


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)
