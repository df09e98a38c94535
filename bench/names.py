"""``python -m bench.names``: what finding imitations of names costs, beside what others do for it.

One process, one core, CPU seconds. Peers compare every name with every reference, or look it up in
an index of their own; each is asked for as many names as it can do in a few seconds, and its cost a
name is what is printed. A peer that is not installed (``pip install .[bench]``) is left out.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist, extractOne

from auditor.model import Reference
from auditor.names import NameIndex
from auditor.names.joins import EditJoin, Pairs, RatioJoin
from auditor.references import SHIPPED, References, load_references
from bench.nicknames import SIGNS, ordinary_names

FEW, MANY, MOST = 20_000, 600_000, 100_000
AT_LEAST = 80.0
ROUNDS = 3
SEED = 11


class Cost(NamedTuple):
    """One line of the table; ``ratio`` says how many times cheaper a name is than by the peer."""

    what: str
    references: int
    names: int
    seconds: float
    beside: str = ""

    @property
    def microseconds(self) -> float:
        """CPU microseconds a name."""
        return self.seconds / self.names * 1e6


def timed(work: Callable[[], object], rounds: int = 1) -> float:
    """Return the CPU seconds of the quickest round."""
    least = float("inf")
    for _ in range(rounds):
        before = time.process_time()
        work()
        least = min(least, time.process_time() - before)
    return least


def reference_names(references: References, count: int) -> list[str]:
    """Return the shipped names and short names, and invented ones up to ``count``."""
    dice = random.Random(SEED)
    shipped = {one.name for one in references.organisations}
    shipped |= {short for one in references.organisations for short in one.short_names}
    names = sorted(shipped)[:count]
    places = [one.name for one in references.divisions]
    words = [one.word for one in references.organ_words if one.class_ in ("organ", "modifier")]
    known = set(names)
    while len(names) < count:
        inner = "".join(dice.choices(SIGNS, k=dice.choice((1, 2, 2))))
        name = dice.choice(places)[: dice.choice((2, 3, 4))] + inner + dice.choice(words)
        if name not in known:
            known.add(name)
            names.append(name)
    return names


def widened(references: References, count: int) -> References:
    """Return the lists with as many bodies as have ``count`` names and short names together."""
    listed = reference_names(references, count)
    known = {one.name for one in references.organisations}
    known |= {short for one in references.organisations for short in one.short_names}
    made = (
        Reference(kind="institution", name=name, reference_id=f"bench:{number}")
        for number, name in enumerate(listed)
        if name not in known
    )
    return replace(references, organisations=(*references.organisations, *made))


def same(pairs: Pairs, found: tuple[np.ndarray, ...]) -> int:
    """Return how many pairs of brute force a join missed."""
    joined = set(zip(pairs.texts.tolist(), pairs.words.tolist(), strict=True))
    forced = set(zip(found[0].tolist(), found[1].tolist(), strict=True))
    return len(forced - joined)


def edit_costs(names: Sequence[str], few: Sequence[str], many: Sequence[str]) -> list[Cost]:
    """Measure the candidate step for one edit at two sizes, and brute force beside it."""
    costs: list[Cost] = []
    own: list[float] = []
    for words, sample in ((few, 2_000), (many, 100)):
        some = names[:sample]
        forced = timed(
            lambda words=words, some=some: cdist(  # type: ignore[misc]
                some, words, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8, workers=1
            )
        )
        peer = Cost("cdist, Levenshtein ≤ 1", len(words), len(some), forced)
        join = EditJoin(words)
        cost = timed(lambda join=join: join.pairs(names), ROUNDS)  # type: ignore[misc]
        mine = Cost("join for one edit", len(words), len(names), cost)
        own.append(mine.microseconds)
        ratio = f"{peer.microseconds / mine.microseconds:.0f} × cdist"
        costs += [peer, mine._replace(beside=ratio)]
    costs[-1] = costs[-1]._replace(
        beside=f"{costs[-1].beside}; {own[1] / own[0]:.2f} × the cost at {len(few):,}"
    )
    return costs


def ratio_costs(names: Sequence[str], words: Sequence[str]) -> list[Cost]:
    """Measure the join for a ratio of 80, and brute force beside it."""
    some, join = names[:500], RatioJoin(words, AT_LEAST)
    forced = timed(
        lambda: cdist(
            some, words, scorer=fuzz.ratio, score_cutoff=AT_LEAST, dtype=np.uint8, workers=1
        )
    )
    peer = Cost("cdist, ratio ≥ 80", len(words), len(some), forced)
    mine = Cost("join for a ratio", len(words), len(names), timed(lambda: join.pairs(names)))
    return [peer, mine._replace(beside=f"{peer.microseconds / mine.microseconds:.0f} × cdist")]


def peer_costs(names: Sequence[str], words: list[str]) -> list[Cost]:
    """Measure what is in use elsewhere for the same question."""
    few = names[:200]
    one = timed(lambda: [extractOne(n, words, scorer=fuzz.ratio, score_cutoff=80) for n in few])
    best = timed(lambda: [extractOne(name, words, scorer=fuzz.WRatio) for name in few[:50]])
    costs = [
        Cost("extractOne, ratio ≥ 80", len(words), len(few), one),
        Cost("extractOne, WRatio", len(words), 50, best),
    ]
    if find_spec("symspellpy"):
        costs.append(symspell_cost(names[:5_000], words))
    if find_spec("sparse_dot_topn") and find_spec("sklearn"):
        costs.append(tfidf_cost(names[:5_000], words))
    return costs


def symspell_cost(names: Sequence[str], words: Sequence[str]) -> Cost:
    """Measure SymSpell's look-up within one edit."""
    from symspellpy import SymSpell, Verbosity

    index = SymSpell(max_dictionary_edit_distance=1, prefix_length=30)
    for word in words:
        index.create_dictionary_entry(word, 1)
    cost = timed(lambda: [index.lookup(name, Verbosity.ALL, 1) for name in names])
    return Cost("SymSpell, one edit", len(words), len(names), cost)


def tfidf_cost(names: Sequence[str], words: Sequence[str]) -> Cost:
    """Measure the five nearest by tf-idf of pairs of characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(2, 2))
    right = vectoriser.fit_transform(words).T.tocsr()
    cost = timed(
        lambda: sp_matmul_topn(
            vectoriser.transform(names), right, top_n=5, threshold=0.5, n_threads=1
        )
    )
    return Cost("tf-idf of pairs, five nearest", len(words), len(names), cost)


def decision_costs(names: Sequence[str], references: References) -> list[Cost]:
    """Measure the full decision with its explanation, at once, twice and four times as many."""
    index = NameIndex.build(widened(references, FEW))
    index.matches_batch(names)
    costs: list[Cost] = []
    for times in (1, 2, 4):
        asked = [name for _ in range(times) for name in names]
        seconds = timed(lambda asked=asked: index.matches_batch(asked), ROUNDS)  # type: ignore[misc]
        cost = Cost("full decision, a batch", FEW, len(asked), seconds)
        costs.append(cost._replace(beside=f"{1e6 / cost.microseconds:,.0f} names a second"))
    some = names[:2_000]
    # The index keeps the answers of its last batch.
    index.matches_batch(())
    alone = timed(lambda: [index.matches(name) for name in some])
    return [*costs, Cost("full decision, one name at a time", FEW, len(some), alone)]


def print_table(costs: Sequence[Cost]) -> None:
    """Print one row a cost."""
    print("| what | references | names | µs a name | beside |")
    print("|---|---|---|---|---|")
    for cost in costs:
        print(
            f"| {cost.what} | {cost.references:,} | {cost.names:,} "
            f"| {cost.microseconds:,.2f} | {cost.beside} |"
        )


def print_missed(names: Sequence[str], words: Sequence[str]) -> None:
    """Print whether the joins missed a pair that brute force finds over the same lists."""
    some = names[:2_000]
    edits = cdist(some, words, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
    found = np.nonzero(edits <= 1)
    missed = same(EditJoin(words).pairs(some), found)
    print(f"one edit: {missed} of {len(found[0])} pairs missed")
    ratios = cdist(some, words, scorer=fuzz.ratio, score_cutoff=AT_LEAST, dtype=np.float32)
    found = np.nonzero(ratios >= AT_LEAST)
    missed = same(RatioJoin(words, AT_LEAST).pairs(some), found)
    print(f"ratio ≥ 80: {missed} of {len(found[0])} pairs missed")


def print_sizes(references: References) -> None:
    """Print what it takes to arrange the lists, shipped and grown to 100,000 names."""
    loading = timed(lambda: load_references([SHIPPED]))
    building = timed(lambda: NameIndex.build(references))
    print(f"shipped lists: loaded in {loading:.2f} s, arranged in {building:.2f} s")
    wide = widened(references, MOST)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    building = timed(lambda: NameIndex.build(wide))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{MOST:,} names: arranged in {building:.2f} s, {grown:.0f} MiB more at the peak")


def main() -> None:
    """Print one table, what the joins missed, and the sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=40_000, help="made-up ordinary names")
    parser.add_argument("--names-file", type=Path, help="one name a line, instead of made-up ones")
    asked = parser.parse_args()
    references = load_references([SHIPPED])
    few = reference_names(references, FEW)
    if asked.names_file:
        names = asked.names_file.read_text(encoding="utf-8").splitlines()
    else:
        places = [one.short_name for one in references.divisions]
        names = ordinary_names(asked.names, places, few)
    print_sizes(references)
    many = reference_names(references, MANY)
    costs = edit_costs(names, few, many) + ratio_costs(names, few) + peer_costs(names, few)
    print_table(costs + decision_costs(names, references))
    print_missed(names, few)


if __name__ == "__main__":
    main()
