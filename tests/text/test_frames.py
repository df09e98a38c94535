from __future__ import annotations

import pytest

from auditor.text import Frame, frame, sentence_span
from tests.text.frames_table import CASES, PROFILES

LETTERS = {
    "n": "negated",
    "q": "quoted",
    "?": "question",
    "r": "reported",
    "s": "about_self",
    "u": "supposed",
}


def framed(marked: str, *, profile: bool = False) -> str:
    start, end = marked.index("〔"), marked.index("〕") - 1
    text = marked.replace("〔", "").replace("〕", "")
    found = frame(text, start, end, profile=profile)
    return "".join(letter for letter, name in LETTERS.items() if getattr(found, name))


@pytest.mark.parametrize(("marked", "letters"), CASES)
def test_a_sentence_is_framed_as_a_reader_would(marked: str, letters: str) -> None:
    assert framed(marked) == letters


@pytest.mark.parametrize(("marked", "letters"), PROFILES)
def test_in_a_profile_a_phrase_alone_says_what_its_author_is(marked: str, letters: str) -> None:
    assert framed(marked, profile=True) == letters


def test_only_the_sentence_that_was_hit_is_judged() -> None:
    text = "你是谁？我不知道。医生来了。他说什么？"
    start = text.index("医生")
    assert frame(text, start, start + 2) == Frame()


@pytest.mark.parametrize(
    ("marked", "sentence"),
    [
        ("前一句。〔中间〕这句！后一句", "中间这句！"),
        ("他说：“不是真的。”然后〔走〕了", "然后走了"),
        ("他说：“〔不是〕真的。”然后走了", "他说：“不是真的。”"),
        ("一行\n〔二〕行\n三行", "二行"),
        ("第一……〔第二〕？！第三", "第二？！"),
        ("版本3.5〔发布〕了; 下一句", "版本3.5发布了;"),
        ("It works. 〔Really〕 well. Yes", "Really well."),
        ("〔全文〕没有标点", "全文没有标点"),
        ("  〔前后〕空格  ", "前后空格"),
        ("标题〔跨。句〕了。后", "标题跨。句了。"),
    ],
)
def test_sentences_end_where_social_text_ends_them(marked: str, sentence: str) -> None:
    start, end = marked.index("〔"), marked.index("〕") - 1
    text = marked.replace("〔", "").replace("〕", "")
    first, last = sentence_span(text, start, end)
    assert text[first:last] == sentence


def test_a_very_long_text_is_looked_at_near_the_hit_only() -> None:
    text = "啊" * 100_000 + "医生" + "哦" * 100_000
    first, last = sentence_span(text, 100_000, 100_002)
    assert last - first <= 2_002
