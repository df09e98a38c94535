from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import RulesetError
from auditor.text import Duplicate, PhraseHit, Scanner, automaton, blob_of, fold, fold_blob
from auditor.text.automaton import Find, ahocorasick_find, best_find, daachorse_find
from auditor.text.beginnings import Beginnings

LEXICONS = {
    "titles": ["医生", "儿科医生", "律师", "ＣＣＴＶ"],
    "words": ["医生", "生儿", "報道"],
}
BUILDERS = [daachorse_find, ahocorasick_find]
PHRASES = st.lists(st.text("ab医生儿", min_size=1, max_size=3), max_size=8)
TEXTS = st.lists(st.text("ab医生儿 ", max_size=12), max_size=8)


def found(scanner: Scanner, text: str) -> list[tuple[str, int, int]]:
    return [(scanner.phrase(hit.phrase), hit.start, hit.end) for hit in scanner.scan(text)]


@pytest.mark.parametrize("build", BUILDERS)
def test_all_overlapping_hits_come_by_position(build: Callable[[Sequence[str]], Find]) -> None:
    scanner = Scanner(LEXICONS, build)
    assert found(scanner, "我是儿科医生儿子") == [
        ("儿科医生", 2, 6),
        ("医生", 4, 6),
        ("生儿", 5, 7),
    ]


def test_a_phrase_belongs_to_every_lexicon_that_lists_it() -> None:
    scanner = Scanner(LEXICONS)
    (hit,) = scanner.scan("看医生")
    assert hit == PhraseHit(hit.phrase, 1, 3)
    assert scanner.lexicons(hit.phrase) == ("titles", "words")


def test_phrases_are_folded_like_the_texts() -> None:
    scanner = Scanner(LEXICONS)
    assert found(scanner, fold("cctv的報道").text) == [("cctv", 0, 4), ("报道", 5, 7)]
    assert len(scanner) == 6


def test_two_spellings_of_one_phrase_are_reported() -> None:
    scanner = Scanner({"a": ["记者", "記者", "记者"], "b": ["记者"]})
    assert scanner.duplicates == (Duplicate("a", "记者", ("记者", "記者")),)


def test_phrases_of_which_nothing_is_left_are_named_all_at_once() -> None:
    with pytest.raises(RulesetError) as caught:
        Scanner({"a": ["\u200b", "医生"], "b": [" "]})
    assert "“a”" in caught.value.message
    assert "“b”" in caught.value.message


@pytest.mark.parametrize("lexicons", [{}, {"a": []}])
def test_no_phrases_find_nothing(lexicons: dict[str, list[str]]) -> None:
    scanner = Scanner(lexicons)
    assert scanner.scan("医生") == []
    assert scanner.scan_batch(["医生", ""]) == [[], []]
    assert pickle.loads(pickle.dumps(scanner)).scan("医生") == []  # noqa: S301


def test_a_pickled_scanner_finds_the_same() -> None:
    scanner = Scanner(LEXICONS)
    again: Scanner = pickle.loads(pickle.dumps(scanner))  # noqa: S301
    assert again.scan("儿科医生和律师") == scanner.scan("儿科医生和律师")
    assert again.lexicons(0) == scanner.lexicons(0)


@given(PHRASES, TEXTS)
def test_both_automata_and_a_plain_search_agree(phrases: list[str], texts: list[str]) -> None:
    first, second = (Scanner({"a": phrases}, build if phrases else best_find) for build in BUILDERS)
    folded = {fold(phrase).text for phrase in phrases}
    for text in texts:
        expected = sorted(
            (start, start + len(phrase), phrase)
            for phrase in folded
            for start in range(len(text))
            if text.startswith(phrase, start)
        )
        assert found(first, text) == [(phrase, start, end) for start, end, phrase in expected]
        assert first.scan(text) == second.scan(text)


@given(PHRASES, TEXTS)
def test_a_batch_scans_as_each_text_alone(phrases: list[str], texts: list[str]) -> None:
    scanner = Scanner({"a": phrases})
    assert scanner.scan_batch(texts) == [scanner.scan(text) for text in texts]


@given(PHRASES, TEXTS)
def test_what_stands_in_a_blob_is_what_is_hit_in_each_text(
    phrases: list[str], texts: list[str]
) -> None:
    scanner = Scanner({"a": phrases})
    folded = [fold(text).text for text in texts]
    lengths = np.array([len(text) for text in folded], dtype=np.intp)
    found = scanner.standing(fold_blob("".join(folded), lengths))
    expected = [(i, *hit) for i, text in enumerate(folded) for hit in scanner.scan(text)]
    columns = (found.texts, found.phrases, found.starts, found.ends)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    assert sorted(rows) == sorted(expected)


@given(st.lists(st.text("ab𠮷\uffff", min_size=2, max_size=4), min_size=1), TEXTS)
def test_a_phrase_begins_where_its_first_three_characters_stand(
    phrases: list[str], texts: list[str]
) -> None:
    begun = Beginnings(phrases)
    joined = "".join(texts) + "".join(phrases)
    places = begun.places(blob_of([joined]).codes).tolist()
    heads = tuple({phrase[:3] for phrase in phrases})
    assert begun.tell
    assert places == [at for at in range(len(joined)) if joined.startswith(heads, at)]


def test_a_phrase_of_one_character_and_no_phrase_have_no_beginning() -> None:
    assert not Beginnings(["a", "bc"]).tell
    assert not Beginnings([]).tell


def test_the_members_of_lexicons_are_told_by_number() -> None:
    scanner = Scanner(LEXICONS)
    told = scanner.members({"titles"}).tolist()
    assert [scanner.phrase(i) for i, is_one in enumerate(told) if is_one] == [
        "cctv",
        "儿科医生",
        "医生",
        "律师",
    ]
    assert not scanner.members(set()).any()


def test_where_daachorse_has_no_wheel_the_other_automaton_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(_: Sequence[str]) -> Find:
        raise ImportError("no wheel for this platform")

    monkeypatch.setattr(automaton, "daachorse_find", absent)
    assert found(Scanner(LEXICONS), "看律师") == [("律师", 1, 3)]
