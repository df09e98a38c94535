"""What is answered without reading is what reading answers: tables, filters and ranks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.names import NameIndex
from auditor.names.affixes import Affixes, Side
from auditor.names.looks import Looks, code_points
from auditor.names.sounds import may_follow, readings, sounded
from auditor.names.spelling import Speller, is_one_to_one
from auditor.names.wordtable import WordTable
from auditor.references import SHIPPED, References, load_references
from auditor.text import fold_name

REFERENCES = load_references([SHIPPED])


def folded(text: str) -> str:
    return fold_name(text).text


AFFIXES = Affixes(REFERENCES.affixes, folded)
PIECES = sorted({folded(affix.word) for affix in REFERENCES.affixes} - {""})
SIDES = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from("山tv1米")), max_size=6)
BODIES = sorted({one.name for one in REFERENCES.divisions if len(one.name) >= 3})
ALPHABET = sorted({character for body in BODIES for character in body})
LOOKS = Looks(REFERENCES.look_alikes, ALPHABET, folded)
SPELLER = Speller(BODIES, LOOKS, lasting=True)


@given(st.lists(st.text("ab省", min_size=1, max_size=4)), st.text("ab省", max_size=8))
def test_a_table_finds_the_words_that_stand_at_a_place(words: list[str], text: str) -> None:
    table = WordTable({word: len(word) for word in words})
    for start in range(len(text)):
        expected = [
            (start + length, length)
            for length in sorted({len(word) for word in words if text.startswith(word, start)})
        ]
        assert list(table.at(text, start)) == expected


@given(SIDES)
@settings(deadline=None)
def test_a_side_read_within_its_name_speaks_as_it_does_alone(pieces: list[str]) -> None:
    text = "".join(pieces)
    for at in range(len(text) + 1):
        assert AFFIXES.before(text, at) == AFFIXES.remainder(text[:at], "before")
        assert AFFIXES.after(text, at) == AFFIXES.remainder(text[at:], "after")


@given(SIDES)
@settings(deadline=None)
def test_where_a_name_may_begin_and_end_the_rest_is_covered(pieces: list[str]) -> None:
    text = "".join(pieces)
    covered = {"none", "official", "outlet", "commerce"}
    sides: tuple[tuple[Side, dict[int, int]], ...] = (
        ("before", AFFIXES.starts(text)),
        ("after", AFFIXES.ends(text)),
    )
    for side, reached in sides:
        for at in range(len(text) + 1):
            rest = text[:at] if side == "before" else text[at:]
            assert (AFFIXES.remainder(rest, side) in covered) == (at in reached)
    assert list(AFFIXES.starts(text)) == sorted(AFFIXES.starts(text))
    assert list(AFFIXES.ends(text)) == sorted(AFFIXES.ends(text), reverse=True)


@given(
    st.sampled_from(BODIES), st.sampled_from(ALPHABET), st.integers(0, 8), st.booleans(), st.data()
)
@settings(deadline=None)
def test_nothing_is_read_where_no_character_can_be_replaced(
    body: str, other: str, place: int, sounds: bool, data: st.DataObject
) -> None:
    at = place % len(body)
    related = sorted(LOOKS.expected(body[at]))
    found = data.draw(st.sampled_from([other, *related]))
    text = data.draw(st.sampled_from([body[:at] + found + body[at + 1 :], body, body + other]))
    plain = is_one_to_one(text)
    if not SPELLER.may_depart(text, 0, plain=plain, sounds=sounds):
        assert not list(SPELLER.spellings(text, limit=1, sounds=sounds))


@pytest.mark.parametrize("text", ["公安ab", "公公安", "公*安", "言己者", "公丨安"])
def test_a_character_that_may_be_none_or_half_of_one_is_seen(text: str) -> None:
    assert not is_one_to_one(text)


@given(st.text("abceghinoruxz", min_size=1, max_size=9))
@example("xinhua")
@example("shuangchuang")
def test_pinyin_has_only_letters_that_may_follow_one_another(letters: str) -> None:
    if sounded(letters):
        before, after = (code_points(text) for text in ("`" + letters[:-1], letters))
        assert may_follow(before, after).all()


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [("ribao", 2), ("xian", 1), ("zhongguo", 2), ("qwrt", 0), ("ribaoq", 0), ("iou", 0)],
)
def test_letters_are_read_by_the_longest_syllable(letters: str, syllables: int) -> None:
    assert len(sounded(letters)) == syllables


def test_pairs_are_related_at_once_as_they_are_one_by_one() -> None:
    pairs = [(one, other) for one, other in pairwise(ALPHABET * 2)]
    pairs += [(found, other) for found in ALPHABET[::7] for other in LOOKS.expected(found)]
    pairs += [(sign, other) for sign in "bo0口\U000f0000\U00031350" for other in ALPHABET]
    pairs = [(found, other) for found, other in pairs if found != other]
    found, expected = (code_points("".join(side)) for side in zip(*pairs, strict=True))
    related = LOOKS.may_stand(found, expected)
    alone = [other in LOOKS.expected(one) for one, other in pairs]
    assert np.array_equal(related, np.array(alone))
    assert any(readings(one) & readings(other) for one, other in pairs)


# In each of these, what was undone to find the reference is neither a look-alike nor a homophone.
@pytest.mark.parametrize(
    ("name", "body", "way"),
    [
        ("CCTV天W", "CCTV天网", "latin"),
        ("CGTN西班牙yu", "CGTN西班牙语", "latin"),
        ("36国家发展改革委区开域放司", "国家发展改革委区域开放司", "reordered"),
        ("国网冀＊电力力公司", "国网冀北电力公司", "masked"),
        ("积*潭医V院", "积水潭医院", "masked"),
        ("CCCTV社会与法法", "CCTV社会与法", "doubled"),
        ("iii志愿", "i志愿", "doubled"),
        ("中国禁毒xx编辑部", "中国禁毒", "doubled"),
        ("中中国国证监会会计司", "中国证监会会计司", "doubled"),
    ],
)
def test_two_departures_of_different_kinds_still_lead_to_the_body(
    index: NameIndex, name: str, body: str, way: str
) -> None:
    assert [(match.value, match.way) for match in index.matches(name)] == [(body, way)]


@pytest.mark.parametrize("name", ["腾讯QRTS", "凤凰BOOKS", "新浪XBW", "金融w投资", "网易PLUM"])
def test_letters_and_words_that_stand_for_nothing_lead_to_no_body(
    index: NameIndex, name: str
) -> None:
    assert index.matches(name) == ()


def test_letters_for_one_of_several_characters_are_always_read_as_the_same(
    index: NameIndex, references: References
) -> None:
    other = NameIndex.build(references)
    steps = [match.steps[0] for one in (index, other) for match in one.matches("奉化shui务局")]
    assert steps == ["latin:shui→税@0"] * 2
