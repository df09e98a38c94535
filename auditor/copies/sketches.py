"""What is kept of a text to find its copies: a digest, a key for each of a few bands, and 64 bits.

Forty hash functions each keep their least value over the shingles of a text (MinHash; Broder
1997): two texts agree in one with a chance equal to their Jaccard likeness. Four values make a
band; texts that agree in a band are compared, unless their bits (``copies.bits``) stand far apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.copies.bits import bits_of, most_apart
from auditor.copies.shingles import WIDTH, Joined, hash_at, hashes
from auditor.text import FoldedBlob, Loop, blob_of, compiles, ends_of

VERSION: Final = 3
"""Changes whenever a kept sketch can no longer be compared with a new one."""

BANDS: Final = 10
ROWS: Final = 4

LONGEST: Final = 20_000
"""Content characters of the longest text that is sketched: whole books are not compared, so that
what is held for some thousand pairs of texts has a bound."""

_CHUNK: Final = 1 << 16
"""Characters a pass: shingles and products stay in the second-level cache."""

_LAST_OF_PLANE: Final = 0xFFFF
"""The last code point that UTF-16 writes as one number."""

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well mixed bits of each value (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    values = (values ^ (values >> np.uint64(27))) * _SECOND
    return values ^ (values >> np.uint64(31))


# An odd factor permutes the 32-bit hashes; each function is one factor.
_FACTORS: Final = (
    _mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64) * _GOLDEN) | np.uint64(1)
).astype(np.uint32)
_FUNCTIONS: Final = BANDS * ROWS
_MOST: Final = np.uint32(0xFFFFFFFF)
_SALTS: Final = _mixed(np.arange(101, 101 + BANDS, dtype=np.uint64) * _GOLDEN)


@dataclass(frozen=True)
class Sketches:
    """The sketches of the texts of a batch that are long enough, in the order of the batch.

    ``rows`` are their positions in the batch, ``digests`` two numbers a text (the first 128
    bits of BLAKE2b of the content), ``keys`` one number a band and text, ``bits`` one a text.
    """

    rows: NDArray[np.int64]
    digests: NDArray[np.int64]
    keys: NDArray[np.int64]
    bits: NDArray[np.int64]

    def columns(self) -> dict[str, NDArray[np.int64]]:
        """Return the columns of the table ``sketches`` but for ``post`` and ``account``."""
        return {
            "digest_high": self.digests[:, 0],
            "digest_low": self.digests[:, 1],
            "bits": self.bits,
            **{f"key{band}": self.keys[band] for band in range(BANDS)},
        }


def digests(contents: FoldedBlob) -> NDArray[np.int64]:
    """Return two numbers a text: the first 128 bits of BLAKE2b of its UTF-16 (little-endian)."""
    bounds: NDArray[np.intp] = contents.starts
    if contents.codes.max(initial=0) <= _LAST_OF_PLANE:
        written = contents.codes.astype("<u2").tobytes()
    else:
        bounds = np.add(bounds, ends_of(contents.codes > _LAST_OF_PLANE)[bounds])
        written = contents.joined.encode("utf-16-le", "surrogatepass")
    # A list, and no word for a shorter digest: both spare a third of the call.
    whole = b"".join(
        [blake2b(written[start:end]).digest() for start, end in pairwise((bounds * 2).tolist())]
    )
    halves = np.frombuffer(whole, dtype="<i8").reshape(-1, 8)[:, :2]
    return halves.astype(np.int64)


def sketch(contents: Sequence[str] | FoldedBlob, least_characters: int) -> Sketches:
    """Return the sketches of texts given as content characters (``text.long_contents``).

    Texts of fewer than ``least_characters`` (3 or more) or more than ``LONGEST`` get none. A sketch
    depends on its text alone: not on the batch, the machine, or the version of a library.
    """
    blob = contents if isinstance(contents, FoldedBlob) else blob_of(contents)
    lengths = np.diff(blob.starts)
    chosen = (lengths >= least_characters) & (lengths <= LONGEST)
    texts = blob.pick(chosen)
    least = (_looped_least if compiles() else _least)(texts)
    keys = _keys(least).view(np.int64)
    return Sketches(np.flatnonzero(chosen), digests(texts), keys, bits_of(least))


def most_bits_apart(least_likeness: float) -> int:
    """Return in how many bits two texts of at least that likeness (0..1) differ at most."""
    return most_apart(least_likeness, _FUNCTIONS)


def _chunks(texts: FoldedBlob) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(texts):
        reach = texts.starts[start] + _CHUNK
        end = min(len(texts), int(np.searchsorted(texts.starts, reach)))
        yield start, end
        start = end


def _least(texts: FoldedBlob) -> NDArray[np.uint32]:
    """Return the least value of each function (column) over the shingles of each text (row)."""
    least = np.empty((len(texts), len(_FACTORS)), np.uint32)
    for start, end in _chunks(texts):
        first, last = texts.starts[start], texts.starts[end]
        bounds = texts.starts[start : end + 1] - first
        shingles = hashes(Joined(texts.codes[first:last], bounds[:-1], bounds[1:]))
        product = np.empty_like(shingles)
        for column, factor in enumerate(_FACTORS):
            np.multiply(shingles, factor, out=product)
            least[start:end, column] = np.minimum.reduceat(product, bounds[:-1])
    return least


def _looped_least(texts: FoldedBlob) -> NDArray[np.uint32]:
    least = np.empty((len(texts), len(_FACTORS)), np.uint32)
    _write_least(texts.codes, texts.starts, least)
    return least


@Loop
def _write_least(
    codes: NDArray[np.uint32], starts: NDArray[np.intp], least: NDArray[np.uint32]
) -> None:
    """Write what ``_least`` returns."""
    for text in range(len(starts) - 1):
        row = least[text]
        row[:] = _MOST
        for at in range(starts[text], starts[text + 1] - WIDTH + 1):
            mixed = hash_at(codes, at)
            # As many as is known when it is compiled: twice as fast.
            for number in range(_FUNCTIONS):
                row[number] = min(row[number], np.uint32(mixed * _FACTORS[number]))


def _keys(least: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return for each band (row) the key of each text (column)."""
    keys = np.broadcast_to(_SALTS[:, None], (BANDS, len(least)))
    for row in range(ROWS):
        keys = _mixed(keys ^ least.T[row::ROWS].astype(np.uint64))
    return keys
