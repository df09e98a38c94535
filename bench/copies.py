"""``python -m bench.copies``: what finding copies costs a million posts, step by step, and finds.

Generated texts of realistic lengths with about 8 % planted copies. Costs are CPU seconds of one
thread, the least of some rounds; truth is brute force over every pair of a sample. The peer is
datasketch's MinHashLSH over the same texts of a slice (``pip install -e '.[bench]'``).
"""

from __future__ import annotations

import argparse
import importlib
import resource
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from auditor.copies import (
    BANDS,
    BUCKETS,
    CONTENTS,
    MEMBERS,
    OWN_COPIES,
    SHARING,
    TEXTS,
    WANTED_TEXTS,
    Labels,
    components,
    jaccards,
    link,
    near_groups,
    near_pairs,
    run_steps,
    shared_members,
    shared_rows,
    sketch,
)
from bench.copy_truth import precision, recall, true_pairs
from bench.costs import made
from bench.labelled_copies import labelled

KEYED = ("post", *(f"key{band}" for band in range(BANDS)))
BATCH = 16_384
LEAST_ACCOUNTS = 5
FINDS = 0.7
SAMPLE = 20_000
SEED = 7
PERMUTATIONS = 64
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "preserve_insertion_order": False,
}


def steps(
    texts: Sequence[str], least_characters: int, least_likeness: float, spill: str
) -> Iterator[tuple[str, float, Labels | None]]:
    """Yield the name and the CPU seconds of each step, and at last what hangs together."""
    connection = duckdb.connect(config={**SETTINGS, "temp_directory": spill})
    table, seconds = made(lambda: _sketches(texts, least_characters))
    yield "sketches (keys and digest)", seconds, None
    connection.register("given", table)
    yield "rows into the database", made(lambda: _keep(connection, "sketches", "given"))[1], None
    yield "shared keys, pairs", made(lambda: _share(connection, table, least_likeness))[1], None
    yield "copies within one account", made(lambda: run_steps(connection, [OWN_COPIES]))[1], None
    # A run reads these again from its input; that is a cost of reading, not of this.
    wanted = connection.execute("SELECT post FROM wanted_texts").fetchnumpy()["post"]
    again = pa.table({"post": wanted, "content": [texts[at] for at in wanted]}, schema=TEXTS)
    connection.register("given", again)
    _keep(connection, "texts", "given")
    yield "exact likeness, groups", made(lambda: link(connection, least_likeness))[1], None
    last = (SHARING, MEMBERS, shared_members(LEAST_ACCOUNTS))
    seconds = made(lambda: run_steps(connection, last))[1]
    rows = connection.execute("SELECT post, cluster FROM labels").fetchnumpy()
    yield "members of groups", seconds, Labels(rows["post"], rows["cluster"])


def _sketches(texts: Sequence[str], least_characters: int) -> pa.Table:
    parts = []
    for start in range(0, len(texts), BATCH):
        found = sketch(texts[start : start + BATCH], least_characters)
        posts = found.rows + start
        parts.append(pa.table({"post": posts, "account": posts % 49_999, **found.columns()}))
    return pa.concat_tables(parts)


def _share(
    connection: duckdb.DuckDBPyConnection, sketches: pa.Table, least_likeness: float
) -> None:
    connection.register("shared_keys", shared_of(sketches))
    run_steps(connection, (BUCKETS, CONTENTS, near_pairs(least_likeness), WANTED_TEXTS))


def shared_of(sketches: pa.Table) -> pa.Table:
    """Return the table ``shared_keys`` of some sketches."""
    posts, *keys = (sketches.column(name).to_numpy() for name in KEYED)
    return pa.Table.from_batches([shared_rows(band, each, posts) for band, each in enumerate(keys)])


def _keep(connection: duckdb.DuckDBPyConnection, table: str, given: str) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {given}")


def least(rounds: int, once: Callable[[], Iterator[tuple[str, float, Any]]]) -> dict[str, float]:
    """Return the least CPU seconds of each step over some rounds."""
    found: dict[str, float] = {}
    for _ in range(rounds):
        for name, seconds, _ in once():
            found[name] = min(seconds, found.get(name, seconds))
    return found


def datasketch_pairs(texts: Sequence[str], index: Any, sketches: Any) -> list[tuple[int, int]]:
    """Find the same with datasketch: one query a text, nothing verified."""
    runs = ([text[at : at + 3].encode() for at in range(len(text) - 2)] for text in texts)
    pairs: list[tuple[int, int]] = []
    for post, sketched in enumerate(sketches(runs, num_perm=PERMUTATIONS)):
        pairs += [(int(other), post) for other in index.query(sketched)]
        index.insert(str(post), sketched)
    return pairs


def own_labels(texts: Sequence[str], least_likeness: float) -> Labels:
    """Find the same without a database, as it is done within one account."""
    groups = near_groups(texts, least_likeness, 3)
    rows = [(post, group[0]) for group in groups for post in group]
    columns = np.array(rows, np.int64).reshape(-1, 2)
    return Labels(columns[:, 0], columns[:, 1])


def print_costs(words: argparse.Namespace, texts: Sequence[str]) -> float:
    """Print a row a step; return the sum of seconds a million posts."""
    with TemporaryDirectory() as spill:
        found = least(
            words.rounds,
            lambda: steps(texts, words.least_characters, words.least_likeness, spill),
        )
    print("| step | CPU s per million posts |\n|---|---|")
    for name, seconds in found.items():
        print(f"| {name} | {seconds * 1e6 / len(texts):.2f} |")
    total = sum(found.values()) * 1e6 / len(texts)
    print(f"| **all** | **{total:.2f}** |")
    return total


def print_speed_of_likeness(texts: Sequence[str], rounds: int) -> None:
    """Print how many pairs a second are compared exactly."""
    left, right = texts[0::2], texts[1::2]
    count = min(len(left), len(right), 50_000)
    work = made(lambda: jaccards(left[:count], right[:count]))[1]
    for _ in range(rounds - 1):
        work = min(work, made(lambda: jaccards(left[:count], right[:count]))[1])
    print(f"\nexact likeness: {count / work / 1000:.0f} thousand pairs a second")


def found_copies(sample: int = SAMPLE, seed: int = SEED + 1) -> dict[str, float]:
    """Return recall and precision (0..1) of one run over a sample, held against all its pairs."""
    texts = labelled(sample, seed=seed).texts
    truth = true_pairs(texts, FINDS)
    with TemporaryDirectory() as spill:
        *_, (_, _, labels) = steps(texts, 3, FINDS, spill)
    if labels is None:
        raise ValueError("the last step gives no labels")
    return {
        "texts": len(texts),
        "pairs": len(truth.left),
        "likeness": FINDS,
        "recall": recall(truth, labels),
        "precision": precision(truth, labels),
    }


def print_found(words: argparse.Namespace) -> None:
    """Print recall on a sample beside brute force, and the peer's cost on the same slice."""
    texts = labelled(words.sample, seed=words.seed + 1).texts
    truth = true_pairs(texts, FINDS)
    print(f"\nrecall on {len(texts)} posts, {len(truth.left)} pairs of likeness {FINDS} or more:\n")
    print("| way | recall | CPU s per million posts, this slice |\n|---|---|---|")
    with TemporaryDirectory() as spill:
        runs = [list(steps(texts, 3, FINDS, spill)) for _ in range(words.rounds)]
    ours = min(sum(seconds for _, seconds, _ in run) for run in runs) * 1e6 / len(texts)
    labels = runs[0][-1][2]
    if labels is not None:
        print(f"| this, {BANDS} bands | {recall(truth, labels):.4f} | {ours:.2f} |")
    print(f"| the same without a database | {recall(truth, own_labels(texts, FINDS)):.4f} | |")
    if not find_spec("datasketch"):
        print("| datasketch | not installed | |")
        return
    peers = importlib.import_module("datasketch")
    index = peers.MinHashLSH(threshold=FINDS, num_perm=PERMUTATIONS)
    pairs, seconds = made(lambda: datasketch_pairs(texts, index, peers.MinHash.generator))
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    peer = components(columns[:, 0], columns[:, 1])
    theirs = seconds * 1e6 / len(texts)
    share = recall(truth, peer)
    print(f"| datasketch MinHashLSH, 64 permutations | {share:.4f} | {theirs:.2f} |")
    print(f"| ratio | | 1/{theirs / ours:.0f} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--least-characters", type=int, default=20)
    parser.add_argument("--least-likeness", type=float, default=0.7)
    words = parser.parse_args()
    texts = labelled(words.posts, seed=words.seed).texts
    print(f"{len(texts)} posts of {words.least_characters} characters or more, one thread\n")
    print_costs(words, texts)
    print_speed_of_likeness(texts, words.rounds)
    print_found(words)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of everything, the texts of the generator among it: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
