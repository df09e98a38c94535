"""The joins find what brute force finds, no pair less and no pair more."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from auditor.names import NameIndex
from auditor.names.codes import Codes, chunks
from auditor.names.imitations.recall import sample
from auditor.names.joins import EditJoin, Pairs, RatioJoin
from auditor.names.spoof import TECHNIQUES, Spoofer
from auditor.references import References

HAN = "中国人民日曰报午上下海京东西北南市公安局省县区政府发布新闻"
ANY = st.characters(codec=None, categories=None, exclude_categories=())
FEW = st.lists(st.text(alphabet="ab", max_size=7), max_size=25)
SOME = st.lists(st.text(alphabet="abcd", max_size=12), max_size=25)
LONG = st.lists(st.text(alphabet="abc", max_size=40), max_size=8)
NAMES = st.lists(st.text(alphabet=HAN, max_size=14), max_size=25)
ALL = st.lists(st.text(alphabet=ANY, max_size=6), max_size=15)
LISTS = st.one_of(
    st.tuples(FEW, FEW), st.tuples(SOME, SOME), st.tuples(LONG, LONG), st.tuples(NAMES, NAMES),
    st.tuples(ALL, ALL), st.tuples(FEW, SOME), st.tuples(LONG, SOME),
)  # fmt: skip
LENGTHS = (0, 1, 2, 3, 7, 8, 14, 15, 31, 99, 100, 199, 200)


def as_set(pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(pairs.texts.tolist(), pairs.words.tolist(), strict=True))


def near_by_force(texts: Sequence[str], words: Sequence[str]) -> set[tuple[int, int]]:
    return {
        (i, j)
        for i, text in enumerate(texts)
        for j, word in enumerate(words)
        if Levenshtein.distance(text, word) <= 1
    }


def alike_by_force(
    texts: Sequence[str], words: Sequence[str], at_least: float
) -> set[tuple[int, int]]:
    return {
        (i, j)
        for i, text in enumerate(texts)
        for j, word in enumerate(words)
        if fuzz.ratio(text, word) >= at_least
    }


def assert_in_order(pairs: Pairs) -> None:
    listed = list(zip(pairs.texts.tolist(), pairs.words.tolist(), strict=True))
    assert listed == sorted(set(listed))
    assert pairs.texts.dtype == pairs.words.dtype == np.int64


def varied(words: Sequence[str], dice: random.Random, changes: int) -> str:
    """Return a word with so many characters put in, taken away, changed or moved."""
    signs = list(dice.choice(words))
    for _ in range(changes):
        at = dice.randrange(len(signs) + 1)
        end = at + dice.randrange(2)
        signs[at:end] = dice.choice(("", dice.choice(HAN), dice.choice("𠮷a1·😀")))
        if dice.random() < 0.2:
            signs.insert(dice.randrange(len(signs) + 1), signs.pop() if signs else "x")
    return "".join(signs)


@given(LISTS)
@settings(max_examples=600, deadline=None)
def test_one_edit_is_found_wherever_brute_force_finds_it(
    lists: tuple[list[str], list[str]],
) -> None:
    texts, words = lists
    pairs = EditJoin(words).pairs(texts)
    assert as_set(pairs) == near_by_force(texts, words)
    assert_in_order(pairs)


@given(LISTS, st.sampled_from((20.0, 50.0, 66.6, 75.0, 80.0, 85.0, 90.0, 99.9, 100.0)))
@settings(max_examples=600, deadline=None)
def test_a_ratio_is_found_wherever_brute_force_finds_it(
    lists: tuple[list[str], list[str]], at_least: float
) -> None:
    texts, words = lists
    pairs = RatioJoin(words, at_least).pairs(texts)
    assert as_set(pairs) == alike_by_force(texts, words, at_least)
    assert_in_order(pairs)


EDGES: dict[str, tuple[list[str], list[str]]] = {
    "no words": (["人民日报", ""], []),
    "no texts": ([], ["人民日报", ""]),
    "neither": ([], []),
    "empty strings": (["", "", "a"], ["", "b", "ab", ""]),
    "the same twice": (["人民日报"] * 3, ["人民日报", "人民曰报", "人民日报"]),
    "beside the plane": (["𠮷野家", "😀😀", "吉野家"], ["𠮷野", "😀", "𠮷野家😀"]),
    "lone surrogates": (["\ud83d", "a\udc00b", "\ud83d\ude00"], ["\ud83d\ude00", "ab", "😀"]),
    "halves in two texts": (["\ud83d", "\ude00"], ["\ud83d\ude00", "\ude00\ud83d", ""]),
    "NUL counts": (["a\0", "\0", "\0\0", "a"], ["a", "", "\0\0\0", "\0a"]),
    "no normalisation": (["é", "e\u0301", "Ａ"], ["e", "é", "A"]),
    "runs of one sign": (["啊" * n for n in range(1, 9)], ["啊" * n for n in range(9)]),
    "moved by one": (["abcdef", "bcdefa", "bcdef"], ["abcdef", "fabcde", "badcfe"]),
    "one letter": (["a", "b", "ab"], ["a", "c", "ba"]),
}


@pytest.mark.parametrize("case", EDGES)
def test_edges_are_as_brute_force_has_them(case: str) -> None:
    texts, words = EDGES[case]
    assert as_set(EditJoin(words).pairs(texts)) == near_by_force(texts, words)
    assert as_set(RatioJoin(words).pairs(texts)) == alike_by_force(texts, words, 80.0)


@pytest.mark.parametrize("length", LENGTHS)
def test_length_is_no_limit(length: int) -> None:
    dice = random.Random(length)
    word = "".join(dice.choices(HAN, k=length))
    words = [word, word[::-1], "".join(dice.choices(HAN, k=max(0, length - 3)))]
    texts = [varied(words, dice, changes) for changes in (0, 1, 1, 1, 1, 2, 3, length // 5)]
    texts += [word + "x", word[1:], word[:-1], "x" + word, word[: length // 2] + word]
    assert as_set(EditJoin(words).pairs(texts)) == near_by_force(texts, words)
    assert as_set(RatioJoin(words).pairs(texts)) == alike_by_force(texts, words, 80.0)


@pytest.mark.parametrize(("signs", "longest"), [("ab", 7), ("abc", 5), ("甲乙丙丁戊", 4)])
def test_every_pair_of_short_strings_is_as_brute_force_has_it(signs: str, longest: int) -> None:
    every = ["".join(word) for n in range(longest + 1) for word in product(signs, repeat=n)]
    distances = cdist(every, every, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
    assert np.array_equal(EditJoin(every).pairs(every), np.nonzero(distances <= 1))
    ratios = cdist(every, every, scorer=fuzz.ratio, dtype=np.float32)
    for at_least in (50, 80, 90):
        found = RatioJoin(every, at_least).pairs(every)
        assert np.array_equal(found, np.nonzero(ratios >= at_least))


def test_a_text_longer_than_a_pass_is_one_of_many() -> None:
    word = "人民日报" * 20_000
    texts = ["人民", word[:-1], "", word + "网", "人民日"]
    assert as_set(EditJoin([word, "人民"]).pairs(texts)) == {(0, 1), (1, 0), (3, 0), (4, 1)}


@pytest.mark.parametrize("at_least", [0.0, -1.0, 100.1, float("nan")])
def test_a_bound_that_is_no_ratio_is_refused(at_least: float) -> None:
    with pytest.raises(ValueError, match="at_least"):
        RatioJoin(["人民日报"], at_least)


def test_a_thousand_varied_names_have_the_pairs_of_cdist(references: References) -> None:
    dice = random.Random(11)
    organs = [word.word for word in references.organ_words]
    places = [division.name for division in references.divisions]
    words = [one.name for one in references.organisations]
    words += [dice.choice(places) + dice.choice(organs) for _ in range(2_000)]
    texts = [varied(words, dice, dice.choice((0, 1, 1, 2, 3))) for _ in range(3_000)]
    distances = cdist(texts, words, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
    expected = np.nonzero(distances <= 1)
    found = EditJoin(words).pairs(texts)
    assert len(found.texts) > 1_500
    assert np.array_equal(found, expected)
    ratios = cdist(texts, words, scorer=fuzz.ratio, score_cutoff=80, dtype=np.float32)
    expected = np.nonzero(ratios >= 80)
    found = RatioJoin(words).pairs(texts)
    assert np.array_equal(found, expected)


def test_imitations_of_shipped_references_have_the_pairs_of_brute_force(
    references: References, index: NameIndex
) -> None:
    words = [one.name for one in references.organisations]
    words += [short for one in references.organisations for short in one.short_names]
    spoofer = Spoofer(references, index)
    made = [
        (technique, name)
        for word in sample(references.organisations, 60)
        for technique, name, _ in spoofer.imitations(word, limit=3)
    ]
    assert {technique for technique, _ in made} == set(TECHNIQUES)
    texts = [name for _, name in made]
    distances = cdist(texts, words, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
    found = EditJoin(words).pairs(texts)
    assert len(np.unique(found.texts)) > 400
    assert np.array_equal(found, np.nonzero(distances <= 1))
    ratios = cdist(texts, words, scorer=fuzz.ratio, score_cutoff=80, dtype=np.float32)
    found = RatioJoin(words).pairs(texts)
    assert len(np.unique(found.texts)) > 700
    assert np.array_equal(found, np.nonzero(ratios >= 80))


@given(LISTS, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_stretches_of_texts_are_asked_as_if_they_were_texts(
    lists: tuple[list[str], list[str]], dice: random.Random
) -> None:
    texts, words = lists
    cuts = [sorted(dice.choices(range(len(text) + 1), k=2)) for text in texts]
    codes = Codes.of(texts)
    first = codes.starts[:-1] + np.array([a for a, _ in cuts], np.int64)
    last = codes.starts[:-1] + np.array([b for _, b in cuts], np.int64)
    candidates = EditJoin(words).candidates(codes, first, last)
    assert_in_order(candidates)
    stretches = [text[a:b] for text, (a, b) in zip(texts, cuts, strict=True)]
    assert as_set(candidates) >= near_by_force(stretches, words)
    # A key in common is a string that both become by one deletion at most.
    for text, word in zip(*candidates.strings(stretches, words), strict=True):
        assert Levenshtein.distance(text, word) <= 2


def test_passes_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(5)
    words = ["".join(dice.choices(HAN, k=dice.randrange(9))) for _ in range(300)]
    texts = [varied(words, dice, 1) for _ in range(300)]
    whole = EditJoin(words).pairs(texts)
    parts = list(chunks(texts, 16))
    assert len(parts) > 50
    assert [text for _, part in parts for text in part] == texts
    alike = RatioJoin(words).pairs(texts)
    for name in ("editjoin.CHUNK", "ratiojoin.CHUNK", "ratiojoin._BATCH"):
        monkeypatch.setattr(f"auditor.names.{name}", 16)
    assert np.array_equal(EditJoin(words).pairs(texts), whole)
    assert np.array_equal(RatioJoin(words).pairs(texts), alike)


def test_hashes_that_all_collide_cost_time_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dice = random.Random(6)
    words = ["".join(dice.choices(HAN[:6], k=dice.randrange(7))) for _ in range(60)]
    texts = [varied(words, dice, dice.randrange(3)) for _ in range(60)]
    for room in ("editjoin", "ratiojoin"):
        monkeypatch.setattr(f"auditor.names.{room}.salted", lambda hashes, _: hashes * np.uint64(0))
    assert as_set(EditJoin(words).pairs(texts)) == near_by_force(texts, words)
    assert as_set(RatioJoin(words).pairs(texts)) == alike_by_force(texts, words, 80.0)


def test_the_index_stays_compact() -> None:
    dice = random.Random(8)
    words = ["".join(dice.choices(HAN, k=7)) for _ in range(20_000)]
    # A word of seven characters has eight keys, and six halves in a bitmap.
    assert EditJoin(words).nbytes <= 20_000 * (8 * 16 + 6 * 4) + (1 << 16)


def test_another_process_with_another_hash_seed_gives_the_same() -> None:
    script = (
        "from auditor.names.joins import EditJoin, RatioJoin\n"
        "words = ['人民日报', '日报', '人民曰报社', '']\n"
        "for join in (EditJoin(words), RatioJoin(words)):\n"
        "    print([part.tolist() for part in join.pairs([*words, '人民报'])])\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert printed.pop().count("\n") == 2
