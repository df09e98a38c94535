"""The rows of clusters.csv on their way there: in files, put in order by the engine.

A ring of a hundred thousand copies has as many rows: they are written as they come and are never
in memory together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from auditor.model import ClusterRow
from auditor.reports import cluster_lines
from auditor.runs.judging import CLUSTERS
from auditor.runs.tables import Tables
from auditor.runs.work import read_values
from auditor.sources import write_parquet

GROUP_ROWS = pa.schema(
    [("cluster_id", pa.string()), ("post_id", pa.string()), ("row", pa.string())]
)
"""Rows of clusters.csv, as JSON, with what they are ordered by."""

IN_ORDER = 'SELECT "row" FROM group_rows ORDER BY cluster_id, post_id, "row"'
OWN = "own.parquet"
ACROSS = "across.parquet"
_TOGETHER = 4_096


def write_groups(path: Path, rows: Iterable[ClusterRow]) -> None:
    """Write rows as they come.

    Raises:
        OutputError: the disk is full.
    """
    path.parent.mkdir(exist_ok=True)
    write_parquet(path, GROUP_ROWS, group_batches(rows))


def group_batches(rows: Iterable[ClusterRow]) -> Iterator[pa.RecordBatch]:
    """Yield rows as ``GROUP_ROWS``, some thousand at a time."""
    coming = iter(rows)
    while some := list(islice(coming, _TOGETHER)):
        yield pa.RecordBatch.from_arrays(group_columns(some), schema=GROUP_ROWS)


def group_columns(rows: Sequence[ClusterRow | None]) -> list[pa.Array]:
    """Return rows as the columns of ``GROUP_ROWS``; nulls where there is none."""
    columns = (
        [row and row.cluster_id for row in rows],
        [row and row.post_id for row in rows],
        [row and row.model_dump_json() for row in rows],
    )
    return [pa.array(column, pa.string()) for column in columns]


def ordered_groups(directory: Path, tables: Tables, parts: Sequence[Path]) -> Iterator[memoryview]:
    """Yield the lines of all groups in their order: those of single accounts, and those across.

    Raises:
        OutputError: the disk is full.
    """
    own = chain.from_iterable(read_values(path / CLUSTERS, ClusterRow) for path in parts)
    write_groups(directory / OWN, own)
    paths = [path for path in (directory / OWN, directory / ACROSS) if path.exists()]
    tables.read("group_rows", GROUP_ROWS, paths)
    yield from cluster_lines(batch.column("row") for batch in tables.stream(IN_ORDER))
