"""Hashes of stretches and tables of hashes answer as strings, sets and dictionaries do."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.names.codes import Codes, flat_chunks, hashes_of, without
from auditor.names.keys import HashSet, Table, salted

ANY = st.characters(codec=None, categories=None, exclude_categories=())
TEXT = st.one_of(st.text(alphabet="ab", max_size=6), st.text(alphabet=ANY, max_size=6))
TEXTS = st.lists(TEXT, max_size=12)


@given(TEXTS)
@example(["\ud83d", "\ude00a", "😀"])
@settings(deadline=None)
def test_a_stretch_has_the_hash_of_its_text_wherever_it_stands(texts: list[str]) -> None:
    codes = Codes.of(texts)
    assert codes.texts() == texts
    stretches = [
        (start + a, start + b, text[a:b])
        for text, start in zip(texts, codes.starts.tolist(), strict=False)
        for a in range(len(text) + 1)
        for b in range(a, len(text) + 1)
    ]
    first, last = (np.array([s[side] for s in stretches], np.int64) for side in (0, 1))
    alone = hashes_of([text for *_, text in stretches])
    assert np.array_equal(codes.hashes(first, last), alone)
    assert len(set(alone.tolist())) == len({text for *_, text in stretches})


@given(TEXTS)
@settings(deadline=None)
def test_a_gap_closes_up(texts: list[str]) -> None:
    codes = Codes.of(texts)
    gaps = [(i, at) for i, text in enumerate(texts) for at in range(len(text))]
    owners, at = (np.array([gap[side] for gap in gaps], np.int64) for side in (0, 1))
    start, end = codes.starts[owners], codes.starts[owners + 1]
    closed = hashes_of([texts[i][:a] + texts[i][a + 1 :] for i, a in gaps])
    assert np.array_equal(codes.gapped(start, start + at, end), closed)


@given(TEXTS)
@example(["aa", "Ã"])
@settings(deadline=None)
def test_a_bag_does_not_know_the_order(texts: list[str]) -> None:
    shuffled = ["".join(sorted(text)) for text in texts]
    bags, same = (
        codes.bags(codes.starts[:-1], codes.starts[1:]).tolist()
        for codes in (Codes.of(texts), Codes.of(shuffled))
    )
    assert bags == same
    assert len(set(bags)) == len(set(shuffled))


@given(TEXTS, ANY)
@settings(deadline=None)
def test_texts_lose_what_is_marked(texts: list[str], gone: str) -> None:
    codes = Codes.of(texts)
    left = Codes(*without(codes.flat, codes.starts, codes.flat == ord(gone)))
    assert left.texts() == [text.replace(gone, "") for text in texts]
    marked = codes.flat == ord("a")
    left = Codes(*without(codes.flat, codes.starts, marked))
    assert left.texts() == [text.replace("a", "") for text in texts]


@given(TEXTS, st.integers(1, 9))
def test_runs_hold_every_text_once_and_in_order(texts: list[str], most: int) -> None:
    runs = list(flat_chunks(texts, most))
    assert [text for run in runs for text in Codes(run.flat, run.starts).texts()] == texts
    assert all(len(run.starts) - 1 <= most for run in runs)
    assert all(len(run.flat) <= most or len(run.starts) == 2 for run in runs)
    assert [run.first for run in runs] == list(
        np.cumsum([0, *(len(run.starts) - 1 for run in runs)])[:-1]
    )


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_a_set_of_hashes_holds_what_a_set_of_words_holds(
    words: list[str], asked: list[str]
) -> None:
    held = HashSet.of(words).holds(hashes_of(asked))
    assert held.tolist() == [word in set(words) for word in asked]


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_a_table_gives_every_number_filed_under_a_hash(words: list[str], asked: list[str]) -> None:
    filed = ((np.array([number]), salted(hashes_of([word]))) for number, word in enumerate(words))
    places, numbers = Table(filed, len(words)).find(salted(hashes_of(asked)))
    expected = {
        (place, number)
        for place, text in enumerate(asked)
        for number, word in enumerate(words)
        if text == word
    }
    assert set(zip(places.tolist(), numbers.tolist(), strict=True)) == expected


def test_a_large_set_of_hashes_is_exact() -> None:
    dice = np.random.default_rng(3)
    known = dice.integers(0, 1 << 63, 50_000, np.int64).astype(np.uint64)
    asked = np.concatenate((known[:1_000] + np.uint64(1), known[:1_000]))
    in_set = set(known.tolist())
    assert HashSet(known).holds(asked).tolist() == [int(one) in in_set for one in asked]
