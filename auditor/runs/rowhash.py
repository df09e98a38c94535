"""A number for each row that is read again, by which a later night knows that it is as it was.

64 bits of keyed BLAKE2b over the columns that count. The key is drawn once for what is kept
(``runs.kept``) and stays there: without it nobody can prepare a changed row with the same number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Parts = tuple[list[pa.Array], list[pa.Array]]
"""Numbers and texts that a column is made of; no two columns are made of the same."""


def row_hashes(batch: pa.RecordBatch, names: Sequence[str], key: bytes) -> pa.Array:
    """Return the number of each row of a batch over columns ``names``, in their order."""
    numbers: list[pa.Array] = []
    texts: list[pa.Array] = []
    for name in names:
        more = _parts(batch.column(name))
        numbers += more[0]
        texts += [text.cast(pa.large_binary()) for text in more[1]]
    # The lengths of all texts stand among the numbers, so that no text runs into the next.
    numbers += [pc.fill_null(pc.binary_length(text), -1) for text in texts]
    head = np.column_stack([_int64(one) for one in numbers]).astype("<i8", copy=False)
    width = head.shape[1] * 8
    heads = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), batch.num_rows, [None, pa.py_buffer(head.tobytes())]
    ).cast(pa.large_binary())
    empty = pa.scalar(b"", pa.large_binary())
    rows = pc.binary_join_element_wise(heads, *texts, empty, null_handling="replace")
    found = b"".join(_digests(rows, key))
    return pa.array(np.frombuffer(found, "<i8").astype(np.int64, copy=False))


def _digests(rows: pa.Array, key: bytes) -> Iterator[bytes]:
    _, offsets, data = rows.buffers()
    bounds = np.frombuffer(memoryview(offsets or b""), np.int64).tolist()
    bounds = bounds[rows.offset : rows.offset + len(rows) + 1]
    whole = memoryview(data or b"")
    begun = blake2b(digest_size=8, key=key)
    for start, stop in pairwise(bounds):
        one = begun.copy()
        one.update(whole[start:stop])
        yield one.digest()


def _parts(column: pa.Array) -> Parts:
    kind = column.type
    if pa.types.is_string(kind):
        return [], [column]
    if pa.types.is_struct(kind):
        whole: Parts = ([column.is_valid()], [])
        for part in column.flatten():
            numbers, texts = _parts(part)
            whole = (whole[0] + numbers, whole[1] + texts)
        return whole
    if pa.types.is_list(kind):
        return _list_parts(column)
    return [column.is_valid(), column], []


def _list_parts(column: pa.Array) -> Parts:
    """Texts of the members joined, and the lengths of each as a text of their own."""
    lengths = pc.list_value_length(column)
    counts = _int64(pc.fill_null(lengths, 0))
    offsets = pa.array(np.concatenate(([0], np.cumsum(counts))).astype(np.int32))
    numbers, texts = _parts(column.flatten())
    numbers = [*numbers, *(pc.fill_null(pc.binary_length(text), -1) for text in texts)]
    spelt = [pc.cast(pc.cast(one, pa.int64()), pa.string()) for one in numbers]
    members = [pc.fill_null(one, "") for one in (*spelt, *texts)]
    lists = [pa.ListArray.from_arrays(offsets, one) for one in members]
    return [pc.fill_null(lengths, -1)], [pc.binary_join(one, ",") for one in lists]


def _int64(numbers: pa.Array) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    if pa.types.is_timestamp(numbers.type):
        numbers = numbers.cast(pa.int64())
    plain = pc.fill_null(pc.cast(numbers, pa.int64()), 0)
    return np.asarray(plain.to_numpy(zero_copy_only=False), np.int64)
