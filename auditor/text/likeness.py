"""How alike two short texts are, and in what they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein


class Edit(NamedTuple):
    """One change that turns a text into another; spans are end exclusive.

    ``kind`` is replace, insert or delete; ``found`` stands in the first text at ``start:end``,
    ``expected`` in the second.
    """

    kind: str
    start: int
    end: int
    found: str
    expected: str


def ratio(a: str, b: str) -> float:
    """Return the likeness of two texts, 0 to 100 (rapidfuzz ``fuzz.ratio``: indel similarity)."""
    return fuzz.ratio(a, b)


def likest(text: str, others: Sequence[str], *, at_least: float, most: int = 3) -> list[str]:
    """Return the ``most`` texts of ``others`` with a ratio of ``at_least`` (0..100), best first."""
    found = process.extract(text, others, scorer=fuzz.ratio, score_cutoff=at_least, limit=most)
    return [other for other, _, _ in found]


def edits(a: str, b: str) -> tuple[Edit, ...]:
    """Return the fewest changes that turn ``a`` into ``b`` (Levenshtein), in order of ``a``."""
    return tuple(
        Edit(step.tag, step.src_start, step.src_end, a[step.src_start : step.src_end], expected)
        for step in Levenshtein.opcodes(a, b)
        if step.tag != "equal"
        for expected in [b[step.dest_start : step.dest_end]]
    )
