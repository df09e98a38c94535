"""The rows of one kind of an input, wherever they lie, and what a worker is given of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame

from auditor.model import Rejection
from auditor.sources import Kind

Batches = Iterable[pa.RecordBatch]
Worker = Callable[[Batches], Iterator[pa.RecordBatch]]
"""What goes to ``mapInArrow``: batches in, batches out."""


class Settled(NamedTuple):
    """Good rows of one slice, in the canonical form (``LOCATED``).

    ``told`` is what stands beside each in the places that were asked for.
    """

    number: int
    rows: pa.RecordBatch
    told: pa.RecordBatch | None = None


class Faults(NamedTuple):
    """What was refused of one slice, or of a part of a table, after its good rows."""

    number: int
    refused: tuple[Rejection, ...]
    unknown: frozenset[str]
    incomplete: bool


Work = Callable[[Iterable[Settled | Faults]], Iterator[pa.RecordBatch]]
"""What is done with rows where they lie."""


class Rows(Protocol):
    """The rows of one kind; by its place (``slice``, ``line``) each can be asked for again."""

    @property
    def kind(self) -> Kind:
        """What each row is."""

    @property
    def names(self) -> tuple[str, ...]:
        """How reports name the origin of the rows of each slice."""

    @property
    def numbered(self) -> bool:
        """Whether ``line`` is a number that a person can look up."""

    def every(self, work: Work, schema: pa.Schema) -> DataFrame:
        """Return what is made of all rows."""

    def wanted(
        self,
        places: DataFrame,
        work: Work,
        schema: pa.Schema,
        fields: Collection[str] | None = None,
    ) -> DataFrame:
        """Return what is made of the rows at ``places`` (slice, line, and what else is told).

        With ``fields`` others may be null, but for those that every row needs.
        """


def told_of(rows: pa.RecordBatch, told: pa.RecordBatch) -> pa.RecordBatch:
    """Return what is told of each of ``rows``, in their order; both name their lines."""
    places = pc.index_in(rows.column("row_line"), value_set=told.column("line"))
    return told.take(places)
