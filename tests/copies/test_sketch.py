"""A sketch depends on its text alone, and is the same for ever."""

from __future__ import annotations

import hashlib
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.copies import BANDS, band_keys, sketch
from auditor.copies.shingles import joined
from auditor.copies.sketches import digests

letters = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E1F), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(letters, max_size=12), st.lists(letters, max_size=5))
def test_a_sketch_does_not_depend_on_its_neighbours(texts: list[str], others: list[str]) -> None:
    together = sketch([*others, *texts], 3)
    for index, text in enumerate(texts):
        alone = sketch([text], 3)
        place = np.flatnonzero(together.rows == index + len(others))
        assert len(place) == len(alone.rows) == (len(text) >= 3)
        for at in place.tolist():
            assert (together.keys[:, at] == alone.keys[:, 0]).all()
            assert (together.digests[at] == alone.digests[0]).all()
            assert together.bits[at] == alone.bits[0]


def test_short_texts_get_none() -> None:
    found = sketch(["天地玄黄宇宙洪荒", "天地", "", "日月盈昃"], 4)
    assert found.rows.tolist() == [0, 3]
    assert found.keys.shape == (BANDS, 2)


def test_no_text_at_all_has_no_sketch() -> None:
    found = sketch([], 20)
    assert found.rows.size == 0
    assert {len(column) for column in found.columns().values()} == {0}


@pytest.mark.parametrize("pass_size", [64, 1 << 12, 1 << 18, None])
def test_sketches_are_the_same_for_ever(
    pass_size: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept sketches are compared with new ones: whoever changes this, changes VERSION as well."""
    if pass_size is None:
        monkeypatch.setattr("auditor.copies.sketches.compiles", lambda: True)
    else:
        monkeypatch.setattr("auditor.copies.sketches._CHUNK", pass_size)
    texts = ["".join(chr(0x4E00 + n * n * k % 5_003) for n in range(k)) for k in range(20, 300)]
    found = sketch(texts, 20)
    columns = (found.keys, found.digests, found.bits)
    seen = (hashlib.sha256(one.astype("<i8").tobytes()) for one in columns)
    assert [one.hexdigest()[:16] for one in seen] == [
        "2106d839cbc5c690",
        "f62edaca3c5c96c4",
        "e87a1bac52783338",
    ]


def test_a_digest_is_that_of_the_text_in_utf_16() -> None:
    texts = ["岸边的渡船", "𠮷野家𠮷", "", "岸"]
    for some in (texts, texts[:1], texts[1:]):
        found = digests(joined(some)).astype("<i8")
        for text, row in zip(some, found, strict=True):
            assert blake2b(text.encode("utf-16-le")).digest()[:16] == row.tobytes()


def test_equal_contents_have_equal_digests_and_keys_and_others_do_not() -> None:
    texts = ["岸边的渡船每天早上六点开", "岸边的渡船每天早上七点开"]
    found = sketch([texts[0], texts[1], texts[0]], 3)
    assert (found.digests[0] == found.digests[2]).all()
    assert (found.keys[:, 0] == found.keys[:, 2]).all()
    assert (found.digests[0] != found.digests[1]).any()


@given(st.lists(letters, max_size=8))
def test_keys_alone_are_those_of_sketches(texts: list[str]) -> None:
    alone, found = band_keys(texts, 3), sketch(texts, 3)
    assert np.array_equal(alone.rows, found.rows)
    assert np.array_equal(alone.keys, found.keys)
    columns = found.columns()
    assert all(np.array_equal(columns[name], keys) for name, keys in alone.columns().items())
