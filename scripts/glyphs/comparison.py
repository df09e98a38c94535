"""How alike any two of many drawn characters are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glyphs.drawing import Font, Pictures
from glyphs.pairs import ALIKE_SAME_STROKES
from glyphs.shapes import features

MARGIN = 0.001
"""What a first figure in single precision may be off."""
_CHUNK = 1_000

Codes = tuple[int, int]


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
