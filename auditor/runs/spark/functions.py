"""What a worker of Spark makes of rows: the same pure functions as on one machine.

Every function here returns what goes to ``mapInArrow`` over the rows of one kind, where they lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from auditor.copies import jaccards
from auditor.runs.across import compared, groups_of, rows_of
from auditor.runs.copying import COPYABLE, copyable, marks_of, members_of
from auditor.runs.facts import post_number as number_of
from auditor.runs.fetching import CONTENT_ROWS, spelt
from auditor.runs.groups import group_batches
from auditor.runs.spark.rows import Batches, Faults, Settled, Work, Worker
from auditor.runs.spark.rulebook import Shared, compiled_of
from auditor.sources import KINDS, LOCATED, Kind
from auditor.sources.keys import account_keys

Found = Iterable[Settled | Faults]

ALIKE = pa.schema([("left_post", pa.int64()), ("right_post", pa.int64())])


def wire(kind: Kind) -> pa.Schema:
    """Return the form in which rows of a kind travel: times as microseconds."""
    fields = (
        field.with_type(pa.int64()) if pa.types.is_timestamp(field.type) else field
        for field in LOCATED[kind]
    )
    return pa.schema(list(fields))


WIRED: dict[Kind, pa.Schema] = {
    kind: pa.schema([("account", pa.string()), ("row", pa.struct(list(wire(kind))))])
    for kind in KINDS
}
"""Wanted rows on their way to their account."""

LAID = pa.schema([*WIRED["posts"], *(one for one in COPYABLE if one.name != "account")])
"""Posts that were read once for two ends: to be judged (``WIRED``), and to be compared
(``COPYABLE``). A row is for one of them, and what belongs to the other is null."""


def _good(found: Found) -> Iterator[Settled]:
    return (each for each in found if isinstance(each, Settled) and each.rows.num_rows)


def spell(kind: Kind) -> Work:
    """Return what spells rows in doubt out (``CONTENT_ROWS``)."""

    def work(found: Found) -> Iterator[pa.RecordBatch]:
        """Yield the rows, spelt out."""
        for each in _good(found):
            yield spelt(kind, each.rows, each.number).cast(CONTENT_ROWS)

    return work


def send(kind: Kind) -> Work:
    """Return what sends wanted rows on their way (``WIRED``)."""

    def work(found: Found) -> Iterator[pa.RecordBatch]:
        """Yield the rows under the key of their account."""
        for each in _good(found):
            yield sent(kind, each.rows)

    return work


def sent(kind: Kind, rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows under the keys of their accounts (``WIRED``)."""
    plain = rows.cast(wire(kind))
    row = pa.StructArray.from_arrays(plain.columns, fields=list(plain.schema))
    return pa.RecordBatch.from_arrays([account_keys(rows), row], schema=WIRED[kind])


def lay_down(found: Found) -> Iterator[pa.RecordBatch]:
    """Yield the posts that are judged and those that may be copies (``LAID``), each for itself."""
    for each in _good(found):
        if each.told is None:
            raise AssertionError("posts are asked for with what is asked of them")
        judged = each.rows.filter(each.told.column("judged"))
        if judged.num_rows:
            yield _laid(sent("posts", judged))
        others = each.told.column("copyable")
        compared = each.rows.filter(others)
        if compared.num_rows:
            yield _laid(copyable(compared, _posts(each).filter(others)))


def _laid(rows: pa.RecordBatch) -> pa.RecordBatch:
    columns = {name: rows.column(name) for name in rows.schema.names}
    arrays = [columns.get(one.name, pa.nulls(rows.num_rows, one.type)) for one in LAID]
    return pa.RecordBatch.from_arrays(arrays, schema=LAID)


def mark(shared: Shared) -> Worker:
    """Return what marks the posts of groups (``COPIED``); ``cluster`` and ``verified`` are told."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield the posts with their groups and marks."""
        marker = marks_of(compiled_of(shared))
        for batch in batches:
            verified = batch.column("verified").to_pylist()
            yield members_of(marker, batch, batch.column("cluster"), verified)

    return work


def _posts(each: Settled) -> pa.Array:
    return pa.array(number_of(each.number, each.rows.column("row_line").to_numpy()))


def compare(least_likeness: float) -> Worker:
    """Return what keeps the pairs of texts that are alike (``ALIKE``)."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield the pairs that are alike."""
        for batch in batches:
            left, right, one, other = batch.columns
            near = jaccards(one.to_pylist(), other.to_pylist()) >= least_likeness
            pairs = pa.RecordBatch.from_arrays([left, right], schema=ALIKE)
            yield pairs.filter(pa.array(np.asarray(near)))

    return work


def compare_members(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the members of groups beside the first of each (``COMPARED``)."""
    yield from map(compared, batches)


def group(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the rows of groups (``GROUP_ROWS``); the members of one come together, in order."""
    yield from group_batches(rows_of(groups_of(batches)))
