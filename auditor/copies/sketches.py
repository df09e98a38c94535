"""What is kept of a text to find its copies: a digest, and a key for each of a few bands.

Forty hash functions each keep their least value over the shingles of a text (MinHash; Broder
1997): two texts agree in one with a chance equal to their Jaccard likeness. Four values make a
band; texts that agree in a band are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.copies.shingles import hashes, joined

VERSION: Final = 1
"""Changes whenever a kept sketch can no longer be compared with a new one."""

BANDS: Final = 10
ROWS: Final = 4

LONGEST: Final = 20_000
"""Content characters of the longest text that is sketched: whole books are not compared, so that
what is held for some thousand pairs of texts has a bound."""

_CHUNK: Final = 1 << 16
"""Characters a pass: shingles and products stay in the second-level cache."""

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well mixed bits of each value (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    values = (values ^ (values >> np.uint64(27))) * _SECOND
    return values ^ (values >> np.uint64(31))


# An odd factor permutes the 32-bit hashes; each function is one factor.
_FACTORS: Final = tuple(
    (_mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64) * _GOLDEN) | np.uint64(1)).astype(
        np.uint32
    )
)
_SALTS: Final = _mixed(np.arange(101, 101 + BANDS, dtype=np.uint64) * _GOLDEN)


@dataclass(frozen=True)
class Sketches:
    """The sketches of the texts of a batch that are long enough, in the order of the batch.

    ``rows`` are their positions in the batch, ``digests`` two numbers a text (128 bits of BLAKE2b
    of the content), ``keys`` one number a band and text.
    """

    rows: NDArray[np.int64]
    digests: NDArray[np.int64]
    keys: NDArray[np.int64]

    def columns(self) -> dict[str, NDArray[np.int64]]:
        """Return the columns of the table ``sketches`` but for ``post`` and ``account``."""
        return {
            "digest_high": self.digests[:, 0],
            "digest_low": self.digests[:, 1],
            **{f"key{band}": self.keys[band] for band in range(BANDS)},
        }


def digests(contents: Sequence[str]) -> NDArray[np.int64]:
    """Return two numbers a text: 128 bits of BLAKE2b of its content."""
    joined_bytes = b"".join(
        blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in contents
    )
    return np.frombuffer(joined_bytes, dtype="<i8").reshape(-1, 2).astype(np.int64, copy=False)


def sketch(contents: Sequence[str], least_characters: int) -> Sketches:
    """Return the sketches of texts given as content characters (``text.content_batch``).

    Texts of fewer than ``least_characters`` (3 or more) or more than ``LONGEST`` get none. A sketch
    depends on its text alone: not on the batch, the machine, or the version of a library.
    """
    rows = [
        index for index, text in enumerate(contents) if least_characters <= len(text) <= LONGEST
    ]
    texts = [contents[index] for index in rows]
    keys = np.empty((BANDS, len(texts)), np.uint64)
    for start, end in _chunks(texts):
        keys[:, start:end] = _keys(texts[start:end])
    return Sketches(
        rows=np.array(rows, np.int64),
        digests=digests(texts),
        keys=keys.view(np.int64),
    )


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = size = 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _CHUNK:
            yield start, index + 1
            start, size = index + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _keys(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return for each band (row) the key of each text (column)."""
    flat = joined(texts)
    shingles = hashes(flat)
    product = np.empty_like(shingles)
    least = np.empty((len(_FACTORS), len(texts)), np.uint32)
    for values, factor in zip(least, _FACTORS, strict=True):
        np.multiply(shingles, factor, out=product)
        np.minimum.reduceat(product, flat.starts, out=values)
    keys = np.broadcast_to(_SALTS[:, None], (BANDS, len(texts)))
    for row in range(ROWS):
        keys = _mixed(keys ^ least[row::ROWS].astype(np.uint64))
    return keys
