"""Codes of verification marks: known ones become words, others are rejected and never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.model import Rejection, Verified
from auditor.sources.conform import conform
from auditor.sources.marks import mark_words, worded
from auditor.sources.rows import RowError, record
from auditor.text.tables import read_rows


def test_every_code_says_where_it_comes_from_and_is_a_word_of_the_contract() -> None:
    for row in read_rows("verification-marks"):
        assert row["verified"] in get_args(Verified)
        assert row["source"]
        assert row["as_of"].isdigit()
        assert row["status"] == "unofficial"
        assert row["zh"]
        assert row["en"]


@pytest.mark.parametrize(
    ("platform", "shown", "word"),
    [
        ("weibo", "-1", "none"),
        ("weibo", 0, "person"),
        ("weibo", 3, "media"),
        ("weibo", 200, "unknown"),
        ("bilibili", 6, "government"),
        ("wechat", "UNC", "none"),
        ("weibo", "media", "media"),
    ],
)
def test_a_known_code_is_taken_by_row_and_by_column(
    platform: str, shown: object, word: str
) -> None:
    row = {"platform": platform, "account_id": "1", "name": "小满", "verified": shown}
    assert record("accounts", row, None).model_dump()["verified"] == word
    columns = pa.table({name: [value] for name, value in row.items()})
    table, doubt = conform("accounts", columns, None)
    assert not doubt.any()
    assert table.column("verified").to_pylist() == [word]


@pytest.mark.parametrize("shown", ["99", 99, "UNC", True])
def test_a_code_that_the_platform_is_not_known_to_use_is_no_mark(shown: object) -> None:
    row = {"platform": "weibo", "account_id": "1", "name": "小满", "verified": shown}
    with pytest.raises(RowError, match="verified"):
        record("accounts", row, None)


def test_codes_of_no_platform_are_left_alone() -> None:
    row = {"platform": "elsewhere", "verified": "1"}
    assert worded(row) == row
    assert "elsewhere:1" not in mark_words()


def test_a_parquet_of_codes_is_read_whole(tmp_path: Path) -> None:
    from auditor.sources import open_dataset, read_partition, write_partitions

    shown = [-1, 0, 1, None, 77]
    pq.write_table(
        pa.table(
            {
                "platform": ["weibo"] * 5,
                "account_id": [str(index) for index in range(5)],
                "name": ["小满"] * 5,
                "verified": pa.array(shown, pa.int64()),
            }
        ),
        tmp_path / "accounts.parquet",
    )
    rejected: list[Rejection] = []
    source = open_dataset(tmp_path)
    parts = write_partitions(source, tmp_path / "parts", 1, rejected.append)
    columns = [one for part in parts for one in read_partition(part, rejected.append)]
    found = [word for one in columns for word in one.accounts.column("verified").to_pylist()]
    assert sorted(map(str, found)) == ["None", "government", "none", "person"]
    assert len(rejected) == 1
