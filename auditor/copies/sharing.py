"""Which posts share a key: only what is shared becomes a row.

Grouping ten keys a post costs an engine of rows ten rows a post, most of them for nothing: few keys
are shared. They are looked through as columns of numbers; where engines pay by the row they travel
in pieces, thousands of keys to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.copies.components import Numbers
from auditor.text import Loop, compiles

_SPARSE: Final = 4
"""Bits for each key at least: one of five keys at most shares its bit with another by chance."""

_HALF: Final = 32
"""The bit that the second look begins at: what chance put together at the first it parts."""

_LEAST_BITS: Final = 12
_WORD_BITS: Final = 6

PIECES: Final = pa.schema(
    [
        ("part", pa.int32()),
        ("band", pa.int32()),
        ("buckets", pa.binary()),
        ("posts", pa.binary()),
    ]
)
"""Keys and posts as 64-bit numbers end to end; all that have one key are in one part."""

SHARED: Final = pa.schema([("band", pa.int32()), ("bucket", pa.int64()), ("post", pa.int64())])
"""A row for each post and band whose key (``bucket``) another post has too."""


class _Piece(NamedTuple):
    part: int
    band: int
    buckets: bytes
    posts: bytes


def shared_rows(band: int, keys: Numbers, posts: Numbers) -> pa.RecordBatch:
    """Return what is ``SHARED`` of keys of one kind (64 well mixed bits), one a post.

    Most keys are nobody else's, as a loop sees by two looks at each: to put them all in order takes
    ten times as long.
    """
    # Few are left by a quick sort too, and only these are put in order by post as well.
    some = _suspects(keys)
    keys, posts = keys[some], posts[some]
    order = np.argsort(keys)
    order = order[_has_equal(keys[order])]
    keys, posts = keys[order], posts[order]
    order = np.lexsort((posts, keys))
    keys, posts = keys[order], posts[order]
    # A post that came twice is no other post.
    new = np.ones(len(posts), np.bool_)
    new[1:] = (np.diff(keys) != 0) | (np.diff(posts) != 0)
    keys, posts = keys[new], posts[new]
    shared = _has_equal(keys)
    bands = np.full(np.count_nonzero(shared), band, np.int32)
    columns = [pa.array(bands), pa.array(keys[shared]), pa.array(posts[shared])]
    return pa.RecordBatch.from_arrays(columns, schema=SHARED)


def _suspects(keys: Numbers) -> NDArray[np.intp]:
    """Return the places of all keys that stand there more than once, and of few others."""
    if not compiles():
        return np.arange(len(keys))
    places = _looked_through(keys, 0)
    return places[_looked_through(keys[places], _HALF)]


def _looked_through(keys: Numbers, first: int) -> NDArray[np.intp]:
    """Return the places of keys of which another has the same bits from ``first`` on.

    As many bits as are asked leave one in five of those that stand there once.
    """
    bits = max(_LEAST_BITS, (len(keys) * _SPARSE).bit_length())
    met, shared = (np.zeros(1 << (bits - _WORD_BITS), np.uint64) for _ in range(2))
    places = np.empty(len(keys), np.intp)
    return places[: _write_suspects(keys, np.uint64(first), met, shared, places)]


@Loop
def _write_suspects(
    keys: Numbers,
    first: np.uint64,
    met: NDArray[np.uint64],
    shared: NDArray[np.uint64],
    places: NDArray[np.intp],
) -> int:
    """Write the places of suspects and return how many; ``met`` and ``shared`` are a bit a slot."""
    last = np.uint64(len(met) * 64 - 1)
    for place in range(len(keys)):
        slot = np.uint64(keys[place]) >> first & last
        word, bit = slot >> np.uint64(6), np.uint64(1) << (slot & np.uint64(63))
        shared[word] |= met[word] & bit
        met[word] |= bit
    count = 0
    for place in range(len(keys)):
        slot = np.uint64(keys[place]) >> first & last
        places[count] = place
        count += int(shared[slot >> np.uint64(6)] >> (slot & np.uint64(63)) & np.uint64(1))
    return count


def packed_keys(band: int, keys: Numbers, posts: Numbers, parts: int) -> pa.RecordBatch:
    """Return keys of one kind as ``PIECES``, cut into so many parts.

    ``keys`` are 64 well mixed bits for each of ``posts``; ``band`` is the number of their kind.
    """
    part = (keys.view(np.uint64) % np.uint64(parts)).astype(np.int32)
    order = np.argsort(part, kind="stable")
    numbers, starts = np.unique(part[order], return_index=True)
    columns = [
        pa.array(numbers),
        pa.array(np.full(len(numbers), band, np.int32)),
        *(_cut(values[order], starts) for values in (keys, posts)),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=PIECES)


def _cut(values: Numbers, starts: NDArray[np.intp]) -> pa.Array:
    runs = np.split(values, starts[1:]) if len(starts) else []
    return pa.array([run.tobytes() for run in runs], pa.binary())


def shared_keys(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield what is ``SHARED`` among ``PIECES`` that come by part and band.

    Those of one part and band are held together: sixteen bytes a key.
    """
    for (_, band), pieces in groupby(_each_piece(batches), key=lambda piece: piece[:2]):
        _, _, buckets, posts = zip(*pieces, strict=True)
        yield shared_rows(band, _joined(buckets), _joined(posts))


def _each_piece(batches: Iterable[pa.RecordBatch]) -> Iterator[_Piece]:
    for batch in batches:
        yield from map(_Piece, *(column.to_pylist() for column in batch.columns))


def _joined(runs: Iterable[bytes]) -> Numbers:
    return np.frombuffer(b"".join(runs), np.int64)


def _has_equal(ascending: Numbers) -> NDArray[np.bool_]:
    """Tell for each number whether another one equals it."""
    same = np.diff(ascending) == 0
    equal = np.zeros(len(ascending), np.bool_)
    equal[1:] |= same
    equal[:-1] |= same
    return equal
