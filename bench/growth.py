"""How the cost of a name grows with the names that it is compared with, beside two other ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.names import NameIndex
from auditor.references import References
from bench.bodies import listed, of_size
from bench.costs import Way, cost, made
from bench.peers import extract_ratio, ratio_force

SIZES = (1, 100, 1_000, 10_000, 100_000)
"""Bodies on the list; the shipped one has some thousands, with 14,000 names and short names."""

_SECONDS = 1.0
"""CPU seconds given to each way of asking."""


def name_growth(references: References, names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Yield what a name costs (CPU microseconds) against lists of each size, and the index (s)."""
    for size in SIZES:
        lists = of_size(references, size)
        index, built = made(lambda lists=lists: NameIndex.build(lists))
        words = listed(lists)
        # Once before: what a process loads and lays out first is no cost of a name.
        index.matches_batch(names)
        batch = Way("", size, index.matches_batch)
        yield {
            "references": len(words),
            "built_seconds": built,
            "index": cost(batch, names, _SECONDS, len(names)).microseconds,
            "extract_one": cost(extract_ratio(words), names, _SECONDS).microseconds,
            "cdist": cost(ratio_force(words), names, _SECONDS).microseconds,
        }
