"""What several posts have in common, on one machine: keys of sketches, of names, of contents.

A column of keys is looked through as numbers, a part of it at a time. The database would put all of
them into a hash table, though most are nobody else's, and at ten million posts that no longer fits
its memory: settling and waking took 17.3 s, and 12.7 when keys were sorted instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.copies import BANDS, SHARED, shared_rows
from auditor.runs.statements import DIGESTS, NAMES
from auditor.runs.tables import Tables
from auditor.sources.keys import Numbers

TOGETHER = 3 << 23
"""Numbers that are held at a time, of keys and of the posts that have them: 192 MiB.

The keys of ten million posts are read once, those of sketches four times.
"""

_SPARE = 1 << 16
"""Numbers of a part beyond its share, before its room must grow."""

Rows = NDArray[np.int64]
"""A row a column."""

VIEWS = ("shared_keys", "shared_names", "shared_digests", "sketches")
"""Tables of the global stage that need not be written, as they are read once or hardly narrowed."""

Columns = Iterator[Sequence[Numbers]]
"""Posts and their keys, a column a kind of key, some thousand rows at a time."""

# Posts whose names have one hash may have one name.
_NAMES = "SELECT post, CAST(hash(account, post_id) >> 1 AS BIGINT) AS key FROM post_facts"
_COUNT = "SELECT count(*) AS count FROM {table}"


def find_shared(tables: Tables, *, own: bool) -> None:
    """Fill the table ``shared`` (``copies.SHARED``) from ``post_facts`` and ``sketch_facts``.

    With ``own`` a key of a sketch is shared within one account only, where nobody asks for copies
    across accounts: a third of what ``buckets`` cost are keys that others share by chance.

    Raises:
        OutputError: the disk is full, or facts cannot be read back.
    """
    posts, sketches = _count(tables, "post_facts"), _count(tables, "sketch_facts")
    names = _shared([NAMES], posts, partial(_names, tables))
    digests = _shared([DIGESTS], posts, partial(_digests, tables))
    found = chain(names, digests, _shared_bands(tables, sketches, own=own))
    tables.fill("shared", SHARED, found)


def _shared_bands(tables: Tables, count: int, *, own: bool) -> Iterator[pa.RecordBatch]:
    # Each time that keys are read their posts and accounts are as well.
    some = max(1, TOGETHER // max(count, 1) - 1)
    for first in range(0, BANDS, some):
        bands = range(first, min(first + some, BANDS))
        yield from _shared(bands, count, partial(_keys, tables, bands, own=own))


def _names(tables: Tables) -> Columns:
    for batch in tables.stream(_NAMES, 1 << 18):
        yield [column.to_numpy() for column in batch.columns]


def _digests(tables: Tables) -> Columns:
    for batch in tables.columns("post_facts", ("post", "digest")):
        posts, digests = batch.columns
        there = digests.is_valid().to_numpy(zero_copy_only=False)
        yield posts.to_numpy()[there], digests.drop_null().to_numpy()


def _keys(tables: Tables, bands: Sequence[int], *, own: bool) -> Columns:
    wanted = ("post", "account", *(f"key{band}" for band in bands))
    for batch in tables.columns("sketch_facts", wanted):
        columns = {name: batch.column(name).to_numpy() for name in wanted}
        posts, accounts, *keys = (columns[name] for name in wanted)
        yield posts, *((each ^ accounts for each in keys) if own else keys)


def _shared(
    kinds: Sequence[int], count: int, read: Callable[[], Columns]
) -> Iterator[pa.RecordBatch]:
    """Yield what is ``SHARED`` of kinds of keys, of which there are ``count`` each at most.

    Several kinds at once must fit; one that does not is read a part at a time.
    """
    parts = 1
    while count * (1 + len(kinds)) > parts * TOGETHER:
        parts *= 2
    for part in range(parts):
        room = np.empty((1 + len(kinds), count // parts + _SPARE), np.int64)
        posts, *keys = _of_part(read(), part, parts, room)
        for kind, column in zip(kinds, keys, strict=True):
            yield shared_rows(kind, column, posts)


def _of_part(columns: Columns, part: int, parts: int, room: Rows) -> Rows:
    """Return posts and keys of a part, a row a column; they are held once, in ``room``.

    All that have one key are in one part, so that a part may be larger than its share.
    """
    end = 0
    for some in columns:
        chosen = slice(None) if parts == 1 else (some[1] & (parts - 1)) == part
        start, end = end, end + len(some[0][chosen])
        if end > room.shape[1]:
            held, room = room, np.empty((len(room), max(end, 2 * room.shape[1])), np.int64)
            room[:, :start] = held[:, :start]
        for row, column in zip(room, some, strict=True):
            row[start:end] = column[chosen]
    return room[:, :end]


def _count(tables: Tables, table: str) -> int:
    (count,) = tables.rows(_COUNT.format(table=table)).column("count").to_pylist()
    return int(count)
