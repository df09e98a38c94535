"""Rows that are fetched again from a slice are the rows that were read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.errors import OutputError
from auditor.sources import Slice, fetch_rows, parquet, parquet_slices, read_slice
from auditor.sources.lines import BrokenError
from auditor.sources.schemas import FIELDS

ROWS = 4_000
POSTS = 2 * ROWS + 500
ASKED = ("title", "published_at")
WANTED = {
    "a few of each batch": range(7, POSTS, 997),
    "all of two batches": range(1, 2 * ROWS + 1),
    "the last row": range(POSTS, POSTS + 1),
    "none": range(0),
}


@pytest.fixture(scope="module", autouse=True)
def _small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "MOST_ROWS", ROWS)
        yield


@pytest.fixture(scope="module")
def slice_(tmp_path_factory: pytest.TempPathFactory) -> Slice:
    """A slice of posts, some refused, some with cells that must be judged by themselves."""
    numbers = range(1, POSTS + 1)
    # More different words in the second batch than in the first: their dictionaries differ.
    kinds = ["text" if at <= ROWS else ("article", "video", None)[at % 3] for at in numbers]
    table = pa.table(
        {
            "platform": pa.array(["weibo"] * POSTS).dictionary_encode(),
            "account_id": pa.array([str(at % 40) for at in numbers]),
            "post_id": pa.array([None if at % 1_009 == 0 else f"p{at}" for at in numbers]),
            "text": pa.array([f"第{at}条" for at in numbers], pa.large_string()),
            "title": pa.array(["" if at % 2 else f"题{at}" for at in numbers]),
            "kind": pa.array(kinds).dictionary_encode(),
            "views": pa.array(["1,200" if at % 1_013 == 0 else "7" for at in numbers]),
            "likes": pa.array([8.0 if at % 7 else 2.0**53 for at in numbers]),
            "published_at": pa.array([at * 1_001 for at in numbers], pa.timestamp("ns", "UTC")),
            "mood": pa.array([""] * POSTS),
        }
    )
    path = tmp_path_factory.mktemp("slices") / "posts.parquet"
    pa.parquet.write_table(table, path, row_group_size=3_000)
    whole = parquet_slices("posts", path, "posts.parquet", 0)
    assert len(whole) == 1
    return whole[0]


@pytest.fixture(scope="module")
def read(slice_: Slice) -> pa.Table:
    """All its rows, as the first pass reads them."""
    return _table(read_slice(slice_, slice_.desk(None, lambda _: None)))


def _table(batches: Iterator[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(list(batches))


def _kept(read: pa.Table, wanted: range) -> pa.Table:
    lines = read.column("row_line").to_numpy()
    return read.filter(pa.array(np.isin(lines, wanted)))


def test_the_slice_holds_rows_that_are_refused(read: pa.Table) -> None:
    assert 0 < read.num_rows < POSTS


@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)
def test_rows_fetched_are_rows_read(slice_: Slice, read: pa.Table, wanted: range) -> None:
    kept = _kept(read, wanted)
    batches = list(fetch_rows(slice_, kept.column("row_line").to_numpy(), None))
    assert all(batch.num_rows <= ROWS for batch in batches)
    assert pa.Table.from_batches(batches, schema=read.schema).equals(kept)


@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)
def test_fields_that_are_asked_for_are_as_in_the_whole_row(
    slice_: Slice, read: pa.Table, wanted: range
) -> None:
    kept = _kept(read, wanted)
    lines = kept.column("row_line").to_numpy()
    found = pa.Table.from_batches(list(fetch_rows(slice_, lines, None, ASKED)), schema=read.schema)
    needed = [field.name for field in FIELDS["posts"].values() if field.required]
    told = [*needed, *ASKED, "row_file", "row_line"]
    assert found.select(told).equals(kept.select(told))
    others = found.select([name for name in found.column_names if name not in told])
    assert not any(value is not None for row in others.to_pylist() for value in row.values())


@pytest.mark.parametrize(("characters", "rows"), [(10, ROWS), (20_000, 839), (3_000_000, 256)])
def test_blocks_of_long_texts_are_of_few_rows(tmp_path: Path, characters: int, rows: int) -> None:
    path = tmp_path / "posts.parquet"
    texts = pa.array([f"{at}".zfill(characters) for at in range(3)])
    table = pa.table({"text": texts})
    pa.parquet.write_table(table, path)
    metadata = pa.parquet.ParquetFile(path).metadata
    assert parquet.block_rows(metadata, [0]) == pytest.approx(rows, rel=0.02)


def test_rows_before_damage_are_fetched_as_they_were_read(tmp_path: Path) -> None:
    numbers = range(1, POSTS + 1)
    table = pa.table(
        {
            "platform": ["weibo"] * POSTS,
            "account_id": [str(at % 40) for at in numbers],
            "post_id": [f"p{at}" for at in numbers],
            "text": [f"第{at}条{at * 7919 % 100_003}" for at in numbers],
        }
    )
    path = tmp_path / "posts.parquet"
    options: dict[str, Any] = {"use_dictionary": False, "data_page_size": 1_024}
    pa.parquet.write_table(table, path, **options)
    with pa.parquet.ParquetFile(path) as file:
        chunk = file.metadata.row_group(0).column(3)
    data = bytearray(path.read_bytes())
    late = chunk.data_page_offset + chunk.total_compressed_size * 9 // 10
    data[late : late + 400] = bytes(400)
    path.write_bytes(data)
    (damaged,) = parquet_slices("posts", path, "posts.parquet", 0)
    with pytest.raises(BrokenError, match="damaged"):
        _table(read_slice(damaged, damaged.desk(None, lambda _: None)))
    batches = list(_until_broken(damaged))
    assert 0 < sum(batch.num_rows for batch in batches) < POSTS
    for wanted in (range(1, 4), range(1, batches[0].num_rows + 1)):
        lines = np.fromiter(wanted, np.int64)
        found = _table(fetch_rows(damaged, lines, None))
        assert found.column("row_line").to_pylist() == list(wanted)


def test_row_groups_without_a_wanted_row_are_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS", 100)
    keys = {name: [f"{at}" for at in range(400)] for name in ("platform", "account_id", "post_id")}
    table = pa.table({**keys, "text": [f"第{at}条" for at in range(400)]})
    path = tmp_path / "posts.parquet"
    options: dict[str, Any] = {"use_dictionary": False, "row_group_size": 100}
    pa.parquet.write_table(table, path, **options)
    data = bytearray(path.read_bytes())
    with pa.parquet.ParquetFile(path) as file:
        for group in (0, 2):
            chunk = file.metadata.row_group(group).column(3)
            start, size = chunk.data_page_offset, chunk.total_compressed_size
            data[start : start + size] = bytes(size)
    path.write_bytes(data)
    (each,) = parquet_slices("posts", path, "posts.parquet", 0)
    wanted = [101, 200, 301]
    found = _table(fetch_rows(each, np.array(wanted), None))
    assert found.column("row_line").to_pylist() == wanted
    assert found.column("text").to_pylist() == [f"第{line - 1}条" for line in wanted]
    with pytest.raises(OutputError, match="damaged"):
        list(fetch_rows(each, np.array([100, 101]), None))


def _until_broken(slice_: Slice) -> Iterator[pa.RecordBatch]:
    try:
        yield from read_slice(slice_, slice_.desk(None, lambda _: None))
    except BrokenError:
        return


def _damaged(path: Path, posts: pa.Table) -> None:
    del posts
    data = bytearray(path.read_bytes())
    data[100:1_100] = bytes(1_000)
    path.write_bytes(data)


CHANGES: list[tuple[str, Callable[[Path, pa.Table], None], str]] = [
    ("gone", lambda path, _: path.unlink(), "is no whole Parquet file"),
    ("cut off", lambda path, _: os.truncate(path, 1_000), "is no whole Parquet file"),
    ("damaged", _damaged, "the Parquet data is damaged"),
    (
        "fewer rows",
        lambda path, posts: pa.parquet.write_table(
            posts.slice(0, 2_200), path, row_group_size=1_000
        ),
        "1 rows are not there any more",
    ),
    (
        "fewer groups",
        lambda path, posts: pa.parquet.write_table(posts, path, row_group_size=5_000),
        "has no row group 3 any more",
    ),
    (
        "no text",
        lambda path, posts: pa.parquet.write_table(
            posts.set_column(3, "text", pa.nulls(2_500, pa.string())), path, row_group_size=1_000
        ),
        "2 rows are not there any more",
    ),
    (
        "no column",
        lambda path, posts: pa.parquet.write_table(posts.select(["platform"]), path),
        "has no column account_id, post_id, text",
    ),
]


@pytest.mark.parametrize(
    ("change", "message"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES]
)
def test_a_file_that_changed_since_it_was_screened_is_told(
    tmp_path: Path, change: Callable[[Path, pa.Table], None], message: str
) -> None:
    path = tmp_path / "posts.parquet"
    posts = pa.table(
        {
            "platform": ["weibo"] * 2_500,
            "account_id": ["1"] * 2_500,
            "post_id": [f"p{at}" for at in range(2_500)],
            "text": [f"第{at * 7_919 % 100_003}条" for at in range(2_500)],
        }
    )
    pa.parquet.write_table(posts, path, row_group_size=1_000)
    (each,) = parquet_slices("posts", path, "posts.parquet", 0)
    lines = np.array([7, 2_400])
    assert _table(fetch_rows(each, lines, None)).num_rows == 2
    change(path, posts)
    with pytest.raises(OutputError) as caught:
        list(fetch_rows(each, lines, None))
    told = str(caught.value)
    assert told.startswith(f"{path}: the input changed while it was read (")
    assert message in told
    assert len(told.splitlines()) == 1
