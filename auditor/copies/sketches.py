"""What is kept of a text to find its copies: a digest, a key for each of a few bands, and 64 bits.

Forty hash functions each keep their least value over the shingles of a text (MinHash; Broder
1997): two texts agree in one with a chance equal to their Jaccard likeness. Four values make a
band; texts that agree in a band are compared, unless their bits (``copies.bits``) stand far apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.copies.bits import bits_of, most_apart
from auditor.copies.shingles import WIDTH, Joined, hash_at, hashes
from auditor.text import FoldedBlob, Loop, blob_of, compiles, ends_of, stretches

VERSION: Final = 3
"""Changes whenever a kept sketch can no longer be compared with a new one."""

BANDS: Final = 10
ROWS: Final = 4

LONGEST: Final = 20_000
"""Content characters of the longest text that is sketched: whole books are not compared, so that
what is held for some thousand pairs of texts has a bound."""

_CHUNK: Final = 1 << 16
"""Characters a pass: shingles and products stay in the second-level cache."""

_TOGETHER: Final = 4
"""Shingles that all functions are asked for at once: the least values are looked up and put back
for each four, not for each (3.2 ns a character by ones, 1.1 by fours, no less by eights)."""

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
class BandKeys:
    """The keys of the texts of a batch that are long enough, in the order of the batch.

    ``rows`` are their positions in the batch, ``keys`` one number a band and text.
    """

    rows: NDArray[np.int64]
    keys: NDArray[np.int64]

    def columns(self) -> dict[str, NDArray[np.int64]]:
        """Return the columns of the table ``sketches`` but for ``post`` and ``account``."""
        return {f"key{band}": self.keys[band] for band in range(BANDS)}


@dataclass(frozen=True)
class Sketches(BandKeys):
    """Keys, and what texts that share one are told apart by.

    ``digests`` are two numbers a text (the first 128 bits of BLAKE2b of the content), ``bits`` one.
    """

    digests: NDArray[np.int64]
    bits: NDArray[np.int64]

    def take(self, places: NDArray[np.intp]) -> Sketches:
        """Return those at some places, in that order."""
        return Sketches(
            self.rows[places], self.keys[:, places], self.digests[places], self.bits[places]
        )

    def columns(self) -> dict[str, NDArray[np.int64]]:
        """Return the columns of the table ``sketches`` but for ``post`` and ``account``."""
        high, low = self.digests.T
        return {"digest_high": high, "digest_low": low, "bits": self.bits, **super().columns()}


def digests(texts: Joined) -> NDArray[np.int64]:
    """Return two numbers a text: the first 128 bits of BLAKE2b of its UTF-16 (little-endian)."""
    codes, starts, ends = texts
    if codes.max(initial=0) <= _LAST_OF_PLANE:
        written = codes.astype("<u2").tobytes()
    else:
        written = FoldedBlob(codes, starts).joined.encode("utf-16-le", "surrogatepass")
        before = ends_of(codes > _LAST_OF_PLANE)
        starts, ends = starts + before[starts], ends + before[ends]
    spans = zip((starts * 2).tolist(), (ends * 2).tolist(), strict=True)
    # A list, and no word for a shorter digest: both spare a third of the call.
    whole = b"".join([blake2b(written[start:end]).digest() for start, end in spans])
    halves = np.frombuffer(whole, dtype="<i8").reshape(-1, 8)[:, :2]
    return halves.astype(np.int64)


def sketch(contents: Sequence[str] | FoldedBlob, least_characters: int) -> Sketches:
    """Return the sketches of texts given as content characters (``text.long_contents``).

    Texts of fewer than ``least_characters`` (3 or more) or more than ``LONGEST`` get none. A sketch
    depends on its text alone: not on the batch, the machine, or the version of a library.
    """
    rows, texts = _long(contents, least_characters)
    least, keys = _least_and_keys(texts)
    return Sketches(rows, keys, digests(texts), bits_of(least))


def band_keys(contents: Sequence[str] | FoldedBlob, least_characters: int) -> BandKeys:
    """Return the keys of ``sketch`` alone: near-copies of one account are found by these."""
    rows, texts = _long(contents, least_characters)
    return BandKeys(rows, _least_and_keys(texts)[1])


def _long(
    contents: Sequence[str] | FoldedBlob, least_characters: int
) -> tuple[NDArray[np.intp], Joined]:
    blob = contents if isinstance(contents, FoldedBlob) else blob_of(contents)
    lengths = np.diff(blob.starts)
    rows = np.flatnonzero((lengths >= least_characters) & (lengths <= LONGEST))
    return rows, Joined(blob.codes, blob.starts[:-1][rows], blob.starts[1:][rows])


def _least_and_keys(texts: Joined) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the least value of each function (column) over the shingles of each text (row).

    And for each band (row) the key of each text (column).
    """
    least, keys = (_by_loop if compiles() else _by_columns)(texts)
    return least, keys.view(np.int64)


def most_bits_apart(least_likeness: float) -> int:
    """Return in how many bits two texts of at least that likeness (0..1) differ at most."""
    return most_apart(least_likeness, _FUNCTIONS)


def _by_columns(texts: Joined) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
    least = np.empty((len(texts.starts), _FUNCTIONS), np.uint32)
    for some in _chunks(texts):
        starts, ends = texts.starts[some], texts.ends[some]
        inner, bounds = stretches(starts, ends - starts)
        shingles = hashes(Joined(texts.codes[inner], bounds[:-1], bounds[1:]))
        product = np.empty_like(shingles)
        for column, factor in enumerate(_FACTORS):
            np.multiply(shingles, factor, out=product)
            least[some, column] = np.minimum.reduceat(product, bounds[:-1])
    keys = np.broadcast_to(_SALTS[:, None], (BANDS, len(least)))
    for row in range(ROWS):
        keys = _mixed(keys ^ least.T[row::ROWS].astype(np.uint64))
    return least, keys


def _chunks(texts: Joined) -> Iterator[slice]:
    """Yield texts that have some ``_CHUNK`` characters together."""
    sizes = np.cumsum(texts.ends - texts.starts)
    start = 0
    while start < len(sizes):
        reach = _CHUNK + (sizes[start - 1] if start else 0)
        end = max(start + 1, int(np.searchsorted(sizes, reach)))
        yield slice(start, end)
        start = end


def _by_loop(texts: Joined) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
    least = np.empty((len(texts.starts), _FUNCTIONS), np.uint32)
    keys = np.empty((BANDS, len(least)), np.uint64)
    room = np.empty(LONGEST + _TOGETHER, np.uint32), np.empty(BANDS, np.uint64)
    _write_sketches(*texts, room, least, keys)
    return least, keys


@Loop
def _write_sketches(
    codes: NDArray[np.uint32],
    starts: NDArray[np.intp],
    ends: NDArray[np.intp],
    room: tuple[NDArray[np.uint32], NDArray[np.uint64]],
    least: NDArray[np.uint32],
    keys: NDArray[np.uint64],
) -> None:
    """Write what ``_by_columns`` returns.

    There is room for the shingles of the longest text and ``_TOGETHER`` more, and for the keys of
    one. What makes an array in here, or fills one at once, would take .05 CPU s to load: numba
    brings along how it tells that shapes do not fit.
    """
    shingles, key = room
    for text in range(len(starts)):
        # All hashes of a text first, and as many functions as is known when it is compiled: both
        # loops are done for several numbers at once.
        inner = codes[starts[text] : ends[text]]
        count = len(inner) - WIDTH + 1
        for place in range(count):
            shingles[place] = hash_at(inner, place)
        # The first once more, until they are whole fours: it changes nothing in a set.
        for place in range(count, count + _TOGETHER - 1):
            shingles[place] = shingles[0]
        row = least[text]
        for number in range(_FUNCTIONS):
            row[number] = _MOST
        for place in range(0, count, _TOGETHER):
            one, two = shingles[place], shingles[place + 1]
            three, four = shingles[place + 2], shingles[place + 3]
            for number in range(_FUNCTIONS):
                factor = _FACTORS[number]
                first = min(np.uint32(one * factor), np.uint32(two * factor))
                second = min(np.uint32(three * factor), np.uint32(four * factor))
                row[number] = min(row[number], first, second)
        _write_keys(row, key)
        for band in range(BANDS):
            keys[band, text] = key[band]


@Loop
def _write_keys(row: NDArray[np.uint32], key: NDArray[np.uint64]) -> None:
    """Write the key of each band of a text, of which ``row`` are the least values."""
    for band in range(BANDS):
        key[band] = _SALTS[band]
    for number in range(ROWS):
        for band in range(BANDS):
            key[band] = _mixed_one(key[band] ^ np.uint64(row[band * ROWS + number]))


@Loop
def _mixed_one(value: np.uint64) -> np.uint64:
    """Return what ``_mixed`` makes of one value."""
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))
