"""The likeness of a pair is exact, whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.copies import jaccards, likeness_to
from auditor.text import compiles, switch_loops
from bench.labelled_copies import labelled

# Few letters make repeated runs common; the rare ones lie at the ends of the code space.
letters = st.text(st.sampled_from("甲乙丙ab1\U0010ffff\x00𠮷"), min_size=3, max_size=30)


def likeness(one: str, other: str) -> float:
    left, right = ({text[i : i + 3] for i in range(len(text) - 2)} for text in (one, other))
    return len(left & right) / len(left | right)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(letters, letters), max_size=20))
def test_it_equals_the_likeness_of_sets(pairs: list[tuple[str, str]]) -> None:
    pairs += [(one, one) for one, _ in pairs]
    found = jaccards([one for one, _ in pairs], [other for _, other in pairs])
    assert found.tolist() == [likeness(one, other) for one, other in pairs]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(letters, letters), max_size=20))
def test_a_compiled_loop_compares_as_numpy_does(pairs: list[tuple[str, str]]) -> None:
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    slow = jaccards(left, right)
    switch_loops(True)
    try:
        assert compiles(), "numba belongs to the extra dev"
        assert jaccards(left, right).tolist() == slow.tolist()
    finally:
        switch_loops(False)


@pytest.mark.parametrize("spread", [1, 2**63 + 1, 2**64 - 1])
def test_runs_that_fall_together_in_the_table_are_told_apart(
    spread: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the factor 1 all runs fall on one place: the slowest table finds the same."""
    monkeypatch.setattr("auditor.copies.verify._SPREAD", np.uint64(spread))
    texts = [text * 3 for text in labelled(40, seed=2, share=0.5).texts]
    slow = jaccards(texts, texts[::-1])
    switch_loops(True)
    try:
        assert jaccards(texts, texts[::-1]).tolist() == slow.tolist()
    finally:
        switch_loops(False)


@given(one=letters, others=st.lists(letters, max_size=20))
def test_one_beside_many_equals_pair_by_pair(one: str, others: list[str]) -> None:
    others += others[:3]
    assert likeness_to(one, others).tolist() == [likeness(one, other) for other in others]


@pytest.mark.parametrize("pass_size", [1, 100, 1 << 20])
def test_it_does_not_depend_on_the_piece(pass_size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.copies.verify._CHUNK", pass_size)
    texts = ["岸边的渡船每天早上六点开" * n for n in range(1, 9)]
    found = jaccards(texts, texts[::-1])
    assert np.allclose(found, [likeness(a, b) for a, b in zip(texts, texts[::-1], strict=True)])


def test_texts_too_short_to_compare_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 3"):
        jaccards(["天地"], ["天地玄黄"])


def test_sides_of_different_number_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        jaccards(["天地玄黄"], [])
