"""How the cost of a name grows with the names that it is compared with, beside two other ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.names import NameIndex
from auditor.references import References
from bench.bodies import listed, near_names, of_size
from bench.costs import cost, made
from bench.peers import extract_ratio, ratio_force

SIZES = (1, 100, 1_000, 10_000, 100_000)
"""Bodies on the list; the shipped one has ten thousand, with 14,000 names and short names."""

_BATCHES = 5
_OTHERS = 1_000
_SECONDS = 1.0
"""CPU seconds given to each of the other ways of asking."""


def name_growth(references: References, names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Yield what a name costs (CPU microseconds) against lists of each size, and the index (s)."""
    for size in SIZES:
        lists = of_size(references, size)
        index, built = made(lambda lists=lists: NameIndex.build(lists))
        words = listed(lists)
        # Other names first: what a process loads and lays out once is no cost of a name.
        index.matches_batch(near_names(words, _OTHERS))
        yield {
            "references": len(words),
            "built_seconds": built,
            "index": _asked_once(index, names),
            "extract_one": cost(extract_ratio(words), names, _SECONDS).microseconds,
            "cdist": cost(ratio_force(words), names, _SECONDS).microseconds,
        }


def _asked_once(index: NameIndex, names: Sequence[str]) -> float:
    """Return the least of some batches, none of them asked before: parts of names are kept."""
    count = len(names) // _BATCHES or 1
    batches = [names[at : at + count] for at in range(0, len(names) - count + 1, count)]
    spent = (made(lambda some=some: index.matches_batch(some))[1] / len(some) for some in batches)
    return min(spent) * 1e6
