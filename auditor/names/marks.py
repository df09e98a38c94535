"""What the screen finds about many names, and what it asks of each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import Codes, Hashes, Positions
from auditor.names.reading import Reading


class Asked(NamedTuple):
    """What the screen asks of one name: which tiers may answer it.

    ``near`` are the forms, by number, that it may stand near, ``mixed`` those it may be another
    order of (tier B); ``held``: it is a reference, or begins with one (X, A, C); ``built``: it may
    read as place and organ (C, D); ``news``: it ends in a news word (G).
    """

    near: frozenset[int]
    mixed: frozenset[int]
    held: bool
    built: bool
    news: bool


class Marks:
    """What is found about the names of one chunk while the conditions are asked."""

    def __init__(self, count: int) -> None:
        self.held = np.zeros(count, dtype=np.bool_)
        self.built = np.zeros(count, dtype=np.bool_)
        self.news = np.zeros(count, dtype=np.bool_)
        self.near: dict[int, set[int]] = {}
        self.mixed: dict[int, set[int]] = {}

    def asked(self) -> Iterator[tuple[int, Asked]]:
        """Yield the names that some tier may answer.

        Names of one kind follow one another, because code and tables that were just used are
        quicker than others: that is a tenth of the reading.
        """
        near = np.zeros(len(self.held), dtype=np.bool_)
        near[[*self.near, *self.mixed]] = True
        kinds = self.held * 4 + self.built * 2 + self.news + near * 8
        asked = np.flatnonzero(kinds)
        asked = asked[np.argsort(kinds[asked], kind="stable")]
        marks = (marked[asked].tolist() for marked in (self.held, self.built, self.news))
        for index, held, built, news in zip(asked.tolist(), *marks, strict=True):
            forms, mixed = self.near.get(index, ()), self.mixed.get(index, ())
            yield index, Asked(frozenset(forms), frozenset(mixed), held, built, news)


class Texts(NamedTuple):
    """Readings of names; ``names`` says which name each is of.

    ``own`` marks those whose name is itself a form: it is no slip of a neighbour's. The first
    ``written`` are the names as written: what is equal to a form departs from it in nothing.
    ``reading`` returns a name by its position.
    """

    codes: Codes
    names: Positions
    own: NDArray[np.bool_]
    written: int
    reading: Callable[[int], Reading]


class Stretches(NamedTuple):
    """Stretches of texts; ``whole`` are their hashes."""

    owners: Positions
    first: Positions
    last: Positions
    whole: Hashes


class Heads(NamedTuple):
    """Marks on texts that begin as a built name does.

    ``placed``: with a place; ``read``: with a place and a known word, or with a word for the state.
    ``behind`` marks the positions of the flat array behind a place.
    """

    read: NDArray[np.bool_]
    placed: NDArray[np.bool_]
    behind: NDArray[np.bool_]


class Built(NamedTuple):
    """Names that end with a word of an organ, an outlet or a desk, by position.

    ``read`` begin as a built name does, ``ended`` with anything that may stand before such a word.
    """

    read: Positions
    ended: Positions
