"""What several posts share is found by looking at numbers as a database finds it by grouping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.copies import BANDS, BUCKETS, OWN_COPIES
from auditor.errors import OutputError
from auditor.runs import sharing as sharing_module
from auditor.runs.facts import POST_FACTS, SKETCHES, TABLES
from auditor.runs.sharing import VIEWS, find_shared
from auditor.runs.statements import DIGESTS, sharing, statements
from auditor.runs.tables import Tables, open_tables
from auditor.sources import write_parquet
from auditor.text import text_digests

LARGEST = 2**63 - 1
SHARED = "SELECT post FROM shared WHERE band = {band} ORDER BY post"
TWICE = """
    SELECT post FROM {table}
    WHERE {key} IN (SELECT {key} FROM {table} GROUP BY {key} HAVING count({key}) > 1) ORDER BY post
"""
NAMED = "SELECT account, post_id FROM {table} ORDER BY ALL"
NAMED_TWICE = """(
  SELECT account, post_id FROM post_facts
  WHERE (account, post_id) IN (
    SELECT (account, post_id) FROM post_facts GROUP BY account, post_id HAVING count(*) > 1
  )
)"""


@contextmanager
def tables_of(posts: pa.RecordBatch, sketches: pa.RecordBatch) -> Iterator[Tables]:
    """Open the tables of a run over facts."""
    with TemporaryDirectory() as place:
        facts: dict[str, tuple[Path, ...]] = {
            name: () for schemas in TABLES.values() for name in schemas
        }
        for name, schema, rows in (
            ("post_facts", POST_FACTS, posts),
            ("sketch_facts", SKETCHES, sketches),
        ):
            facts[name] = (Path(place, f"{name}.parquet"),)
            write_parquet(facts[name][0], schema, [rows])
        with open_tables(Path(place), facts, 1024, 1) as tables:
            yield tables


def filled(columns: Mapping[str, Sequence[object]], schema: pa.Schema) -> pa.RecordBatch:
    """Return columns as rows of a schema, the others null."""
    count = len(next(iter(columns.values())))
    arrays = [pa.array(columns.get(one.name, [None] * count), one.type) for one in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def told(tables: Tables, query: str, **values: object) -> list[dict[str, object]]:
    """Return the rows of a query."""
    return tables.rows(query.format(**values)).to_pylist()


keys = st.one_of(st.integers(-3, 3), st.sampled_from([-LARGEST - 1, LARGEST, 1 << 40, -1 << 40]))
rows = st.lists(st.tuples(keys, keys, st.sampled_from("ab"), st.sampled_from("123")), max_size=30)


@settings(deadline=None, max_examples=25)
@given(rows, st.sampled_from([1, 4, 100]))
def test_the_keys_are_those_that_the_database_counts_twice(
    posts: list[tuple[int, int, str, str]], together: int
) -> None:
    one, other = ([row[at] for row in posts] for at in (0, 1))
    owners, names = ([row[at] for row in posts] for at in (2, 3))
    numbered: dict[str, Sequence[object]] = {"post": range(len(posts))}
    facts = numbered | {"account": owners, "post_id": names, "digest": other}
    sketches = numbered | {"account": [0] * len(posts)}
    sketches |= {f"key{band}": one if band % 2 else other for band in range(BANDS)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing_module, "TOGETHER", together)
        patch.setattr(sharing_module, "_SPARE", 0)
        with tables_of(filled(facts, POST_FACTS), filled(sketches, SKETCHES)) as tables:
            find_shared(tables, own=False)
            tables.make(sharing(), views=VIEWS)
            for band in range(BANDS):
                twice = told(tables, TWICE, key=f"key{band}", table="sketch_facts")
                assert told(tables, SHARED, band=band) == twice
            twice = told(tables, TWICE, key="digest", table="post_facts")
            assert told(tables, SHARED, band=DIGESTS) == twice
            assert told(tables, "FROM shared_digests ORDER BY post") == twice
            doubled = told(tables, NAMED, table="doubled_posts")
            assert doubled == told(tables, NAMED, table=NAMED_TWICE)


def test_posts_without_a_digest_say_nothing_twice() -> None:
    facts: dict[str, list[object]] = {
        "post": [1, 2],
        "account": ["a", "b"],
        "post_id": ["1", "1"],
        "digest": [None, None],
    }
    with tables_of(filled(facts, POST_FACTS), filled({"post": []}, SKETCHES)) as tables:
        find_shared(tables, own=False)
        assert told(tables, "FROM shared") == []


def test_facts_that_cannot_be_read_back_are_told_in_one_line(tmp_path: Path) -> None:
    facts: dict[str, tuple[Path, ...]] = {
        name: () for schemas in TABLES.values() for name in schemas
    }
    numbers: dict[str, Sequence[object]] = {"post": range(9_000), "account": range(9_000)}
    rows = filled(numbers | {f"key{band}": range(9_000) for band in range(BANDS)}, SKETCHES)
    path = tmp_path / "sketch_facts.parquet"
    write_parquet(path, SKETCHES, [rows])
    whole = bytearray(path.read_bytes())
    # Not where the file tells what it holds: that is seen when it is opened.
    whole[4 : len(whole) // 2] = b"\xff" * (len(whole) // 2 - 4)
    with open_tables(tmp_path, facts | {"sketch_facts": (path,)}, 1024, 1) as tables:
        path.write_bytes(whole)
        with pytest.raises(OutputError, match="the global stage failed") as failed:
            find_shared(tables, own=True)
    assert "\n" not in str(failed.value)


def test_an_input_without_posts_shares_nothing() -> None:
    with TemporaryDirectory() as place:
        nothing: dict[str, tuple[Path, ...]] = {
            name: () for schemas in TABLES.values() for name in schemas
        }
        with open_tables(Path(place), nothing, 1024, 1) as tables:
            find_shared(tables, own=True)
            assert told(tables, "FROM shared") == []


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(keys, st.sampled_from(text_digests(["a", "b", "c"]).tolist()))))
def test_own_copies_are_the_same_where_other_accounts_share_no_key(
    posts: list[tuple[int, int]],
) -> None:
    columns: dict[str, Sequence[object]] = {
        "post": range(len(posts)),
        "account": [account for _, account in posts],
        **{f"key{band}": [key for key, _ in posts] for band in range(BANDS)},
    }
    found = []
    for own in (False, True):
        with tables_of(filled({"post": []}, POST_FACTS), filled(columns, SKETCHES)) as tables:
            find_shared(tables, own=own)
            tables.take("lost_posts", pa.table({"slice": [0], "line": [0]}))
            steps = (*sharing(), *statements("sketched"), BUCKETS, OWN_COPIES)
            tables.make(steps, views=VIEWS)
            shared = told(tables, "SELECT DISTINCT band, bucket, account FROM buckets")
            found.append(told(tables, "FROM own_copies ORDER BY post"))
    assert found[0] == found[1]
    assert len(shared) == len({(row["band"], row["bucket"]) for row in shared})
