"""The lines of clusters.csv that are made in columns are those that rows of the model give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import OutputError
from auditor.model import ClusterRow
from auditor.reports import cluster_lines, read_clusters_csv, write_clusters_csv
from auditor.reports.columns import CLUSTERS
from auditor.reports.lines import csv_lines

FIRST = ClusterRow(
    cluster_id="=1",
    kind="copies",
    size=2,
    accounts=1,
    role="first",
    account_id="p:1",
    post_id='p:1:\u2028\n\x85\r,"',
    published_at="2023-07-01T00:00:00+08:00",
    similarity=0.1 + 0.2,
    against=("quoted", "a|b", "names, first"),
    hours=1e22,
    accounts_at_once=3,
)
LATER = ClusterRow(
    cluster_id="c2", kind="copies", size=1, accounts=1, role="later", account_id="p:2", post_id="x"
)

texts = st.text(max_size=8)
numbers = st.integers(-(2**63), 2**63 - 1)
parts = st.floats(allow_nan=False, allow_infinity=False)
clusters = st.builds(
    ClusterRow,
    cluster_id=texts,
    kind=texts,
    size=numbers,
    accounts=numbers,
    role=texts,
    account_id=texts,
    post_id=texts,
    published_at=st.none() | texts | st.just("2023-07-01T00:00:00+08:00"),
    similarity=st.none() | parts,
    against=st.lists(texts, max_size=3).map(tuple),
    hours=st.none() | parts | st.integers(-(2**53), 2**53).map(float),
    accounts_at_once=st.none() | numbers,
)


def spelt(rows: Sequence[ClusterRow]) -> pa.Array:
    return pa.array([row.model_dump_json() for row in rows], pa.string())


@given(st.lists(clusters, max_size=4), st.integers(0, 2))
def test_rows_of_groups_are_written_as_rows_one_by_one(
    rows: list[ClusterRow], skipped: int
) -> None:
    found = b"".join(cluster_lines([spelt(rows).slice(skipped)]))
    assert found.decode() == csv_lines(map(CLUSTERS.row, rows[skipped:]))


@pytest.mark.parametrize("together", [1, 3])
def test_the_file_of_lines_is_the_file_of_rows(tmp_path: Path, together: int) -> None:
    rows = [FIRST, LATER, FIRST.model_copy(update={"against": (), "hours": None})]
    some = (spelt(rows[start : start + together]) for start in range(0, len(rows), together))

    write_clusters_csv(tmp_path / "lines.csv", (), cluster_lines(some))
    write_clusters_csv(tmp_path / "rows.csv", rows)

    assert (tmp_path / "lines.csv").read_bytes() == (tmp_path / "rows.csv").read_bytes()
    assert list(read_clusters_csv(tmp_path / "lines.csv"))[1] == LATER


def test_every_field_of_a_row_has_its_form() -> None:
    (line,) = cluster_lines([spelt([LATER])])
    assert bytes(line).count(b",") == len(CLUSTERS.fields) - 1


def test_a_file_without_groups_has_its_head_alone(tmp_path: Path) -> None:
    write_clusters_csv(tmp_path / "none.csv", (), cluster_lines([spelt([])]))
    assert (tmp_path / "none.csv").read_text(encoding="utf-8-sig") == ",".join(
        CLUSTERS.header
    ) + "\n"


def test_a_text_longer_than_any_block_is_one_row() -> None:
    row = LATER.model_copy(update={"post_id": "p:" + "长" * 3_000_000})
    (line,) = cluster_lines([spelt([row])])
    assert bytes(line).decode() == csv_lines([CLUSTERS.row(row)])


def test_a_full_disk_is_told_where_lines_are_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        write_clusters_csv(tmp_path / "no" / "clusters.csv", (), cluster_lines([spelt([LATER])]))
