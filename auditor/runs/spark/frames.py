"""Tables of Spark's catalogue and DataFrames: their rows have no place but their content."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import ArrayType, MapType, StructType

from auditor.config import time_zone
from auditor.errors import InputError
from auditor.model import Rejection
from auditor.runs.spark.faults import cause
from auditor.runs.spark.rows import Batches, Faults, Settled, Work, Worker, told_of
from auditor.sources import KINDS, Kind
from auditor.sources.blocks import Desk
from auditor.sources.parquet import TableBlock, in_micros
from auditor.sources.schemas import FIELDS, missing_names, repeated

CONTENT = "row_content"
"""The column beside the contract's: 63 bits of a digest of the whole row, its place.

Two different rows of a table of 10^8 have the same one with a chance of 1 in 2,000.
"""

_POSITIVE = 2**63 - 1


@dataclass(frozen=True)
class FrameRows:
    """The rows of a table or DataFrame: the contract's columns and ``CONTENT``.

    ``unknown`` are the names of its columns beyond the contract.
    """

    kind: Kind
    frame: DataFrame
    name: str
    timezone: str | None
    unknown: frozenset[str]
    numbered: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The table: all of it is one slice."""
        return (self.name,)

    def every(self, work: Work, schema: pa.Schema) -> DataFrame:
        """Return what is made of all rows."""
        worker = _settling(self, work)
        return self.frame.mapInArrow(worker, from_arrow_schema(schema))

    def wanted(
        self,
        places: DataFrame,
        work: Work,
        schema: pa.Schema,
        fields: Collection[str] | None = None,
    ) -> DataFrame:
        """Return what is made of the rows at ``places``, which are sent to where the rows lie.

        All ``fields`` are read: a row is told by its content.
        """
        del fields
        told = places.drop("slice").distinct().withColumnRenamed("line", CONTENT)
        found = self.frame.join(F.broadcast(told), CONTENT)
        worker = _settling(self, work)
        return found.mapInArrow(worker, from_arrow_schema(schema))


def table_rows(
    spark: SparkSession, tables: Mapping[Kind, str], timezone: str | None
) -> dict[Kind, FrameRows]:
    """Return the rows of tables of the catalogue.

    Raises:
        InputError: there is no such table, or it lacks a column.
    """
    found: dict[Kind, FrameRows] = {}
    for kind in KINDS:
        if name := tables.get(kind):
            try:
                frame = spark.table(name)
            except PySparkException as error:
                fault = f"Spark knows no such table ({cause(error)})"
                raise InputError(fault, name) from error
            found[kind] = frame_rows(kind, frame, timezone, name)
    return found


def frame_rows(kind: Kind, frame: DataFrame, timezone: str | None, name: str) -> FrameRows:
    """Return the rows of any DataFrame; a row is told from others by what it says.

    Raises:
        InputError: it lacks a column, or gives one twice.
    """
    if twice := repeated(column for column in frame.columns if column in FIELDS[kind]):
        raise InputError(f"gives a column twice: {', '.join(twice)}", name)
    if needed := missing_names(kind, frame.columns):
        raise InputError(f"has no column {needed}", name)
    known = [column for column in frame.columns if column in FIELDS[kind]]
    placed = frame.select(*known, _content(frame, known).alias(CONTENT))
    # Of other columns the name is enough: their types may be beyond Arrow.
    others = frozenset(f"{kind}.{column}" for column in frame.columns if column not in known)
    return FrameRows(kind, placed, name, timezone, others)


def _content(frame: DataFrame, known: list[str]) -> Column:
    """Return a digest of each row; a value that is not there counts too, which the hash skips."""
    values = []
    for name in known:
        nested = isinstance(frame.schema[name].dataType, ArrayType | MapType | StructType)
        value = F.to_json(name) if nested else F.col(name)
        values += [value.isNull(), value]
    return F.xxhash64(*values).bitwiseAND(F.lit(_POSITIVE))


def _settling(rows: FrameRows, work: Work) -> Worker:
    # What goes to the workers must not hold the DataFrame.
    kind, timezone, others = rows.kind, rows.timezone, rows.unknown

    def read(batches: Batches) -> Iterator[Settled | Faults]:
        """Yield the rows of one partition, settled, and then its faults."""
        refused: list[Rejection] = []
        desk = Desk(kind, "", time_zone(timezone), refused.append, set())
        for batch in batches:
            known = [name for name in batch.schema.names if name in FIELDS[kind]]
            numbers = batch.column(CONTENT).to_pylist()
            good = desk.settle(TableBlock(kind, in_micros([batch.select(known)]), numbers))
            beside = [name for name in batch.schema.names if name not in FIELDS[kind]]
            names = ["line" if name == CONTENT else name for name in beside]
            yield Settled(0, good, told_of(good, batch.select(beside).rename_columns(names)))
        yield Faults(0, tuple(refused), others | desk.unknown, desk.incomplete)

    return lambda batches: work(read(batches))
