"""Columns of texts as folded blobs, a cache's worth at a time; no ``str`` is made for a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.text import (
    BLOB,
    FoldedBlob,
    Scope,
    blob_digests,
    blob_of_utf8,
    compiles,
    fold_blob,
    fold_utf8,
    text_digests,
)

Column = pa.Array | pa.ChunkedArray | Sequence[str | None]
"""Texts by row; what is missing counts as empty."""

Lengths = NDArray[np.intp]

_BYTES = 3 * BLOB
"""Bytes of a blob: a Chinese character has three in UTF-8."""


def folded_blobs(column: Column, scope: Scope = "all") -> Iterator[tuple[int, FoldedBlob]]:
    """Yield the texts of a column in order, each blob with the row of its first text."""
    if isinstance(column, pa.ChunkedArray):
        start = 0
        for chunk in column.chunks:
            yield from ((start + first, blob) for first, blob in folded_blobs(chunk, scope))
            start += len(chunk)
    elif isinstance(column, pa.Array):
        yield from _of_array(column, scope)
    else:
        yield from _of_texts(column, scope)


def text_column_digests(texts: pa.Array) -> NDArray[np.int64]:
    """Return ``text_digests`` of a column of texts, none of which is missing."""
    if not compiles():
        # What stands there several times, as the account of a post does, is read once.
        encoded = texts.dictionary_encode()
        digests = text_digests(encoded.dictionary.to_pylist())
        return digests.take(encoded.indices.to_numpy())
    bounds, written = _written(texts.cast(pa.large_string()))
    found = [
        blob_digests(blob_of_utf8(written, bounds[first : last + 1]))
        for first, last in _cuts(np.diff(bounds), _BYTES)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _of_array(array: pa.Array, scope: Scope) -> Iterator[tuple[int, FoldedBlob]]:
    # Whatever kind of text it is; where nothing is missing neither step copies.
    plain = pc.fill_null(array.cast(pa.large_string()), "")
    bounds, written = _written(plain)
    if compiles():
        for first, last in _cuts(np.diff(bounds), _BYTES):
            yield first, fold_utf8(written, bounds[first : last + 1], scope)
        return
    lengths = pc.utf8_length(plain).to_numpy(zero_copy_only=False).astype(np.intp, copy=False)
    for first, last in _cuts(lengths):
        joined = str(written[bounds[first] : bounds[last]].data, "utf-8")
        yield first, fold_blob(joined, lengths[first:last], scope)


def _written(plain: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return where large strings begin and end, and the bytes that write them."""
    _, offsets, data = plain.buffers()
    if offsets is None or data is None:  # not one text holds a character
        return np.zeros(len(plain) + 1, np.int64), np.empty(0, np.uint8)
    bounds = np.frombuffer(memoryview(offsets), dtype=np.int64)[plain.offset :]
    return bounds[: len(plain) + 1], np.frombuffer(memoryview(data), np.uint8)


def _of_texts(texts: Sequence[str | None], scope: Scope) -> Iterator[tuple[int, FoldedBlob]]:
    shown = [text or "" for text in texts]
    lengths = np.fromiter(map(len, shown), np.intp, len(shown))
    for first, last in _cuts(lengths):
        yield first, fold_blob("".join(shown[first:last]), lengths[first:last], scope)


def _cuts(lengths: Lengths, most: int = BLOB) -> Iterator[tuple[int, int]]:
    """Yield ranges of texts that are about ``most`` long together, of at least one text."""
    ends = np.cumsum(lengths)
    first = done = 0
    while first < len(ends):
        last = max(first + 1, int(np.searchsorted(ends, done + most, "right")))
        yield first, last
        first, done = last, int(ends[last - 1])
