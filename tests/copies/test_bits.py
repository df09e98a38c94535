"""What the bits of a sketch say: unrelated texts stand far apart, alike ones hardly ever do."""

from __future__ import annotations

from math import comb

import duckdb
import numpy as np
import pytest

from auditor.copies import jaccards, sketch
from auditor.copies.bits import NEAR, apart, bits_of, most_apart
from auditor.copies.sketches import most_bits_apart
from bench.copy_truth import true_pairs
from bench.labelled_copies import labelled

FUNCTIONS = 40
DIFFERS = "SELECT count(*) FROM given WHERE ({near}) <> (apart <= {most})"


def test_a_bit_more_is_taken_of_the_first_values() -> None:
    least = np.arange(FUNCTIONS, dtype=np.uint32)[None, :] << np.uint32(10)
    written = f"{int(bits_of(least).view(np.uint64)[0].byteswap()):064b}"
    ones = "".join(str(value & 1) for value in range(FUNCTIONS))
    twos = "".join(str(value >> 1 & 1) for value in range(64 - FUNCTIONS))
    assert written == ones + twos


def test_what_lies_beside_those_bits_does_not_count() -> None:
    chance = np.random.default_rng(3)
    least = chance.integers(0, 1 << 32, (50, FUNCTIONS), dtype=np.uint32)
    other = least ^ np.uint32(0b1111_0000_0000_0011_1111_1111)
    assert (bits_of(least) == bits_of(other)).all()
    assert (bits_of(least) != bits_of(least ^ np.uint32(1 << 10))).all()


@pytest.mark.parametrize("likeness", [0.7, 0.8, 0.9])
def test_of_alike_pairs_hardly_any_stands_farther_apart(likeness: float) -> None:
    texts = labelled(6_000, seed=4, share=0.6).texts
    truth = true_pairs(texts, likeness)
    bits = sketch(texts, 3).bits
    assert len(bits) == len(texts)
    far = apart(bits[truth.left], bits[truth.right]) > most_bits_apart(likeness)
    assert len(far) > 1_000
    assert np.mean(far) < 1e-3


def test_most_texts_that_are_no_copies_stand_farther_apart() -> None:
    texts = labelled(4_000, seed=5, share=0.0).texts
    bits = sketch(texts, 3).bits
    assert max(jaccards(texts[0::2], texts[1::2])) < 0.3
    assert np.mean(apart(bits[0::2], bits[1::2]) > most_bits_apart(0.8)) > 0.95


def test_equal_texts_stand_nowhere_apart_and_any_may_be_asked_for() -> None:
    assert most_apart(1.0, FUNCTIONS) == 0
    assert most_apart(0.0, FUNCTIONS) >= 45
    allowed = [most_apart(step / 20, FUNCTIONS) for step in range(21)]
    assert allowed == sorted(allowed, reverse=True)


def test_the_chance_is_that_of_so_many_throws() -> None:
    """With 64 values of one bit each it is a plain binomial one."""
    for likeness in (0.5, 0.8):
        most = most_apart(likeness, 64)
        half = (1 - likeness) / 2
        more = [
            sum(comb(64, n) * half**n * (1 - half) ** (64 - n) for n in range(least + 1, 65))
            for least in (most - 1, most)
        ]
        assert more[1] < 2e-5 <= more[0]


def test_a_database_counts_as_numpy_does() -> None:
    chance = np.random.default_rng(7)
    ends = np.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max, 0, -1], np.int64)
    given = np.concatenate((ends, chance.integers(ends[0], ends[1], 200)))
    one, other = (side.reshape(-1) for side in np.meshgrid(given, given))
    table = {"one": one, "other": other, "apart": apart(one, other).astype(np.int64)}
    connection = duckdb.connect()
    connection.register("given", table)
    for most in (0, 20, 32, 63):
        near = NEAR.format(one="one", other="other", most=most)
        assert connection.execute(DIFFERS.format(near=near, most=most)).fetchall() == [(0,)]
