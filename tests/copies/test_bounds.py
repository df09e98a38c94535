"""What signatures say of a pair is never less than its likeness, and mostly settles it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.copies import jaccards, most_alike, signatures
from auditor.text import compiles, switch_loops
from bench.labelled_copies import labelled

letters = st.text(st.sampled_from("甲乙丙ab1\U0010ffff\x00𠮷"), min_size=3, max_size=60)


def bound(left: list[str], right: list[str]) -> list[float]:
    sizes = [np.array([len(text) for text in texts], np.int64) for texts in (left, right)]
    likeness = most_alike(signatures(left), sizes[0], signatures(right), sizes[1])
    return list(map(float, likeness))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(letters, letters), min_size=1, max_size=20))
def test_no_pair_is_more_alike_than_its_bound(pairs: list[tuple[str, str]]) -> None:
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    assert all(
        most >= likeness
        for most, likeness in zip(bound(left, right), jaccards(left, right), strict=True)
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(letters, max_size=20))
def test_a_compiled_loop_signs_as_numpy_does(texts: list[str]) -> None:
    slow = signatures(texts)
    switch_loops(True)
    try:
        assert compiles(), "numba belongs to the extra dev"
        assert np.array_equal(signatures(texts), slow)
    finally:
        switch_loops(False)


@given(text=letters, at=st.integers(0, 59), sign=st.characters(exclude_categories=["Cs"]))
def test_a_changed_character_stays_within_the_bound(text: str, at: int, sign: str) -> None:
    changed = text[:at] + sign + text[at + 1 :]
    assert bound([text], [changed])[0] >= jaccards([text], [changed])[0]


def test_most_texts_that_are_no_copies_are_told_apart() -> None:
    texts = labelled(2_000, seed=3, share=0.0).texts
    left, right = list(texts[0::2]), list(texts[1::2])
    assert np.mean(np.array(bound(left, right)) < 0.8) > 0.99


def test_a_text_may_be_wholly_like_itself() -> None:
    texts = ["岸边的渡船每天早上六点开" * n for n in (1, 3, 300)]
    assert all(most >= 1 for most in bound(texts, texts))
