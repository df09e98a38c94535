"""The rows of an input as DataFrames, each row with its place; posts stay where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name
from pyspark.sql.pandas.types import to_arrow_schema

from auditor.errors import InputError, UsageError
from auditor.model import InputFile
from auditor.runs.request import AuditRequest
from auditor.runs.spark.functions import PLACE, Origin
from auditor.sources import KINDS, Kind, open_dataset
from auditor.sources.conform import unknown_columns
from auditor.sources.files import PARQUET, dataset_files
from auditor.sources.parquet import digest, group_rows
from auditor.sources.schemas import FIELDS, missing_names, repeated

_POSITIVE = 2**63 - 1


@dataclass(frozen=True)
class Rows:
    """The rows of one kind: the contract's columns and ``PLACE``.

    ``files`` has a row for each file: its ``row_path`` and its number as ``slice``; ``None`` for a
    table, whose rows have their content as their place.
    """

    origin: Origin
    frame: DataFrame
    files: DataFrame | None
    unknown: frozenset[str]

    def wanted(self, places: DataFrame) -> DataFrame:
        """Return the rows at ``places`` (slice, line), with what else those hold.

        The places go to the rows, which are read again where they lie.
        """
        if self.files is None:
            told = places.drop("slice").withColumnRenamed("line", PLACE[1]).distinct()
            return self.frame.join(F.broadcast(told), PLACE[1])
        told = places.join(F.broadcast(self.files), "slice").drop("slice")
        told = told.withColumnRenamed("line", PLACE[1])
        return self.frame.join(F.broadcast(told), list(PLACE))


def dataset_rows(spark: SparkSession, request: AuditRequest, dataset: Path) -> dict[Kind, Rows]:
    """Return the rows of a dataset directory of Parquet files, which every worker must see.

    Raises:
        UsageError: a file is of another form.
        InputError: a file is none, or lacks a column.
    """
    source = open_dataset(dataset)
    found: dict[Kind, Rows] = {}
    for kind, paths in dataset_files(dataset).items():
        if not paths:
            continue
        if others := [path for path in paths if path.suffix.lower() != PARQUET]:
            raise UsageError("the Spark engine reads Parquet files and tables", str(others[0]))
        unknown: set[str] = set()
        for path in paths:
            group_rows(path, kind)
            unknown |= unknown_columns(kind, pyarrow.parquet.read_schema(path))
        spelled = tuple(str(path.resolve()) for path in paths)
        names = "\0".join(source.name_of(path) for path in paths)
        try:
            frame = spark.read.option("mergeSchema", "true").parquet(
                *(f"file:{p}" for p in spelled)
            )
        except PySparkException as error:
            raise InputError(f"Spark cannot read it ({first_line(error)})", str(dataset)) from error
        origin = Origin(kind, spelled, request.timezone, names)
        # Spark spells one file in two ways: file:///a here, file:/a in the place of a row.
        first = frame.select("_metadata.file_path").head()
        short = first is not None and not first[0].startswith("file:///")
        uris = [
            f"file:/{uri.removeprefix('file:///')}" if short else uri for uri in frame.inputFiles()
        ]
        numbered = [(uri, origin.number(uri)) for uri in uris]
        files = spark.createDataFrame(numbered, f"{PLACE[0]} string, slice int")
        place = (F.col("_metadata.file_path"), F.col("_metadata.row_index") + 1)
        known = [name for name in frame.columns if name in FIELDS[kind]]
        columns = [*known, *(column.alias(name) for column, name in zip(place, PLACE, strict=True))]
        found[kind] = Rows(origin, frame.select(*columns), files, frozenset(unknown))
    return found


def file_names(rows: Rows) -> list[str]:
    """Return how the reports name the files of an input, or the table, by their numbers."""
    return rows.origin.name.split("\0")


def table_rows(
    spark: SparkSession, request: AuditRequest, tables: Mapping[Kind, str]
) -> dict[Kind, Rows]:
    """Return the rows of tables of the catalogue.

    Raises:
        InputError: there is no such table, or it lacks a column.
    """
    found: dict[Kind, Rows] = {}
    for kind in KINDS:
        if name := tables.get(kind):
            try:
                frame = spark.table(name)
            except PySparkException as error:
                raise InputError(
                    f"Spark knows no such table ({first_line(error)})", name
                ) from error
            found[kind] = frame_rows(kind, frame, request.timezone, name)
    return found


def frame_rows(kind: Kind, frame: DataFrame, timezone: str | None, name: str) -> Rows:
    """Return the rows of any DataFrame; a row is told from others by what it says.

    Raises:
        InputError: it lacks a column, or gives one twice.
    """
    if twice := repeated(column for column in frame.columns if column in FIELDS[kind]):
        raise InputError(f"gives a column twice: {', '.join(twice)}", name)
    if needed := missing_names(kind, frame.columns):
        raise InputError(f"has no column {needed}", name)
    known = [column for column in frame.columns if column in FIELDS[kind]]
    content = F.xxhash64(*known).bitwiseAND(F.lit(_POSITIVE))
    placed = frame.select(
        *known, F.lit(None).cast("string").alias(PLACE[0]), content.alias(PLACE[1])
    )
    unknown = unknown_columns(kind, to_arrow_schema(frame.schema))
    return Rows(Origin(kind, (), timezone, name), placed, None, frozenset(unknown))


def input_files(request: AuditRequest, kept: Mapping[str, int]) -> tuple[InputFile, ...]:
    """Return the files of a dataset with digests and rows; tables have no bytes to digest."""
    if request.dataset is None:
        return ()
    source = open_dataset(request.dataset)
    paths = [path for kind in KINDS for path in source.files(kind)]
    named = {source.name_of(path): path for path in paths}
    return tuple(
        InputFile(path=name, sha256=digest(named[name]), rows=kept.get(name, 0))
        for name in sorted(named)
    )


def first_line(error: Exception) -> str:
    """Return the first line of what an engine says, which goes on for pages."""
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
