"""Linking with what was compared before: the same components, and only new pairs are read."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from auditor.copies import (
    BUCKETS,
    CONTENTS,
    VERDICTS,
    Labels,
    Step,
    link_again,
    near_pairs,
    run_steps,
)
from bench.labelled_copies import labelled
from tests.copies.conftest import Linked, Load, texts_table

NUMBERS = ("first_high", "first_low", "second_high", "second_low")
NO_PAIRS = pa.table(
    {**dict.fromkeys(NUMBERS, pa.array([], pa.int64())), "alike": pa.array([], pa.bool_())}
)


def keep(connection: duckdb.DuckDBPyConnection, pairs: pa.Table) -> None:
    """Let the pairs be those that were compared before."""
    connection.register("given_pairs", pairs)
    run_steps(connection, [Step(VERDICTS, "SELECT DISTINCT * FROM given_pairs")])


def linked_again(
    connection: duckdb.DuckDBPyConnection, texts: list[str], at_least: float
) -> tuple[Labels, int]:
    """Link and keep all pairs for the next time; the components, and how many pairs were read."""
    read: list[int] = []

    def read_texts(pairs: Step) -> str:
        read.append(len(connection.table(pairs.name)))
        return "every_text"

    run_steps(connection, (BUCKETS, CONTENTS, near_pairs(at_least)))
    connection.register("every_text", texts_table(texts))
    steps = link_again(connection, at_least, read_texts)
    told = [connection.table(step.name).to_arrow_table() for step in steps]
    keep(connection, pa.concat_tables([one.select([*NUMBERS, "alike"]) for one in told]))
    rows = connection.execute("SELECT post, cluster FROM labels ORDER BY post").fetchnumpy()
    return Labels(rows["post"], rows["cluster"]), sum(read)


def test_a_second_time_nothing_is_read_and_the_same_hangs_together(
    load: Load, linked: Linked
) -> None:
    texts = labelled(1_500, seed=8, share=0.5).texts
    whole = linked(texts, 0.7)
    connection = load(texts)
    keep(connection, NO_PAIRS)
    for expected in (True, False):
        labels, read = linked_again(connection, texts, 0.7)
        assert labels.post.tolist() == whole.post.tolist()
        assert labels.cluster.tolist() == whole.cluster.tolist()
        assert bool(read) == expected


def test_other_numbers_and_more_texts_ask_for_the_new_pairs_alone(
    load: Load, linked: Linked
) -> None:
    texts = labelled(1_500, seed=9, share=0.5).texts
    connection = load(texts[:1_400])
    keep(connection, NO_PAIRS)
    _, first = linked_again(connection, texts[:1_400], 0.7)
    # The new ones come first, so that every post has another number.
    later = texts[1_400:] + texts[:1_400]
    whole = linked(later, 0.7)
    labels, read = linked_again(load(later), later, 0.7)
    assert labels.post.tolist() == whole.post.tolist()
    assert labels.cluster.tolist() == whole.cluster.tolist()
    assert 0 < read < first / 2
