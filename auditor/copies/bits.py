"""How far apart two texts stand, from 64 bits of each: unrelated ones need no reading.

One or two bits of each least value of a sketch (b-bit minwise hashing; Li and König 2010): where
the values agree, so do the bits; where they differ, half of the bits do.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_ALL: Final = 64
_PLACE: Final = np.uint32(10)
"""The first bit that is taken. Lower ones of a product of odd factors hang on few others; of 20,000
values the least is seldom below 2**17, so that these are still even chances."""

_LOST: Final = 2e-5
"""The chance that a pair which is just alike is told apart. With a likeness of 0.8 the bands miss
1 in 200 such pairs: (1 - 0.8**4)**10."""

NEAR: Final = "bit_count({one} | {other}) - bit_count({one} & {other}) <= {most}"
"""Whether two numbers differ in so many bits at most, for any SQL: engines spell xor each their
own way."""


def bits_of(least: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return 64 bits of each text (row) from its least values (column), of which there are 32..64.

    One bit of each value, and another of the first ones until there are 64.
    """
    low = (least >> _PLACE).astype(np.uint8)
    signs = np.concatenate((low & 1, low[:, : _ALL - least.shape[1]] & 2), axis=1)
    return np.packbits(signs, axis=1).view("<i8")[:, 0].astype(np.int64)


def apart(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return for each pair in how many bits (0..64) it differs."""
    found: NDArray[np.uint8] = np.bitwise_count((one ^ other).view(np.uint64))
    return found


@cache
def most_apart(likeness: float, values: int) -> int:
    """Return in how many bits a pair of that likeness (0..1) differs at most, but for 1 in 50,000.

    ``values`` are the least values that the bits are of. They agree each with a chance equal to the
    likeness; of two bits of one value that differs each differs with a chance of a half.
    """
    differs = 1 - likeness
    once = [1 - differs / 2, differs / 2]
    twice = [1 - differs * 3 / 4, differs / 2, differs / 4]
    chances = np.ones(1)
    for value in range(values):
        chances = np.convolve(chances, twice if value < _ALL - values else once)
    more = 1 - np.cumsum(chances)
    return int(np.argmax(more < _LOST))
