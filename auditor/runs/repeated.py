"""Which keys several posts have, on one machine: keys of sketches, of names, of contents.

A column of keys is looked through as numbers, a part of it at a time. The database would put all of
them into a hash table, though most are nobody else's, and at ten million posts that no longer fits
its memory: settling and waking took 17.3 s, and 12.7 when keys were sorted instead.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from auditor.copies import BANDS, repeated_keys
from auditor.runs.statements import band_key, statements
from auditor.runs.tables import Tables
from auditor.sources.keys import Numbers

TOGETHER = 1 << 23
"""Keys that are held at a time: 64 MiB."""

_READ = 1 << 18

NAMES, DIGESTS = BANDS, BANDS + 1
"""The numbers of the keys beside the bands of sketches: of what names a post, of all it says."""

REPEATED = pa.schema([("band", pa.int32()), ("key", pa.int64())])

_BAND = "SELECT {key} AS key FROM sketch_facts"
_KEYS = {
    # Posts whose names have one hash may have one name.
    NAMES: "SELECT CAST(hash(account, post_id) >> 1 AS BIGINT) AS key FROM post_facts",
    DIGESTS: "SELECT digest AS key FROM post_facts WHERE digest IS NOT NULL",
}
_COUNT = "SELECT count(*) AS count FROM ({query})"
_PART = "SELECT key FROM ({query}) WHERE key & {mask} = {part}"

DOUBLED, REPEATING = statements("repeated", names=NAMES, digests=DIGESTS)
"""The posts that may share their name with another, and those that say what another says."""

VIEWS = ("sketches", "repeating_posts")
"""Tables of the global stage that need not be written, as they are read once or hardly narrowed."""


def find_repeated(tables: Tables, *, own: bool) -> None:
    """Fill the table ``repeated`` from ``post_facts`` and ``sketch_facts``.

    With ``own`` the keys of bands are those of ``statements.sharing`` with ``own``: a third of what
    ``buckets`` cost are keys that different accounts share by chance.

    Raises:
        OutputError: the disk is full.
    """
    bands = {band: _BAND.format(key=band_key(band, own=own)) for band in range(BANDS)}
    sketches = _count(tables, "FROM sketch_facts")
    counts = dict.fromkeys(bands, sketches) | {
        band: _count(tables, query) for band, query in _KEYS.items()
    }
    keys = (bands | _KEYS).items()
    found = [each for band, query in keys for each in _repeated(tables, band, query, counts[band])]
    tables.take("repeated", pa.Table.from_batches(found, REPEATED))


def _repeated(tables: Tables, band: int, query: str, count: int) -> Iterator[pa.RecordBatch]:
    parts = 1
    while count > parts * TOGETHER:
        parts *= 2
    for part in range(parts):
        # All that have one key are in one part: keys are well mixed bits.
        some = query if parts == 1 else _PART.format(query=query, mask=parts - 1, part=part)
        size = count if parts == 1 else _count(tables, some)
        keys = repeated_keys(_read(tables, some, size))
        bands = np.full(len(keys), band, np.int32)
        yield pa.RecordBatch.from_arrays([pa.array(bands), pa.array(keys)], schema=REPEATED)


def _count(tables: Tables, query: str) -> int:
    (count,) = tables.rows(_COUNT.format(query=query)).column("count").to_pylist()
    return int(count)


def _read(tables: Tables, query: str, count: int) -> Numbers:
    """Return the keys of a query, so many; they are held once."""
    keys = np.empty(count, np.int64)
    end = 0
    for batch in tables.stream(query, _READ):
        start, end = end, end + batch.num_rows
        keys[start:end] = batch.column("key").to_numpy()
    return keys
