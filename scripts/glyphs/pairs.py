"""Which pairs the table holds: those that the figures admit, and those that a person decided."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from glyphs.alphabets import folded, is_han

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
