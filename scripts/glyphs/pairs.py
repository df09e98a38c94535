"""Which pairs the table holds: those that the figures admit, and those that a person decided."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from glyphs.alphabets import folded, is_han
from glyphs.drawing import Font, Pictures
from glyphs.shapes import features

ALIKE = 0.86
"""Admits two Chinese characters by look alone."""
ALIKE_ONE_STROKE = 0.78
"""Admits them when their stroke orders differ by one stroke at most."""
ALIKE_SAME_STROKES = 0.70
"""Admits them when their stroke orders are equal."""
ALIKE_LISTED = 0.50
"""Admits what Unicode lists as confusable: the list decides, the drawing only confirms."""
FIGURE_LISTED = 0.80
"""The least figure of a pair that Unicode lists: fonts other than ours made it list them."""
MARGIN = 0.001
"""What a first figure in single precision may be off."""
_CHUNK = 1_000

Codes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """``found`` may stand for ``expected``; likeness up to 1, ``strokes`` ``None`` when unknown.

    ``listed`` says that Unicode lists the two as confusable; ``drawn`` is false where a font lacks
    one of them, so that only a person can add the pair.
    """

    found: str
    expected: str
    square: float
    box: float
    strokes: int | None
    listed: bool = False
    drawn: bool = True

    @property
    def likeness(self) -> float:
        """The higher of the two likenesses."""
        return max(self.square, self.box)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a person decided on a pair; ``figure`` 0..1 is the least similarity of an added one."""

    added: bool
    figure: float
    source: str
    as_of: str


def admitted(pair: Pair) -> bool:
    """Tell whether the figures of a pair are reason enough; letters need the list of Unicode."""
    alike, strokes = pair.likeness, pair.strokes
    if not (is_han(pair.found) and is_han(pair.expected)):
        return pair.listed and alike >= ALIKE_LISTED
    if alike >= ALIKE or (pair.listed and alike >= ALIKE_ONE_STROKE):
        return True
    if strokes is None:
        return False
    return (strokes <= 1 and alike >= ALIKE_ONE_STROKE) or (
        strokes == 0 and alike >= ALIKE_SAME_STROKES
    )


class Comparison:
    """Characters drawn in every font, and the likeness of any two of them."""

    def __init__(self, characters: Sequence[str], fonts: Sequence[Font]) -> None:
        self.characters = characters
        self.index = {character: at for at, character in enumerate(characters)}
        self._squares = [font.squares(characters) for font in fonts]
        self._boxes = [font.boxes(characters) for font in fonts]

    def near(self, found: Sequence[str], expected: Sequence[str]) -> dict[tuple[str, str], float]:
        """Map the pairs that may be admitted by look to a first figure, good to ``MARGIN``."""
        near: dict[Codes, float] = {}
        left, right = ([self.index[one] for one in side] for side in (found, expected))
        for pictures in (self._squares, self._boxes):
            rows, columns = _single(pictures, left), _single(pictures, right).T
            for at in range(0, len(left), _CHUNK):
                figures = rows[at : at + _CHUNK] @ columns
                places = np.nonzero(figures >= ALIKE_SAME_STROKES - MARGIN)
                for row, column in zip(*(place.tolist() for place in places), strict=True):
                    pair, figure = (left[at + row], right[column]), float(figures[row, column])
                    near[pair] = max(figure, near.get(pair, 0.0))
        characters = self.characters
        return {(characters[a], characters[b]): one for (a, b), one in near.items() if a != b}

    def likenesses(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return the two likenesses of each pair, (pairs, 2): in the em square, by ink box.

        Worked out in double precision one pair at a time, so that no order of addition in a matrix
        product shows in the third place.
        """
        found = [self.index[a] for a, _ in pairs]
        expected = [self.index[b] for _, b in pairs]
        figures = np.zeros((len(pairs), 2))
        for column, pictures in enumerate((self._squares, self._boxes)):
            for at in range(0, len(pairs), _CHUNK):
                part = slice(at, at + _CHUNK)
                for drawn in pictures:
                    left = features(drawn[found[part]] / 255)
                    right = features(drawn[expected[part]] / 255)
                    figures[part, column] += (left * right).sum(axis=1) / len(pictures)
        return figures


def _single(pictures: Sequence[Pictures], places: Sequence[int]) -> NDArray[np.float32]:
    """Return the features of all fonts side by side, in single precision: a first look."""
    rows = [
        np.concatenate(
            [
                features(drawn[places[at : at + _CHUNK]] / 255).astype(np.float32)
                for at in range(0, len(places), _CHUNK)
            ]
        )
        for drawn in pictures
    ]
    joined = np.concatenate(rows, axis=1)
    joined /= np.float32(len(pictures) ** 0.5)
    return joined


def strokes_between(one: str, other: str, orders: Mapping[str, str]) -> int | None:
    """Return how many strokes must be changed, added or dropped between two stroke orders."""
    if one not in orders or other not in orders:
        return None
    return Levenshtein.distance(orders[one], orders[other])


def read_reviewed(path: Path) -> dict[tuple[str, str], Reviewed]:
    """Read the pairs that a person added or rejected, both ways where the row says so."""
    decided = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            added = row["decision"] == "add"
            one = Reviewed(added, float(row["similarity"] or 0), row["source"], row["as_of"])
            decided[row["found"], row["expected"]] = one
            if row["ways"] == "both":
                decided[row["expected"], row["found"]] = one
    return decided


def arriving(pair: Pair) -> tuple[str, str]:
    """Return what arrives of a pair in a folded name: capitals as small letters."""
    return folded(pair.found), folded(pair.expected)
