"""Likeness of two drawn characters: pure functions on arrays of grey values.

A shape is a square of grey values, 0 (paper) to 1 (ink). Every function takes many at once, as an
array of (characters, SIDE, SIDE), and knows no font.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Shapes = NDArray[np.float64]
"""(characters, SIDE, SIDE), grey values 0..1."""
Features = NDArray[np.float64]
"""(characters, figures), each row of length one, or all zero for a blank shape."""

SIDE = 32
"""Side of a shape in pixels: 24, 32 and 48 rank the pairs almost alike."""
CELL = 4
DIRECTIONS = 8
_BLUR = np.array([0.05448868, 0.24420134, 0.40261995, 0.24420134, 0.05448868])
"""A Gauss curve of one pixel's deviation, cut at two."""


def blurred(shapes: Shapes) -> Shapes:
    """Return the shapes blurred by one pixel, so that a stroke may move a little."""
    for axis in (1, 2):
        margin = [(0, 0)] * 3
        margin[axis] = (2, 2)
        padded = np.pad(shapes, margin)
        shapes = sum(
            (
                weight * np.take(padded, range(at, at + shapes.shape[axis]), axis)
                for at, weight in enumerate(_BLUR)
            ),
            np.zeros_like(shapes),
        )
    return shapes


def ink(shapes: Shapes) -> Features:
    """Return where the ink lies: grey values after a blur, about their mean (figure *z*)."""
    flat = blurred(shapes).reshape(len(shapes), -1)
    return _unit(flat - flat.mean(axis=1, keepdims=True))


def directions(shapes: Shapes) -> Features:
    """Return which way strokes run: eight directions in every cell of 4 x 4 pixels (figure *h*).

    Both edges of a stroke count as one direction; an edge between two directions counts for both.
    """
    down, across = np.gradient(shapes, axis=(1, 2))
    strength = np.hypot(down, across)
    turn = np.arctan2(down, across) / np.pi * DIRECTIONS
    lower = np.floor(turn).astype(np.int64)
    share = turn - lower
    counts = [
        _by_cell(
            np.where(lower % DIRECTIONS == way, strength * (1 - share), 0.0)
            + np.where((lower + 1) % DIRECTIONS == way, strength * share, 0.0)
        )
        for way in range(DIRECTIONS)
    ]
    return _unit(np.concatenate(counts, axis=1))


def features(shapes: Shapes) -> Features:
    """Return both figures side by side: the product of two rows is the mean likeness, -1..1."""
    both: Features = np.concatenate([ink(shapes), directions(shapes)], axis=1) / np.sqrt(2)
    return both


def _by_cell(values: Shapes) -> Features:
    cells = SIDE // CELL
    sums: Features = values.reshape(-1, cells, CELL, cells, CELL).sum(axis=(2, 4))
    return sums.reshape(len(values), -1)


def _unit(rows: Features) -> Features:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Features = np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-9)
    return unit
