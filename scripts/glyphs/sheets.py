"""Contact sheets: pairs drawn side by side, for the eye of a reviewer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from glyphs.pairs import Pair

BANDS = (1.01, 0.92, 0.90, 0.88, 0.86, 0.84, 0.82, 0.80, 0.78, 0.70, 0.0)
"""Edges of the bands of likeness that are sampled apart."""
SAMPLE = 100
_ACROSS = 10
_WIDE, _HIGH, _SIZE = 128, 78, 48


def sample(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """Return up to ``SAMPLE`` pairs of every band, chosen by a fixed seed."""
    chosen = {}
    for upper, lower in pairwise(BANDS):
        band = [pair for pair in pairs if lower <= pair.likeness < upper]
        order = np.random.default_rng(0).permutation(len(band))[:SAMPLE]
        chosen[f"{lower:.2f}"] = sorted((band[at] for at in order), key=lambda one: one.found)
    return chosen


def write_sheet(path: Path, pairs: Sequence[Pair], font_file: Path, face: int) -> None:
    """Draw pairs ten a line, each with its number and its likeness, as one PNG."""
    lines = -(-len(pairs) // _ACROSS)
    sheet = Image.new("L", (_ACROSS * _WIDE, max(1, lines) * _HIGH), 255)
    draw = ImageDraw.Draw(sheet)
    large = ImageFont.truetype(str(font_file), _SIZE, index=face)
    small = ImageFont.truetype(str(font_file), 14, index=face)
    for number, pair in enumerate(pairs):
        left, top = number % _ACROSS * _WIDE, number // _ACROSS * _HIGH
        draw.text((left + 6, top), pair.found + pair.expected, fill=0, font=large)
        draw.text((left + 6, top + 58), f"{number} {pair.likeness:.3f}", fill=90, font=small)
    sheet.save(path)
