"""Where in many texts a phrase may begin: the characters that some phrase begins with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.loops import Loop, compiles

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

_SIZE: Final = 1 << 16
_MOST: Final = 1 << 12
"""Different beginnings beyond which too many places would be looked at twice."""

_FACTOR: Final = np.uint16(
    0x9E37
)  # odd: of two pairs that differ in one character no hash is equal


class Beginnings:
    """The first three characters of phrases, or both of shorter ones, as tables of their hashes.

    Every place of a text is asked for the first two, and the few that remain for the third: of
    1.3 million places in a million posts where two stand, 100,000 are left.
    ``longest`` is the length of the longest phrase.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        begun, self.longest = set(), 0
        for phrase in phrases:
            begun.add(phrase[:3])
            self.longest = max(self.longest, len(phrase))
        pairs = {some[:2] for some in begun}
        self.tell = 0 < len(pairs) <= _MOST and all(len(pair) == 2 for pair in pairs)
        """Whether asking is worth it: a phrase of one character has no such beginning."""
        known = [tuple(map(ord, some)) for some in begun] if self.tell else []
        two, three = (
            np.array([codes for codes in known if len(codes) == length], np.uint32)
            for length in (2, 3)
        )
        two, three = two.reshape(-1, 2).T, three.reshape(-1, 3).T
        whole = _table(*two)
        self._tables = whole | _table(*three[:2]), whole, _table(*three)
        self._whole = np.unique(_packed(*two, np.zeros_like(two[0]))), np.unique(_packed(*three))

    def places(self, codes: NDArray[np.uint32]) -> Places:
        """Return the places at which a phrase begins as far as three characters tell, ascending."""
        may = (_looped_begins if compiles() else _begins)(codes, self._tables)
        first, second, third = _read(codes, may)
        two, three = self._whole
        found = _known(_packed(first, second, np.zeros_like(first)), two)
        found |= _known(_packed(first, second, third), three)
        places: Places = may[found]
        return places


def _begins(codes: NDArray[np.uint32], tables: tuple[Flags, Flags, Flags]) -> Places:
    """Return the places of which the tables know the hash of two characters, or of three.

    They are those of the first two of any phrase, of both of a short one, and of the first three.
    """
    begun, two, three = tables
    short = codes.astype(np.uint16)
    may = np.flatnonzero(begun.take(_hashed(short[:-1], short[1:])))
    first, second, third = _read(codes, may)
    return may[two[_hashed(first, second)] | three[_hashed(first, second, third)]]


def _looped_begins(codes: NDArray[np.uint32], tables: tuple[Flags, Flags, Flags]) -> Places:
    places = np.empty(len(codes), np.intp)
    return places[: _find_begins(codes, *tables, places)]


@Loop
def _find_begins(
    codes: NDArray[np.uint32], begun: Flags, two: Flags, three: Flags, places: Places
) -> int:
    """Write such places and return their number."""
    count, last = 0, len(codes) - 1
    for place in range(last):
        pair = np.uint16(np.uint16(codes[place]) * _FACTOR + np.uint16(codes[place + 1]))
        if begun[pair]:
            third = np.uint16(codes[place + 2]) if place + 1 < last else np.uint16(0)
            places[count] = place
            count += two[pair] or three[np.uint16(pair * _FACTOR + third)]
    return count


def _read(codes: NDArray[np.uint32], places: Places) -> NDArray[np.uint32]:
    """Return three characters (row) from each place on (column); 0 behind the last one."""
    found = np.zeros((3, len(places)), np.uint32)
    for row in range(3):
        at = places + row
        inside = at < len(codes)
        found[row, inside] = codes[at[inside]]
    return found


def _table(*codes: NDArray[np.uint32]) -> Flags:
    """Return which hashes the beginnings have whose characters are given, an array a place."""
    table = np.zeros(_SIZE, dtype=np.bool_)
    table[_hashed(*codes)] = True
    return table


def _hashed(*codes: NDArray[np.uint32] | NDArray[np.uint16]) -> NDArray[np.uint16]:
    first, *others = (each.astype(np.uint16, copy=False) for each in codes)
    for each in others:
        first = first * _FACTOR + each
    return first


def _packed(*codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return three characters as one number: a code point has 21 bits."""
    first, second, third = (each.astype(np.uint64) for each in codes)
    return (first << np.uint64(42)) | (second << np.uint64(21)) | third


def _known(values: NDArray[np.uint64], known: NDArray[np.uint64]) -> Flags:
    """Tell which values are among some that ascend."""
    if not known.size:
        return np.zeros(len(values), dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: Flags = known[at] == values
    return found
