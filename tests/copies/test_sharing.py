"""Keys that travel in pieces: what several posts share is found as the statements find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.copies import (
    BUCKETS,
    CONTENTS,
    HUBS,
    MEMBERS,
    NEIGHBOURS,
    OWN_COPIES,
    PIECES,
    SHARED,
    SHARING,
    Step,
    near_pairs,
    packed_keys,
    run_steps,
    shared_keys,
    shared_rows,
)
from auditor.copies.sketches import BANDS
from auditor.text import switch_loops
from bench.copies import KEYED
from bench.labelled_copies import labelled
from tests.copies.conftest import Load

# What the keys say, as one statement of a database: a row for each that is met more than once.
_BAND = """
SELECT {band} AS band, key{band} AS bucket, post, account, digest_high, digest_low, bits
FROM sketches
WHERE key{band} IN (SELECT key{band} FROM sketches GROUP BY key{band} HAVING count(*) > 1)
"""
PLAIN = Step("buckets", "UNION ALL".join(_BAND.format(band=band) for band in range(BANDS)))


def pieces_of(sketches: pa.Table, parts: int) -> Iterator[pa.RecordBatch]:
    """The keys of all bands, packed."""
    posts, *bands = (sketches.column(name).to_numpy() for name in KEYED)
    for band, keys in enumerate(bands):
        yield packed_keys(band, keys, posts, parts)


def shared(sketches: pa.Table, *, batch: int, parts: int) -> pa.Table:
    """Pack the keys some posts at a time, sort the pieces as an engine does, and compare."""
    pieces = [
        row
        for start in range(0, sketches.num_rows, batch)
        for piece in pieces_of(sketches.slice(start, batch), parts)
        for row in pa.Table.from_batches([piece], PIECES).to_pylist()
    ]
    together = sorted(pieces, key=itemgetter("part", "band"))
    # What is in hand at once has nothing to do with the parts.
    batches = (
        pa.RecordBatch.from_pylist(together[start : start + 7], schema=PIECES)
        for start in range(0, len(together), 7)
    )
    return pa.Table.from_batches(shared_keys(batches), SHARED)


@pytest.mark.parametrize(("batch", "parts"), [(2_000, 1), (700, 3), (131, 16), (1, 2)])
def test_the_buckets_are_those_of_the_statement(load: Load, batch: int, parts: int) -> None:
    connection = load(labelled(1_000, seed=8, share=0.5).texts)
    run_steps(connection, [PLAIN])
    rows = "SELECT * FROM buckets ORDER BY ALL"
    told = connection.execute(rows).fetchall()
    run_steps(connection, [BUCKETS])
    assert connection.execute(rows).fetchall() == told
    keys = connection.sql("FROM sketches").to_arrow_table().select(KEYED)
    connection.register("shared_keys", shared(keys, batch=batch, parts=parts))
    run_steps(connection, [BUCKETS])
    assert connection.execute(rows).fetchall() == told
    assert len(told) > 2_500


def test_posts_left_alone_with_a_key_change_nothing_after(load: Load) -> None:
    """Rows may be lost after their keys were compared; what others shared with them goes too."""
    connection = load(
        labelled(1_000, seed=9, share=0.5).texts, accounts=[n // 3 for n in range(1_000)]
    )
    keys = connection.sql("FROM sketches").to_arrow_table().select(KEYED)
    connection.execute("DELETE FROM sketches WHERE post % 3 = 0")
    connection.register("shared_keys", shared(keys, batch=300, parts=3))
    connection.execute("CREATE TABLE labels (post BIGINT, cluster BIGINT)")
    told = []
    for buckets in (PLAIN, BUCKETS):
        run_steps(connection, (buckets, OWN_COPIES, CONTENTS, near_pairs(0.8), HUBS, NEIGHBOURS))
        run_steps(connection, (SHARING, MEMBERS))
        tables = ("own_copies", "contents", "near_pairs", "hubs", "neighbours", "members")
        rows = [connection.sql(f"FROM {name} ORDER BY ALL").fetchall() for name in tables]
        told.append((connection.sql("FROM buckets").count("*").fetchall(), rows))
    plain, other = told
    assert other[1] == plain[1]
    # Some were left alone, or this would hold nothing.
    assert other[0] > plain[0]
    assert all(plain[1])


def test_of_a_key_that_one_post_has_in_two_bands_nothing_is_told() -> None:
    """Bands are apart: a number that comes twice in one post is shared by nobody."""
    rows = {name: np.array([7], np.int64) for name in KEYED}
    assert shared(pa.table(rows), batch=1, parts=4).num_rows == 0


def test_the_least_and_the_greatest_keys_are_shared_too() -> None:
    ends = np.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max, 0, -1], np.int64)
    keys = np.concatenate((ends, ends, [5]))
    rows = dict.fromkeys(KEYED, keys) | {"post": np.arange(len(keys))}
    found = shared(pa.table(rows), batch=4, parts=3).to_pylist()
    told = {(row["band"], row["post"], row["bucket"]) for row in found}
    bands = range(len(KEYED) - 1)
    assert told == {(band, post, keys[post]) for band in bands for post in range(8)}
    assert len(found) == len(told)


def test_where_no_text_is_long_enough_nothing_is_shared() -> None:
    empty = pa.table({name: np.empty(0, np.int64) for name in KEYED})
    assert shared(empty, batch=1, parts=4).num_rows == 0
    assert all(piece.num_rows == 0 for piece in pieces_of(empty, 4))


def shared_both_ways(keys: Sequence[int]) -> list[list[dict[str, int]]]:
    """What posts share as numpy finds it, and as the loops do; a post a key."""
    found = []
    for loops in (False, True):
        switch_loops(loops)
        numbers, posts = np.array(keys, np.int64), np.arange(len(keys))
        found.append(shared_rows(3, numbers, posts).to_pylist())
    return found


# Keys that agree in their last bits, in their first ones, in all but one, or in none.
KEYS = st.builds(
    lambda high, low, one: (high << 32 | low) ^ one,
    st.integers(-(2**31), 2**31 - 1) | st.sampled_from([0, -1, 5]),
    st.integers(0, 2**32 - 1) | st.sampled_from([0, 1, 2**32 - 1]),
    st.sampled_from([0, 1, 1 << 31, 1 << 32, 1 << 62]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(KEYS, max_size=40), st.integers(0, 40))
@pytest.mark.usefixtures("with_loops")
def test_the_keys_of_several_are_found_by_looking_as_by_sorting(keys: list[int], more: int) -> None:
    several = keys + keys[:more]
    sorted_, looked = shared_both_ways(several)
    rows = sorted((key, post) for post, key in enumerate(several) if several.count(key) > 1)
    assert looked == sorted_ == [{"band": 3, "bucket": key, "post": post} for key, post in rows]


@pytest.mark.parametrize("size", [5_000, 300_000])
@pytest.mark.usefixtures("with_loops")
def test_among_many_keys_those_that_chance_puts_together_are_told_apart(size: int) -> None:
    keys = np.random.default_rng(3).integers(-(2**63), 2**63 - 1, size)
    keys[: size // 100] = keys[-(size // 100) :]
    sorted_, looked = shared_both_ways(keys.tolist())
    assert looked == sorted_
    assert len(looked) == 2 * (size // 100)
