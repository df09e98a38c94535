"""Who published when: two narrow columns of posts, read before anything else of them is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from auditor.sources.blocks import Desk
from auditor.sources.conform import DoubtfulError, conform
from auditor.sources.keys import Numbers
from auditor.sources.marks import whole
from auditor.sources.parquet import TableBlock, read_columns
from auditor.sources.schemas import FIELDS, LOCATED
from auditor.sources.slices import Slice, read_batches

_ASKED: Final = ("account_id", "published_at")

_STAND_IN: Final = pa.scalar("-")
"""What stands in a field that every row needs, where it is not read."""


class Moments(NamedTuple):
    """Ids of accounts, without their platform, and when each published: microseconds since 1970."""

    accounts: pa.Array
    times: Numbers


def read_moments(slice_: Slice, zone: tzinfo | None) -> Iterator[Moments]:
    """Yield the moments of all dated rows of a slice of posts, some thousand at a time.

    Rows that will be rejected for something else are among them.

    Raises:
        DoubtfulError: most rows are rejected, which takes a thousand times as long.
        InputError: the file cannot be read at all.
        BrokenError: it breaks off part-way.
        OutputError: what was laid down is gone or damaged.
    """
    for table in _tables(slice_, zone):
        accounts, published = (whole(table.column(name)) for name in _ASKED)
        if published.null_count:
            dated = published.is_valid()
            accounts, published = accounts.filter(dated), published.filter(dated)
        yield Moments(accounts, published.cast(pa.int64()).to_numpy())


def _tables(slice_: Slice, zone: tzinfo | None) -> Iterator[pa.Table]:
    if slice_.groups is None:
        schema = LOCATED[slice_.kind]
        for batch in read_batches(slice_.path, [schema.names.index(name) for name in _ASKED]):
            yield pa.Table.from_batches([batch])
        return
    # What is wrong with a row is told by who reads all of it.
    desk = slice_.desk(zone, lambda _: None)
    for block in read_columns(slice_.path, slice_.kind, _ASKED, slice_.groups):
        yield _settled(block, desk)
        if desk.rejected > desk.kept:
            raise DoubtfulError("most rows can only be told by themselves")


def _settled(block: TableBlock, desk: Desk) -> pa.Table:
    try:
        table, doubt = conform(desk.kind, block.columns(), desk.zone, only=_ASKED)
    except (pa.ArrowException, ValueError):
        doubt = np.ones(len(block.numbers), dtype=np.bool_)
    if not doubt.any():
        return table
    # Rarely: the careful way knows whole rows only.
    rows = block.table
    for field in FIELDS[desk.kind].values():
        if field.required and field.name not in _ASKED:
            rows = rows.append_column(field.name, pa.repeat(_STAND_IN, rows.num_rows))
    return pa.Table.from_batches([desk.settle(replace(block, table=rows))])
