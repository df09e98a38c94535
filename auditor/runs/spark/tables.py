"""The global stage on Spark: the same statements, each written once as Parquet and read from there.

A view that is merely cached keeps the plan of all that it was made from, and every later statement
that names it copies that plan: after twenty of them the driver spends minutes and a gigabyte on
plans alone. What is written also outlives an executor.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import Any, Final
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from auditor.copies import HUBS, NEIGHBOURS, components, texts_of
from auditor.runs.spark.functions import ALIKE, compare
from auditor.runs.spark.rows import Batches, Worker
from auditor.runs.statements import Statement

_NAMED = re.compile(
    r"\b(?P<verb>FROM|JOIN)\s+(?P<name>[a-z_]+)\b(?P<alias>\s+(?:AS\s+)?(?!AS\b)"
    r"(?!ON\b|WHERE\b|LEFT\b|JOIN\b|GROUP\b|ORDER\b|UNION\b|HAVING\b)[a-z_]+\b)?"
)
_QUOTED = re.compile(r'"(\w+)"')

HELD: Final = frozenset(
    {
        "lost_posts",
        "lost_accounts",
        "doubled_posts",
        "buckets",
        "own_copies",
        "noted_posts",
        "woken_posts",
        "listed",
        "contents",
        "near_pairs",
        "members",
    }
)
"""Tables of the global stage that several others read, or that cut a plan which would grow.

To write one costs about a second, whatever it holds; what is read once is a view.
"""


_WRITING: Final = {"parquet.enable.dictionary": "false"}
"""How tables are written: hardly a value stands twice, as in the facts on one machine
(``sources.slices.WRITING``)."""

_FILES: Final = pa.schema([("file", pa.binary())])
"""Rows on their way to the driver."""


class SparkTables:
    """Tables by name, under names of their own in the session: a team's views are not touched."""

    def __init__(self, spark: SparkSession, scratch: str) -> None:
        self.spark = spark
        own = f"auditor_{uuid4().hex[:12]}"
        self._place = f"{scratch}/{own}"
        self._prefix = f"{own}_"
        self._frames: dict[str, DataFrame] = {}

    def __getitem__(self, name: str) -> DataFrame:
        """Return a table."""
        return self._frames[name]

    def get(self, name: str) -> DataFrame | None:
        """Return a table, if there is one."""
        return self._frames.get(name)

    def put(self, name: str, frame: DataFrame, *, hold: bool = True) -> DataFrame:
        """Let a name stand for a DataFrame; what is held is computed now, once."""
        if hold:
            place = f"{self._place}/{name}"
            frame.write.mode("overwrite").options(**_WRITING).parquet(place)
            frame = self.spark.read.schema(frame.schema).parquet(place)
        frame.createOrReplaceTempView(self._prefix + name)
        self._frames[name] = frame
        return frame

    def sql(self, query: str) -> DataFrame:
        """Return a query over the tables."""
        return self.spark.sql(_QUOTED.sub(r"`\1`", _NAMED.sub(self._spelled, query)))

    def _spelled(self, found: re.Match[str]) -> str:
        name = found.group("name")
        if name not in self._frames:
            return found.group()
        alias = found.group("alias") or f" AS {name}"
        return f"{found.group('verb')} {self._prefix}{name}{alias}"

    def make(self, statements: Iterable[Statement], held: Container[str] = HELD) -> None:
        """Make one table a statement; those of ``held`` are computed now (``put``)."""
        for name, query in statements:
            self.put(name, self.sql(query), hold=name in held)

    def take(self, name: str, table: pa.Table) -> None:
        """Make a table of rows in hand."""
        self.put(name, self.spark.createDataFrame(table), hold=False)

    def rows(self, query: str) -> pa.Table:
        """Return the rows of a query that fit into memory."""
        return self.sql(query).toArrow()

    def stream(self, query: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query, some thousand at a time."""
        yield from batches_of(self.sql(query))

    def map(self, frame: DataFrame, work: Worker, schema: pa.Schema) -> DataFrame:
        """Return what a function makes of the batches of a DataFrame."""
        return frame.mapInArrow(work, from_arrow_schema(schema))

    def link(self, least_likeness: float) -> None:
        """Fill the table ``labels`` with what hangs together (``copies.link``).

        Only the numbers of alike pairs come to the driver.
        """
        alike = np.empty((0, 2), np.int64)
        self._label(alike)
        for step in (HUBS, NEIGHBOURS):
            self.make([step])
            pairs = self.map(self.sql(texts_of(step)).toDF("l", "r", "one", "other"),
                             compare(least_likeness), ALIKE).toArrow()  # fmt: skip
            found = np.column_stack([column.to_numpy() for column in pairs.columns])
            alike = np.concatenate((alike, found.reshape(-1, 2)))
            self._label(alike)

    def _label(self, alike: npt.NDArray[np.int64]) -> None:
        labels = components(alike[:, 0], alike[:, 1])._asdict()
        columns = {name: pa.array(values, pa.int64()) for name, values in labels.items()}
        self.take("labels", pa.table(columns))

    def release(self) -> None:
        """Forget everything, what was written too: texts of posts are among it."""
        for name in self._frames:
            self.spark.catalog.dropTempView(self._prefix + name)
        self._frames.clear()
        _remove(self.spark, self._place)


def _remove(spark: SparkSession, place: str) -> None:
    """Remove a directory; only the JVM knows every file system on which a run may write."""
    context: Any = spark.sparkContext
    path = context._jvm.org.apache.hadoop.fs.Path(place)  # noqa: SLF001 - there is no other way
    path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)  # noqa: SLF001


def batches_of(frame: DataFrame) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a DataFrame in their order, two partitions of them in memory at a time.

    They come to the driver as files of Arrow's: values of Python's took 0.7 s more for 50,000 rows.
    """
    files = frame.mapInArrow(_as_files, from_arrow_schema(_FILES))
    for row in files.toLocalIterator(prefetchPartitions=True):
        yield pa.ipc.open_file(pa.BufferReader(bytes(row["file"]))).get_batch(0)


def _as_files(batches: Batches) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, batch.schema) as file:
            file.write_batch(batch)
        whole = pa.array([bytes(sink.getvalue())], pa.binary())
        yield pa.RecordBatch.from_arrays([whole], schema=_FILES)
