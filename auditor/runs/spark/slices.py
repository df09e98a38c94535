"""A dataset directory that every worker sees: each task reads a slice, as one machine does.

What Spark's own reader would do otherwise (damaged files, nanoseconds, columns that differ from
file to file) is the same here, and nothing is copied from the JVM to Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from auditor.config import time_zone
from auditor.errors import UsageError
from auditor.model import Rejection
from auditor.runs.intake import Intake, take_in, text_files
from auditor.runs.request import AuditRequest
from auditor.runs.screening import read_whole
from auditor.runs.spark.rows import Batches, Faults, Settled, Work, Worker, told_of
from auditor.sources import KINDS, Kind, Slice, fetch_rows
from auditor.sources.slices import ROWS
from auditor.text import switch_loops

MOST_TASKS = 10_000
"""Tasks of a stage at most: beyond that the driver is kept busy by them alone."""


@dataclass(frozen=True)
class SliceRows:
    """The rows of one kind, in slices of some hundred thousand."""

    spark: SparkSession
    kind: Kind
    slices: tuple[Slice, ...]
    timezone: str | None
    numbered: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The file of each slice, as the reports name it."""
        return tuple(each.file for each in self.slices)

    @property
    def _tasks(self) -> int:
        return min(max(1, len(self.slices)), MOST_TASKS)

    def every(self, work: Work, schema: pa.Schema) -> DataFrame:
        """Return what is made of all rows, a task for each slice."""
        numbers = self.spark.range(0, len(self.slices), 1, self._tasks)
        worker = _reading(self.slices, self.timezone, work)
        return numbers.mapInArrow(worker, from_arrow_schema(schema))

    def wanted(
        self,
        places: DataFrame,
        work: Work,
        schema: pa.Schema,
        fields: Collection[str] | None = None,
    ) -> DataFrame:
        """Return what is made of the rows at ``places``; a slice is read by one task."""
        # With a number, Spark does not put small partitions together: each slice costs as much.
        together = places.repartition(self._tasks, "slice").sortWithinPartitions("slice", "line")
        worker = _fetching(self.slices, self.timezone, work, fields)
        return together.mapInArrow(worker, from_arrow_schema(schema))


def check_forms(dataset: Path) -> None:
    """Look for files that this engine does not read, by their names alone.

    Raises:
        UsageError: there is one.
        InputError: there are no files at all.
    """
    if others := text_files(dataset):
        _, _, path = others[0]
        raise UsageError("the Spark engine reads Parquet files and tables", str(path))


def dataset_rows(
    spark: SparkSession, request: AuditRequest
) -> tuple[Intake, dict[Kind, SliceRows]]:
    """Return the rows of a dataset directory of Parquet files.

    Raises:
        InputError: a file is none, or lacks a column.
    """
    intake = take_in(request, ())
    found: dict[Kind, SliceRows] = {}
    for kind in KINDS:
        if slices := tuple(each for each in intake.slices if each.kind == kind):
            found[kind] = SliceRows(spark, kind, slices, request.timezone)
    return intake, found


def _reading(slices: tuple[Slice, ...], timezone: str | None, work: Work) -> Worker:
    def read(batches: Batches) -> Iterator[Settled | Faults]:
        """Yield the rows of the slices whose numbers come in, and the faults of each."""
        for batch in batches:
            for number in batch.column("id").to_pylist():
                yield from _settled(slices[number], timezone)

    return lambda batches: work(read(batches))


def _settled(each: Slice, timezone: str | None) -> Iterator[Settled | Faults]:
    if each.rows >= ROWS:
        switch_loops(True)
    refused: list[Rejection] = []
    desk = each.desk(time_zone(timezone), refused.append)
    for rows in read_whole(each, desk):
        yield Settled(each.number, rows)
    yield Faults(each.number, tuple(refused), frozenset(desk.unknown), desk.incomplete)


def _fetching(
    slices: tuple[Slice, ...],
    timezone: str | None,
    work: Work,
    fields: Collection[str] | None,
) -> Worker:
    def read(batches: Batches) -> Iterator[Settled | Faults]:
        """Yield the rows that stand at the lines that come in."""
        for number, told in _by_slice(batches):
            lines = told.column("line").to_numpy()
            for rows in fetch_rows(slices[number], lines, time_zone(timezone), fields):
                yield Settled(number, rows, told_of(rows, told))

    return lambda batches: work(read(batches))


def _by_slice(batches: Batches) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the wanted places of one slice after the other; those of one stand together."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        numbers = batch.column("slice").to_pylist()
        start = 0
        for place, number in enumerate(numbers):
            if held and number != _slice_of(held):
                yield _slice_of(held), _joined(held)
                held = []
            if place + 1 == len(numbers) or numbers[place + 1] != number:
                held.append(batch.slice(start, place + 1 - start))
                start = place + 1
    if held:
        yield _slice_of(held), _joined(held)


def _slice_of(held: list[pa.RecordBatch]) -> int:
    number: int = held[-1].column("slice")[0].as_py()
    return number


def _joined(held: list[pa.RecordBatch]) -> pa.RecordBatch:
    (batch,) = pa.Table.from_batches(held).combine_chunks().to_batches()
    return batch
