"""Of many titles in posts the look back passes over none that its author may claim."""

from __future__ import annotations

import re
from typing import SupportsIndex

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.text import blob_of, fold, self_reach, selves, switch_loops, word_list
from auditor.titles import may_be_stated, may_state, stating
from tests.titles.conftest import Labelled

TITLE = "医生"
SELVES = (*word_list("text-self"), "作为", "身为", "版本", "本")
COPULAS = word_list("text-copulas")[:6]
LABELS = (*word_list("text-self-labels"), "身份", "业", ":", "：", ":\n")
BESIDE = ("作者", "文", "撰稿", "主讲", "执笔", "/", "|", "—", "–", "-", "-" * 3)
DOING = ("做", "当", "干", "第六年", "这行", "一名", "是", "职业", "现任", "，", "、")
FILL = (" ", "\n", "\u3000", "\u2003", "天", "天地玄黄" * 6, " " * 30, "a1", "。", "的")
pieces = st.sampled_from((TITLE, *SELVES, *COPULAS, *LABELS, *BESIDE, *DOING, *FILL))
posts = st.lists(pieces | st.characters(codec="utf-8"), max_size=24).map("".join)


def spans(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(TITLE, text)]


def let_pass(texts: list[str], shuffled: int = 0) -> dict[tuple[int, int], bool]:
    """Return for each title of folded texts, by text and place, what the look back says."""
    asked = [(at, start) for at, text in enumerate(texts) for start, _ in spans(text)]
    np.random.default_rng(shuffled).shuffle(asked)
    at, starts = np.array(asked, np.intp).reshape(-1, 2).T
    told = may_be_stated(blob_of(texts), at, starts)
    return dict(zip(asked, told.tolist(), strict=True))


@settings(max_examples=300, deadline=None)
@given(st.lists(posts, max_size=5), st.integers(0, 9))
@pytest.mark.usefixtures("with_loops")
def test_no_title_is_passed_over_that_may_be_claimed(written: list[str], shuffled: int) -> None:
    texts = [fold(text).text for text in written]
    for (at, start), passes in let_pass(texts, shuffled).items():
        assert passes or not may_state(texts[at], [(start, start + len(TITLE))]), texts[at]


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("我是一名医生", True),
        ("笔者做过二十年医生", True),
        ("本医生今天值班", True),
        ("本人，说来话长，" + "天地玄黄" * 40 + "医生", True),
        ("俺" + "天地玄黄" * 40 + "医生", True),
        ("我" + "，" * 60 + "一名医生", True),
        ("职业:  \n 某地医生", True),
        ("文 / 柳岸，医生", True),
        ("种了一天葱。——某医生", True),
        ("做医生第六年", True),
        ("医生建议多喝水", False),
        ("版:昨天去看了医生", False),
        ("比分2:1，队里的医生上场", False),
        ("和/或请教医生", False),
        ("我昨天" + "天地玄黄" * 10 + "医生", False),
        ("职业:" + "天地玄黄" * 10 + "医生", False),
        ("——" + "天地玄黄" * 20 + "医生", False),
        ("在本市的医生", False),
    ],
)
@pytest.mark.usefixtures("with_loops")
def test_most_titles_end_at_the_look_back(text: str, *, passes: bool) -> None:
    assert let_pass([text]) == {(0, text.index(TITLE)): passes}


@pytest.mark.usefixtures("with_loops")
def test_what_stands_in_one_post_says_nothing_of_the_next() -> None:
    texts = ["本人职业:我—做是本", "医生", "天医生，本人看医生", "医生"]
    passed = let_pass(texts, 3)
    assert [key for key, passes in passed.items() if passes] == [(2, 7)]


def test_without_compiled_loops_every_title_is_asked() -> None:
    switch_loops(False)
    assert let_pass(["医生建议多喝水"]) == {(0, 0): True}


@pytest.mark.usefixtures("with_loops")
def test_of_labelled_posts_the_look_back_passes_all_that_may_be_claimed(
    labelled: Labelled,
) -> None:
    texts = [fold(row["text"]).text for row in labelled("posts.csv")]
    told = let_pass(texts)
    may = {(at, s): may_state(texts[at], [(s, s + len(TITLE))]) for at, s in told}
    assert sum(may.values()) > 3
    assert not [key for key, asked in may.items() if asked and not told[key]]


def told_by_all_that_stands_before(text: str, start: int, end: int) -> bool:
    """What ``may_state`` says, from patterns that read the whole text before a title."""
    before = text[:start]
    near, head = before[-self_reach() :], before[-stating.REACH :]
    label, colon, behind = before.rpartition(":")
    is_labelled = colon and label.endswith(word_list("text-self-labels"))
    verb = stating._VERB.search(head[-stating._DONE :])
    return (
        before.endswith("本")
        or bool(selves._pattern("signs").search(near) and selves._may_take_on(near))
        or bool(selves._pattern("listed").search(before))
        or bool(is_labelled and re.fullmatch(r"\s*\w{0,12}", behind))
        or bool(stating.myself().search(text, 0, start))
        or bool(stating._AUTHOR.search(head))
        or bool(verb and stating.YEARS.match(text, end))
    )


@settings(max_examples=300, deadline=None)
@given(posts)
def test_a_title_is_asked_no_less_for_reading_no_further_back_than_needed(written: str) -> None:
    text = fold(written).text
    for span in spans(text):
        assert may_state(text, [span]) == told_by_all_that_stands_before(text, *span), (text, span)


class Watched(str):
    """A text that counts how many characters are cut out of it."""

    __slots__ = ("read",)
    read: int

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        part = super().__getitem__(key)
        self.read += len(part)
        return part


@pytest.mark.parametrize("piece", ["看了医生，", "版/医生 ", "，是医生", "版:  医生", "医生"])
def test_a_long_post_is_not_read_anew_for_each_title_in_it(piece: str) -> None:
    """A million characters took four minutes when each title asked for all before it."""
    text = Watched(piece * 20_000)
    text.read = 0
    asked = spans(text)
    assert not may_state(text, asked)
    assert text.read < 300 * len(asked)
