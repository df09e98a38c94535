"""How alike two texts are, exactly: the share of their three-character runs that both have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from operator import ne
from secrets import randbits
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.copies.shingles import WIDTH, exact, exact_at, joined
from auditor.text import Loop, blob_of, compiles

_CHUNK: Final = 1 << 20
"""Characters a pass: some tens of megabytes are held."""

_BITS: Final = 6
"""The smallest table of runs has 2**6 places; else it has twice as many as there are characters."""

_SPREAD: Final = np.uint64(randbits(64) | 1)
"""Another factor in every process: who knew it could make texts whose runs all fall together. What
is found does not hang on it."""


def jaccards(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    """Return the Jaccard likeness (0..1) of each pair of texts, given as content characters.

    Counted over the distinct runs of three characters, without any estimate.

    Raises:
        ValueError: a text has fewer than three characters, or the sides differ in number.
    """
    if len(left) != len(right):
        raise ValueError("one side is shorter than the other")
    sides = [np.fromiter(map(len, side), np.intp, len(side)) for side in (left, right)]
    sizes = np.column_stack(sides)
    if sizes.size and sizes.min() < WIDTH:
        raise ValueError(f"a text to compare has fewer than {WIDTH} characters")
    totals = sizes.sum(axis=1)
    found = np.ones(len(totals), np.float64)
    # Three in ten members of groups say exactly what the first one does (bench).
    differs = np.fromiter(map(ne, left, right), np.bool_, len(totals))
    order = np.flatnonzero(differs)
    order = order[np.argsort(totals[order], kind="stable")]
    ends = np.cumsum(totals[order])
    compare = _by_loop if compiles() else _by_columns
    start = 0
    while start < len(order):
        reach = (ends[start - 1] if start else 0) + _CHUNK
        stop = max(start + 1, int(np.searchsorted(ends, reach, side="right")))
        chosen = order[start:stop]
        found[chosen] = compare(left, right, chosen.tolist(), sizes[chosen])
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


def _by_loop(
    left: Sequence[str], right: Sequence[str], chosen: Sequence[int], sizes: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Compare pairs one after the other, each by a table of the runs of both sides."""
    one, other = (blob_of([side[at] for at in chosen]) for side in (left, right))
    places = max(1 << _BITS, 1 << int(2 * sizes.sum(axis=1).max()).bit_length())
    runs, seen = np.empty(places, np.uint64), np.zeros(places, np.int64)
    found = np.empty(len(chosen), np.float64)
    _write_likeness(one.codes, one.starts, other.codes, other.starts, runs, seen, _SPREAD, found)
    return found


@Loop
def _write_likeness(
    left: NDArray[np.uint32],
    left_starts: NDArray[np.intp],
    right: NDArray[np.uint32],
    right_starts: NDArray[np.intp],
    runs: NDArray[np.uint64],
    seen: NDArray[np.int64],
    spread: np.uint64,
    found: NDArray[np.float64],
) -> None:
    """Write what ``_by_columns`` returns.

    ``runs`` is a table that pairs share, ``seen`` who wrote there: the left side of pair n 2n + 1,
    its right side 2n + 2, so that it need not be emptied.
    """
    for pair in range(len(found)):
        start, end = left_starts[pair], left_starts[pair + 1]
        first, last = right_starts[pair], right_starts[pair + 1]
        bits = _BITS
        while (1 << bits) < 2 * (end - start + last - first):
            bits += 1
        shift, mask = np.uint64(64 - bits), (1 << bits) - 1
        mine = 2 * pair + 1
        either = both = 0
        for at in range(start, end - WIDTH + 1):
            run = exact_at(left, at)
            place = np.intp((run * spread) >> shift)
            while seen[place] == mine and runs[place] != run:
                place = (place + 1) & mask
            if seen[place] != mine:
                runs[place], seen[place] = run, mine
                either += 1
        for at in range(first, last - WIDTH + 1):
            run = exact_at(right, at)
            place = np.intp((run * spread) >> shift)
            while seen[place] >= mine and runs[place] != run:
                place = (place + 1) & mask
            if seen[place] < mine:
                runs[place] = run
                either += 1
            elif seen[place] == mine:
                both += 1
            seen[place] = mine + 1
        found[pair] = both / either


def _by_columns(
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
