"""How alike two texts are, exactly: the share of their three-character runs that both have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from operator import ne
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.copies.shingles import WIDTH, exact, joined

_CHUNK: Final = 1 << 20
"""Characters a pass: some tens of megabytes are held."""


def jaccards(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    """Return the Jaccard likeness (0..1) of each pair of texts, given as content characters.

    Counted over the distinct runs of three characters, without any estimate.

    Raises:
        ValueError: a text has fewer than three characters, or the sides differ in number.
    """
    sizes = np.array(
        [(len(one), len(other)) for one, other in zip(left, right, strict=True)], np.intp
    ).reshape(-1, 2)
    if sizes.size and sizes.min() < WIDTH:
        raise ValueError(f"a text to compare has fewer than {WIDTH} characters")
    totals = sizes.sum(axis=1)
    found = np.ones(len(totals), np.float64)
    # Three in ten members of groups say exactly what the first one does (bench).
    differs = np.fromiter(map(ne, left, right), np.bool_, len(totals))
    order = np.flatnonzero(differs)
    order = order[np.argsort(totals[order], kind="stable")]
    ends = np.cumsum(totals[order])
    start = 0
    while start < len(order):
        reach = (ends[start - 1] if start else 0) + _CHUNK
        stop = max(start + 1, int(np.searchsorted(ends, reach, side="right")))
        chosen = order[start:stop]
        found[chosen] = _piece(left, right, chosen.tolist(), sizes[chosen])
        start = stop
    return found


def likeness_to(one: str, others: Sequence[str]) -> NDArray[np.float64]:
    """Return ``jaccards`` of one text with each of others; equal ones are compared once.

    Raises:
        ValueError: a text has fewer than three characters.
    """
    places: dict[str, int] = {}
    at = [places.setdefault(other, len(places)) for other in others]
    found: NDArray[np.float64] = jaccards([one] * len(places), list(places))[at]
    return found


def _piece(
    left: Sequence[str], right: Sequence[str], chosen: Sequence[int], sizes: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Compare pairs that stand in the order of their lengths: equal lengths fill a rectangle."""
    texts = joined(list(chain.from_iterable((left[at], right[at]) for at in chosen)))
    # The last bit tells the side; the one above it keeps neighbours two apart from that.
    marked = exact(texts) << np.uint64(2)
    marked |= np.repeat(np.tile(np.array([0, 1], np.uint64), len(chosen)), sizes.reshape(-1))
    totals = sizes.sum(axis=1)
    found = np.empty(len(chosen), np.float64)
    bounds = np.flatnonzero(np.diff(totals)) + 1
    at = first = 0
    for last in (*bounds.tolist(), len(chosen)):
        total = int(totals[first])
        end = at + (last - first) * total
        found[first:last] = _rectangle(marked[at:end].reshape(last - first, total))
        at, first = end, last
    return found


def _rectangle(marked: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Compare the two sides of each row: in order, a run of both sides is a step of one."""
    marked.sort(axis=1)
    steps = np.diff(marked, axis=1)
    both = np.count_nonzero(steps == 1, axis=1)
    either = 1 + np.count_nonzero(steps, axis=1) - both
    likeness: NDArray[np.float64] = both / either
    return likeness
