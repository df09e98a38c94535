"""``python -m bench.names``: what finding imitations of names costs, beside what others do for it.

One process, one core, CPU seconds. A slow way is asked for as many names as it can do in a few
seconds (the column *names*); what is compared is the cost a name. Building an index is not in it.
Brute force also says whether a way misses what it should find: over ordinary names and changed
references, the same for all.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

# Libraries read these as they are imported: one core for all.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

from auditor.names import NameIndex
from auditor.names.joins import EditJoin, RatioJoin
from auditor.references import SHIPPED, References, load_references
from bench.bodies import near_names, reference_names, widened
from bench.costs import Cost, Found, Way, cost, made
from bench.nicknames import ordinary_names
from bench.peers import (
    AT_LEAST,
    edit_force,
    extract_ratio,
    extract_weighted,
    nearest_vectors,
    ratio_force,
    symspell,
)
from bench.sizes import size

FEW = 20_000


class Plan(NamedTuple):
    """How much is measured: references, names, seconds a way, names that brute force checks."""

    many: int
    most: int
    names: int
    seconds: float
    checked: int


FULL = Plan(many=600_000, most=100_000, names=40_000, seconds=3.0, checked=1_000)
QUICK = Plan(many=100_000, most=30_000, names=5_000, seconds=0.3, checked=200)


class Row(NamedTuple):
    """One line of the table; what is not measured stays empty."""

    what: str
    references: int | None = None
    cost: Cost | None = None
    beside: tuple[str, ...] = ()


def edit_join(words: Sequence[str]) -> Way:
    """Find all references within one edit, verified: the candidate step."""
    join, built = made(lambda: EditJoin(words))

    def pairs(names: Sequence[str]) -> Found:
        return set(zip(*join.pairs(names).strings(names, words), strict=True))

    return Way("**EditJoin**", len(words), join.pairs, pairs, built)


def ratio_join(words: Sequence[str]) -> Way:
    """Find all references from a ratio of 80 on, verified."""
    join, built = made(lambda: RatioJoin(words, AT_LEAST))

    def pairs(names: Sequence[str]) -> Found:
        return set(zip(*join.pairs(names).strings(names, words), strict=True))

    return Way("**RatioJoin**", len(words), join.pairs, pairs, built)


def times(ratio: float) -> str:
    """Return how much quicker something is, or slower."""
    return f"{ratio:,.0f} × as quick as" if ratio >= 10 else f"{ratio:.2g} × as quick as"


def rows_of(
    force: Way, others: Sequence[Way | str], names: Sequence[str], near: Sequence[str], plan: Plan
) -> Iterator[Row]:
    """Yield brute force, and each other way with how much less it costs and what it misses.

    A way that is a string is not installed.
    """
    forced = cost(force, names, plan.seconds)
    expected = force.pairs(near) if force.pairs else set()
    yield Row(force.what, force.references, forced)
    for way in others:
        if isinstance(way, str):
            yield Row(way, force.references, None, ("not installed",))
            continue
        own = cost(way, names, plan.seconds)
        beside = [f"{times(forced.microseconds / own.microseconds)} cdist"]
        if way.pairs:
            missed = len(expected - way.pairs(near))
            beside.append(f"misses {missed:,} of {len(expected):,} pairs")
        if way.built is not None:
            beside.append(f"index in {way.built:.2f} s")
        yield Row(way.what, way.references, own, tuple(beside))


def edit_rows(
    names: Sequence[str], words: Sequence[str], references: References, plan: Plan
) -> Iterator[Row]:
    """Yield the rows for one edit, at two sizes of the list."""
    checked = [*names[: plan.checked], *near_names(words, plan.checked)]
    others = [symspell(words) or "SymSpell, one edit", edit_join(words)]
    few = list(rows_of(edit_force(words), others, names, checked, plan))
    yield from few
    many = reference_names(references, plan.many)
    checked = [*names[: plan.checked // 10], *near_names(many, plan.checked // 10)]
    force, own = rows_of(edit_force(many), [edit_join(many)], names, checked, plan)
    yield force
    if own.cost and few[-1].cost:
        slower = own.cost.microseconds / few[-1].cost.microseconds
        yield own._replace(beside=(*own.beside, f"{slower:.2f} × its time at {len(words):,}"))


def ratio_rows(names: Sequence[str], words: Sequence[str], plan: Plan) -> Iterator[Row]:
    """Yield the rows for a ratio of 80, and for the nearest whatever the ratio."""
    checked = [*names[: plan.checked], *near_names(words, plan.checked)]
    others = [
        extract_ratio(words),
        extract_weighted(words),
        nearest_vectors(words) or "tf-idf, five nearest",
        ratio_join(words),
    ]
    return rows_of(ratio_force(words), others, names, checked, plan)


def decision_rows(
    names: Sequence[str], references: References, few: Sequence[str], plan: Plan
) -> Iterator[Row]:
    """Yield the full decision with its explanation: of a quarter of the names, half, and all."""
    index = NameIndex.build(references)
    # Other names first: some load the segmenter's dictionary, which happens once a process.
    index.matches_batch(near_names(few, plan.checked))
    batch = Way("", len(few), index.matches_batch)
    first: Cost | None = None
    for many in (1, 2, 4):
        some = names[: max(1, len(names) * many // 4)]
        own = cost(batch, some, plan.seconds, len(some))
        first = first or own
        found = sum(map(bool, index.matches_batch(some))) / len(some)
        beside = [f"**{1e6 / own.microseconds:,.0f} names a second**", f"{found:.1%} answered"]
        if many > 1:
            beside.append(f"{own.microseconds / first.microseconds:.2f} × the cost a name at 1 ×")
        yield Row(f"full decision, a batch of {many} ×", len(few), own, tuple(beside))
    # The index keeps the answers of its last batch.
    index.matches_batch(())
    alone = Way("", len(few), lambda some: [index.matches(name) for name in some])
    own = cost(alone, names, plan.seconds)
    beside = [f"{1e6 / own.microseconds:,.0f} names a second"]
    yield Row("full decision, a name at a time", len(few), own, tuple(beside))


def size_rows(plan: Plan) -> Iterator[Row]:
    """Yield what the index takes to load and build, with the shipped lists and widened ones."""
    for what, count in (("shipped lists", 0), ("widened lists", plan.most)):
        own = size(count)
        beside = (
            f"lists loaded in {own.load_seconds:.2f} s, index built in {own.build_seconds:.2f} s",
            f"{own.peak_mib:.0f} MiB at the peak, {own.peak_mib - own.lists_mib:.0f} by the index",
        )
        yield Row(f"index of the {what}", own.names, None, beside)


def print_rows(rows: Iterable[Row]) -> None:
    """Print lines of the table as they come."""
    for row in rows:
        references = f"{row.references:,}" if row.references else ""
        names = f"{row.cost.names:,}" if row.cost else ""
        each = f"{row.cost.microseconds:,.2f}" if row.cost else ""
        beside = "; ".join(row.beside)
        print(f"| {row.what} | {references} | {names} | {each} | {beside} |", flush=True)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names-file", type=Path, help="one name a line; else they are made up")
    parser.add_argument("--names", type=int, help="made-up names in the smallest batch")
    parser.add_argument("--seconds", type=float, help="CPU seconds given to each way of asking")
    parser.add_argument("--quick", action="store_true", help="smaller lists, less time, rougher")
    words = parser.parse_args()
    plan = QUICK if words.quick else FULL
    plan = plan._replace(seconds=words.seconds or plan.seconds, names=words.names or plan.names)
    print("| what | references | names | µs a name | |")
    print("|---|---|---|---|---|")
    print_rows(size_rows(plan))
    references = load_references([SHIPPED])
    few = reference_names(references, FEW)
    if words.names_file:
        names = words.names_file.read_text(encoding="utf-8").splitlines()
    else:
        places = [one.short_name for one in references.divisions]
        names = ordinary_names(4 * plan.names, places, few)
    print_rows(decision_rows(names, widened(references, FEW), few, plan))
    print_rows(edit_rows(names, few, references, plan))
    print_rows(ratio_rows(names, few, plan))


if __name__ == "__main__":
    main()
