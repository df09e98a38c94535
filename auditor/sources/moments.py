"""Who published when: two narrow columns of posts, read before anything else of them is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from auditor.sources.conform import DoubtfulError, conform
from auditor.sources.keys import Numbers
from auditor.sources.marks import whole
from auditor.sources.parquet import read_columns
from auditor.sources.schemas import LOCATED
from auditor.sources.slices import Slice, read_batches

_ASKED: Final = ("account_id", "published_at")


class Moments(NamedTuple):
    """Ids of accounts, without their platform, and when each published: microseconds since 1970."""

    accounts: pa.Array
    times: Numbers


def read_moments(slice_: Slice, zone: tzinfo | None) -> Iterator[Moments]:
    """Yield the moments of all dated rows of a slice of posts, some thousand at a time.

    Rows that will be rejected for something else are among them.

    Raises:
        DoubtfulError: a row can only be told by itself.
        InputError: the file cannot be read at all.
        BrokenError: it breaks off part-way.
        OutputError: what was laid down is gone or damaged.
        pa.ArrowException: a column is not what its type says.
    """
    for table in _tables(slice_):
        told, doubt = conform("posts", table, zone, only=_ASKED)
        accounts, published = (whole(told.column(name)) for name in _ASKED)
        # Without an account a row is rejected whatever else it says.
        owned = accounts.is_valid()
        if (doubt & owned.to_numpy(zero_copy_only=False)).any():
            raise DoubtfulError("a row that can only be told by itself")
        if accounts.null_count or published.null_count:
            dated = pc.and_(owned, published.is_valid())
            accounts, published = accounts.filter(dated), published.filter(dated)
        yield Moments(accounts, published.cast(pa.int64()).to_numpy())


def _tables(slice_: Slice) -> Iterator[pa.Table]:
    if slice_.groups is None:
        schema = LOCATED[slice_.kind]
        places = [schema.names.index(name) for name in _ASKED]
        for batch in read_batches(slice_.path, places):
            yield pa.Table.from_batches([batch])
        return
    yield from read_columns(slice_.path, slice_.kind, _ASKED, slice_.groups)
