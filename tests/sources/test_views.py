"""Parquet columns of view types are read as the same columns of plain types."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.model import Rejection
from auditor.sources import Slice, fetch_rows, parquet_slices, read_slice
from auditor.sources.views import without_views

LONG = "一段比十二个字节更长的文字"
TEXTS = [LONG, "短", None, "b\0", LONG, "x"]
LISTS = [[LONG], [], None, ["a", "b"], ["c"], ["d\0"]]
PAIRS = [["a", LONG], ["b", "c"], None, ["d", "e"], ["f", "g"], ["h\0", "i"]]
REFS = [{"post_id": LONG}, None, {"post_id": None}, {"post_id": "b"}, {"post_id": "c"}, None]

COLUMNS: list[tuple[str, list[object], pa.DataType, pa.DataType]] = [
    ("title", [*TEXTS], pa.string_view(), pa.string()),
    ("location", [b"a", None, None, None, LONG.encode(), None], pa.binary_view(), pa.binary()),
    ("mentions", [*LISTS], pa.list_(pa.string_view()), pa.list_(pa.string())),
    ("images", [*LISTS], pa.list_view(pa.string()), pa.list_(pa.string())),
    ("links", [*PAIRS], pa.list_(pa.string_view(), 2), pa.list_(pa.string(), 2)),
    (
        "reply_to",
        [*REFS],
        pa.struct([("post_id", pa.string_view())]),
        pa.struct([("post_id", pa.string())]),
    ),
]
COUNT = len(TEXTS)


def _slice(path: Path, name: str, cells: list[object], form: pa.DataType) -> Slice:
    path.mkdir()
    texts = pa.string_view() if name == "title" and form == pa.string_view() else pa.string()
    table = pa.table(
        {
            "platform": ["weibo"] * COUNT,
            "account_id": ["1"] * COUNT,
            "post_id": [f"p{at}" for at in range(COUNT)],
            "text": pa.array(["甲", "乙", "丙\0", "丁", LONG, "己"], texts),
            name: pa.array(cells, form),
        }
    )
    pa.parquet.write_table(table, path / "posts.parquet")
    read = pa.parquet.ParquetFile(path / "posts.parquet").schema_arrow
    assert read.field(name).type == form
    (whole,) = parquet_slices("posts", path / "posts.parquet", "posts.parquet", 0)
    return whole


def _read(each: Slice) -> tuple[pa.Table, list[Rejection]]:
    rejected: list[Rejection] = []
    return pa.Table.from_batches(list(read_slice(each, each.desk(None, rejected.append)))), rejected


@pytest.mark.parametrize(("name", "cells", "view", "plain"), COLUMNS, ids=[c[0] for c in COLUMNS])
def test_a_column_of_views_gives_the_rows_of_a_plain_one(
    tmp_path: Path, name: str, cells: list[object], view: pa.DataType, plain: pa.DataType
) -> None:
    views = _slice(tmp_path / "views", name, cells, view)
    plains = _slice(tmp_path / "plain", name, cells, plain)
    found, rejected = _read(views)
    assert (found, rejected) == _read(plains)
    assert 0 < found.num_rows < COUNT
    # A part of the rows is taken by their numbers, which Arrow cannot do with views.
    lines = found.column("row_line").to_numpy()[:-1]
    assert lines.size
    again = pa.Table.from_batches(list(fetch_rows(views, lines, None)), schema=found.schema)
    assert again.equals(found.slice(0, found.num_rows - 1))


def test_texts_of_views_are_looked_at_as_others_are(tmp_path: Path) -> None:
    broken = pa.array([b"a", b"\xff\xfe", b"c"], pa.binary()).cast(pa.string_view(), safe=False)
    keys = {"platform": ["w"] * 3, "account_id": ["1"] * 3, "post_id": ["1", "2", "3"]}
    pa.parquet.write_table(pa.table({**keys, "text": broken}), tmp_path / "posts.parquet")
    (each,) = parquet_slices("posts", tmp_path / "posts.parquet", "posts.parquet", 0)
    found, rejected = _read(each)
    assert found.column("text").to_pylist() == ["a", "c"]
    assert [(row.line, row.reason) for row in rejected] == [(2, "text: is not UTF-8")]


def test_a_batch_without_views_is_the_one_that_came_in() -> None:
    fields = {
        "a": pa.array(["x"]),
        "b": pa.array([["x"]]),
        "c": pa.array([{"d": "x"}]),
        "e": pa.array([[[("x", 1)]]], pa.list_(pa.map_(pa.string(), pa.int64()))),
        "f": pa.array(["x"]).dictionary_encode(),
        "g": pa.array(np.array([1.0])),
    }
    (batch,) = pa.table(fields).to_batches()
    assert without_views(batch) is batch
