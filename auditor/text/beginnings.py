"""Where in many texts a phrase may begin: two characters that some phrase begins with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.loops import Loop, compiles

Places = NDArray[np.intp]

_SIZE: Final = 1 << 16
_MOST: Final = 1 << 12
"""Different beginnings beyond which too many places would be looked at twice."""

_FACTOR: Final = np.uint16(
    0x9E37
)  # odd: of two pairs that differ in one character no hash is equal


class Beginnings:
    """The first two characters of phrases, as a table that is asked for every place of a text.

    ``longest`` is the length of the longest phrase.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        pairs, self.longest = set(), 0
        for phrase in phrases:
            pairs.add(phrase[:2])
            self.longest = max(self.longest, len(phrase))
        self.tell = 0 < len(pairs) <= _MOST and all(len(pair) == 2 for pair in pairs)
        """Whether asking is worth it: a phrase of one character has no such beginning."""
        known = sorted(tuple(map(ord, pair)) for pair in pairs) if self.tell else []
        codes = np.array(known, np.uint32).reshape(-1, 2)
        self._pairs = _paired(codes[:, 0], codes[:, 1])
        self._may = np.zeros(_SIZE, dtype=np.bool_)
        self._may[_hashed(codes[:, 0].astype(np.uint16), codes[:, 1].astype(np.uint16))] = True

    def places(self, codes: NDArray[np.uint32]) -> Places:
        """Return the places at which two characters stand that begin a phrase, ascending."""
        may = (_looped_begins if compiles() else _begins)(codes, self._may)
        found = _paired(codes[may], codes[may + 1])
        at = np.minimum(np.searchsorted(self._pairs, found), len(self._pairs) - 1)
        places: Places = may[self._pairs[at] == found]
        return places


def _begins(codes: NDArray[np.uint32], may: NDArray[np.bool_]) -> Places:
    """Return the places of which the table ``may`` knows the hash of two characters."""
    short = codes.astype(np.uint16)
    return np.flatnonzero(may.take(_hashed(short[:-1], short[1:])))


def _looped_begins(codes: NDArray[np.uint32], may: NDArray[np.bool_]) -> Places:
    places = np.empty(len(codes), np.intp)
    return places[: _find_begins(codes, may, places)]


@Loop
def _find_begins(codes: NDArray[np.uint32], may: NDArray[np.bool_], places: Places) -> int:
    """Write such places and return their number."""
    count = 0
    for place in range(len(codes) - 1):
        first, second = np.uint16(codes[place]), np.uint16(codes[place + 1])
        places[count] = place
        count += may[np.uint16(first * _FACTOR + second)]
    return count


def _hashed(first: NDArray[np.uint16], second: NDArray[np.uint16]) -> NDArray[np.uint16]:
    return first * _FACTOR + second


def _paired(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint64]:
    return (first.astype(np.uint64) << np.uint64(32)) | second
