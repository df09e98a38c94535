"""How alike two texts can be at most, from a few bytes of each: most pairs need no closer look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.copies.shingles import WIDTH, hash_at, hashes, joined
from auditor.text import Loop, blob_of, compiles

_DEPTH: Final = 11
SIGNATURE: Final = (1 << _DEPTH) // 8
"""Bytes of a signature."""

TEXTS: Final = pa.schema(
    [
        ("post", pa.int64()),
        ("content", pa.string()),
        ("size", pa.int64()),
        ("signature", pa.binary()),
    ]
)
"""The content characters of posts, how many they are, and their signatures."""

Signatures = NDArray[np.uint8]
Sizes = NDArray[np.int64]


def signatures(contents: Sequence[str]) -> Signatures:
    """Return one row of ``SIGNATURE`` bytes a text: the bits that its runs of three fall on.

    Every text has at least three characters.
    """
    return (_by_loop if compiles() else _by_columns)(contents)


def _by_loop(contents: Sequence[str]) -> Signatures:
    blob = blob_of(contents)
    found = np.zeros((len(contents), SIGNATURE), np.uint8)
    _write_signs(blob.codes, blob.starts, found)
    return found


@Loop
def _write_signs(codes: NDArray[np.uint32], starts: NDArray[np.intp], signs: Signatures) -> None:
    """Write what ``_by_columns`` returns: the first bit of a byte is the highest."""
    for text in range(len(starts) - 1):
        for at in range(starts[text], starts[text + 1] - WIDTH + 1):
            place = hash_at(codes, at) >> (32 - _DEPTH)
            signs[text, place >> 3] |= np.uint8(0x80 >> (place & 7))


def _by_columns(contents: Sequence[str]) -> Signatures:
    flat = joined(contents)
    lengths = flat.ends - flat.starts
    first = np.arange(len(contents)) << _DEPTH
    bits = np.zeros((len(contents), 1 << _DEPTH), np.bool_)
    bits.reshape(-1)[np.repeat(first, lengths) + (hashes(flat) >> np.uint32(32 - _DEPTH))] = True
    return np.packbits(bits, axis=1)


def signed_texts(posts: pa.Array, contents: pa.Array) -> pa.RecordBatch:
    """Return ``TEXTS``: contents of at least three characters by the numbers of their posts."""
    signs = [row.tobytes() for row in signatures(contents.to_pylist())]
    sizes = pc.cast(pc.utf8_length(contents), pa.int64())
    return pa.RecordBatch.from_arrays(
        [posts, contents, sizes, pa.array(signs, pa.binary())], schema=TEXTS
    )


def most_alike(
    left: Signatures, left_sizes: Sizes, right: Signatures, right_sizes: Sizes
) -> NDArray[np.float64]:
    """Return for each pair what its Jaccard likeness (``verify.jaccards``) cannot exceed.

    ``sizes`` are characters. Of a text of n characters at most n - 2 runs differ; one that falls on
    a bit which the other text lacks is not in that, and different bits are different runs.
    """
    one, other = left.view(np.uint64), right.view(np.uint64)
    both = np.minimum(
        left_sizes - (WIDTH - 1) - _count(one & ~other),
        right_sizes - (WIDTH - 1) - _count(other & ~one),
    )
    bound: NDArray[np.float64] = both / np.maximum(_count(one | other), 1)
    return bound


def _count(bits: NDArray[np.uint64]) -> Sizes:
    counts: Sizes = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    return counts
