"""Row groups are known again by their bytes, wherever else the file changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.errors import InputError
from auditor.sources.parquet import digest_groups

ROWS = 400
GROUP = 100
POSTS = pa.table(
    {
        "platform": ["weibo"] * ROWS,
        "account_id": [str(at % 7) for at in range(ROWS)],
        "post_id": [str(at) for at in range(ROWS)],
        "text": [None if at % 11 == 0 else f"第{at}条" for at in range(ROWS)],
        "views": list(range(ROWS)),
    }
)


def digests(path: Path, table: pa.Table, **options: Any) -> list[str]:
    given = {"row_group_size": GROUP, **options}
    pq.write_table(table, path, **given)
    with pq.ParquetFile(path) as file:
        groups = file.num_row_groups
    return [digest_groups(path, (at, at + 1)) for at in range(groups)]


@pytest.mark.parametrize("options", [{}, {"use_dictionary": False}, {"compression": "zstd"}])
def test_a_file_that_grew_holds_its_row_groups_as_they_were(
    options: dict[str, Any], tmp_path: Path
) -> None:
    before = digests(tmp_path / "a.parquet", POSTS, **options)
    assert len(set(before)) == len(before)
    schema = pa.schema([*POSTS.schema], metadata={"rows": "more"})
    grown = pa.concat_tables([POSTS, POSTS.slice(0, 30)]).cast(schema)
    after = digests(tmp_path / "b.parquet", grown, **options)
    assert after[:-1] == before
    assert after[-1] not in before


def test_one_cell_changes_the_digest_of_its_row_group_alone(tmp_path: Path) -> None:
    before = digests(tmp_path / "a.parquet", POSTS)
    texts = POSTS.column("text").to_pylist()
    texts[150] = "改过的文字"
    changed = POSTS.set_column(3, "text", pa.array(texts))
    after = digests(tmp_path / "b.parquet", changed)
    assert [one == other for one, other in zip(before, after, strict=True)] == [
        True,
        False,
        True,
        True,
    ]


def views(table: pa.Table, kind: pa.DataType, name: str = "views") -> pa.Table:
    return table.set_column(4, name, pa.array(table.column("views").to_pylist(), kind))


def narrower(table: pa.Table) -> pa.Table:
    return views(table, pa.int32())


def unsigned(table: pa.Table) -> pa.Table:
    return views(table, pa.uint64())


def called_otherwise(table: pa.Table) -> pa.Table:
    return views(table, pa.int64(), "likes")


def one_row_less(table: pa.Table) -> pa.Table:
    return table.slice(0, GROUP - 1)


@pytest.mark.parametrize("change", [narrower, unsigned, called_otherwise, one_row_less])
def test_what_is_read_otherwise_has_another_digest(
    change: Callable[[pa.Table], pa.Table], tmp_path: Path
) -> None:
    (before,) = digests(tmp_path / "a.parquet", POSTS.slice(0, GROUP))
    (after,) = digests(tmp_path / "b.parquet", change(POSTS.slice(0, GROUP)))
    assert before != after


@pytest.mark.parametrize("data", [b"", b"PAR1", b"platform,text\n"])
def test_what_is_no_parquet_is_told(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.parquet"):
        digest_groups(path, (0, 1))
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        digest_groups(path, (0, 1))
