"""The runs of three content characters that a text is made of, for many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.text import Loop

WIDTH: Final = 3
"""Characters a shingle."""

_BASE: Final = np.uint64(0x110000)
"""One more than the last code point."""

_WEIGHTS: Final = tuple(np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], np.uint32))
_MIX: Final = np.uint32(0x7FEB352D)


class Joined(NamedTuple):
    """Texts one after the other, each of at least ``WIDTH`` characters; ``ends`` are exclusive."""

    codes: NDArray[np.uint32]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


def joined(texts: Sequence[str]) -> Joined:
    """Return the code points of texts of which each has at least ``WIDTH`` characters."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    bounds = np.fromiter(accumulate(map(len, texts), initial=0), np.intp, len(texts) + 1)
    return Joined(codes.astype(np.uint32, copy=False), bounds[:-1], bounds[1:])


def hashes(texts: Joined) -> NDArray[np.uint32]:
    """Return the hash of the shingle that begins at each character.

    At the last two characters of a text none begins: there the first one stands again, which
    changes nothing in a set. The weights are those of xxHash, the mixing that of lowbias32.
    """
    codes = texts.codes
    found = np.empty(len(codes), np.uint32)
    inner = found[:-2]
    np.multiply(codes[:-2], _WEIGHTS[0], out=inner)
    inner += codes[1:-1] * _WEIGHTS[1]
    inner += codes[2:] * _WEIGHTS[2]
    inner ^= inner >> np.uint32(16)
    inner *= _MIX
    inner ^= inner >> np.uint32(15)
    _fill(found, texts)
    return found


@Loop
def hash_at(codes: NDArray[np.uint32], place: int) -> np.uint32:
    """Return the hash of the shingle that begins at a place: that of ``hashes``."""
    one, two, three = _WEIGHTS
    mixed = np.uint32(codes[place] * one + codes[place + 1] * two + codes[place + 2] * three)
    mixed = np.uint32((mixed ^ (mixed >> 16)) * _MIX)
    return np.uint32(mixed ^ (mixed >> 15))


def exact(texts: Joined) -> NDArray[np.uint64]:
    """Return the shingle that begins at each character as a number below 2**61, none like another.

    At the last two characters of a text the first shingle stands again.
    """
    codes = texts.codes.astype(np.uint64)
    found = np.empty(len(codes), np.uint64)
    inner = found[:-2]
    np.multiply(codes[:-2], _BASE, out=inner)
    inner += codes[1:-1]
    inner *= _BASE
    inner += codes[2:]
    _fill(found, texts)
    return found


@Loop
def exact_at(codes: NDArray[np.uint32], place: int) -> np.uint64:
    """Return the shingle that begins at a place: the number of ``exact``."""
    one, two, three = codes[place], codes[place + 1], codes[place + 2]
    return (np.uint64(one) * _BASE + np.uint64(two)) * _BASE + np.uint64(three)


def _fill(shingles: NDArray[np.uint32] | NDArray[np.uint64], texts: Joined) -> None:
    first = shingles[texts.starts]
    shingles[texts.ends - 1] = first
    shingles[texts.ends - 2] = first


def runs(content: str) -> frozenset[str]:
    """Return the different runs of three characters of one text."""
    # A set first: a generator would take twice as long.
    return frozenset({content[at : at + WIDTH] for at in range(len(content) - WIDTH + 1)})
