from __future__ import annotations

import unicodedata
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.text import Scope, blob_of, fold, fold_batch, fold_blob, fold_name, fold_steps
from auditor.text.fold import fold_table
from auditor.text.tables import read_rows

# Ordinary text with everything a fold meets: width, case, old forms, marks, emoji, surrogates.
ALPHABET = "人民日報囯亰医生 ＡＢ１２abAZ，。！：①㊥Ⓐé\u200b\u200d\ufe0f\u0301★·丨👍🏽\n\t㎡\ud800ⅷ"
TEXT = st.text(st.one_of(st.sampled_from(ALPHABET), st.characters()), max_size=40)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＣＣＴＶ", "cctv"),
        ("１２３：４", "123:4"),
        ("ﾃﾚﾋﾞ", "テレヒ\u3099"),
        ("央視新聞", "央视新闻"),
        ("頭髮發財", "头发发财"),
        ("囯家", "国家"),
        ("北亰市", "北京市"),
        ("従業員", "从业员"),
        ("⺠政部", "民政部"),
        ("⼈⺠", "人民"),
        ("㊥国", "中国"),
        ("Ⓜ️", "m"),
        ("𝐂𝐂𝐓𝐕", "cctv"),
        ("🅒🅲ⓣⓥ", "cctv"),
        ("rénmín", "renmin"),
        ("re\u0301nmin", "renmin"),
        ("人\u200b民\u2060日\ufeff报", "人民日报"),
        ("\u202e人民", "人民"),
        ("人️民", "人民"),
        ("人ۣۖ民ۣۖ", "人民"),
        ("1️⃣2️⃣", "12"),
        ("1\u0663", "13"),
        ("ㅤ空", "空"),
        ("a\u3000b\u00a0c", "a b c"),
        ("医生 在线", "医生 在线"),
        ("医生，你好。", "医生,你好。"),
        ("#话题# @某人 👍", "#话题# @某人 👍"),
        ("", ""),
    ],
)
def test_running_text_has_one_spelling(written: str, folded: str) -> None:
    assert fold(written).text == folded


@pytest.mark.parametrize(
    "pair",
    ["日曰", "人入", "土士", "未末", "己已", "口囗", "市巿", "京亰"[:1] + "东", "官宫", "央英"],
)
def test_look_alikes_are_never_one_spelling(pair: str) -> None:
    assert fold(pair[0]).text != fold(pair[1]).text
    assert fold_name(pair[0]).text != fold_name(pair[1]).text


@pytest.mark.parametrize(
    "text", ["㎡", "①", "²", "㈠", "…", "㏒", "芸", "糸", "予", "가", "ㄱ", "ไทย"]
)
def test_what_has_no_safe_single_form_stays(text: str) -> None:
    assert fold(text).text == text


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("人.民.日.报", "人民日报"),
        ("★人民日报★", "人民日报"),
        ("人·民・日•报", "人民日报"),
        ("人丨民丶日丿报", "人民日报"),
        ("人民 日报", "人民日报"),
        ("✨央視✨新聞👍🏽", "央视新闻"),
        ("【官方】医生(在线)", "官方医生在线"),
        ("人民日报_V", "人民日报v"),
        ("🅒🅒🅣🅥-13", "cctv13"),
        ("C++", "c"),
        ("㊥㊥国Ⓐ", "中中国a"),
        ("··", ""),
    ],
)
def test_a_name_is_its_letters(written: str, folded: str) -> None:
    assert fold_name(written).text == folded


def test_a_folded_span_finds_its_original() -> None:
    text = "看\u200b人★民\u200d日报啊"
    folded = fold_name(text)
    assert folded.text == "看人民日报啊"
    start, end = folded.span(1, 5)
    assert text[start:end] == "人★民\u200d日报"
    assert folded.span(6, 6) == (len(text), len(text))
    assert folded.span(0, 0) == (0, 0)


@pytest.mark.parametrize(
    ("written", "steps"),
    [
        ("人民日报", ()),
        ("CCTV，你好！", ()),
        ("ＣＣＴＶ", ("fold:full_width",)),
        ("央視", ("fold:traditional",)),
        ("囯家⺠", ("fold:variant",)),
        ("人\u200b民", ("fold:inserted",)),
        (
            "央\u200b視囯Ａ",
            ("fold:inserted", "fold:traditional", "fold:variant", "fold:full_width"),
        ),
    ],
)
def test_steps_name_the_techniques_undone(written: str, steps: tuple[str, ...]) -> None:
    assert fold_steps(written) == steps


def test_a_dot_between_letters_is_inserted_in_a_name_only() -> None:
    assert fold_steps("人.民") == ()
    assert fold_steps("人.民", "name") == ("fold:inserted",)


@given(TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once
    name = fold_name(text).text
    assert fold_name(name).text == name


@given(TEXT)
def test_every_folded_character_comes_from_its_original(text: str) -> None:
    folded = fold(text)
    for index, char in enumerate(folded.text):
        start, end = folded.span(index, index + 1)
        assert end == start + 1
        assert fold(text[start:end]).text == char


@given(TEXT)
def test_a_name_keeps_a_part_of_what_running_text_keeps(text: str) -> None:
    kept = iter(fold(text).text)
    assert all(char in kept for char in fold_name(text).text)


@given(st.lists(TEXT, max_size=12))
def test_a_batch_folds_as_each_text_alone(texts: list[str]) -> None:
    assert fold_batch(texts) == [fold(text) for text in texts]


@given(st.lists(TEXT, max_size=12), st.sampled_from(["all", "name"]))
def test_a_blob_holds_each_folded_text_in_its_place(texts: list[str], scope: Scope) -> None:
    lengths = np.array([len(text) for text in texts], dtype=np.intp)
    blob = fold_blob("".join(texts), lengths, scope)
    folded = [one.text for one in fold_batch(texts, scope)]
    assert [blob.text(index) for index in range(len(blob))] == folded
    assert blob.joined == "".join(folded)
    owners = [index for index, text in enumerate(folded) for _ in text]
    assert blob.texts_at(np.arange(len(blob.joined))).tolist() == owners


def test_a_batch_larger_than_a_pass_is_the_same() -> None:
    texts = ["央視\u200b新聞ＡＢ" * 9_000, "", "短", "长\ufe0f" * 200_000, "尾"]
    assert fold_batch(texts) == [fold(text) for text in texts]


@pytest.mark.parametrize("scope", ["all", "name"])
def test_no_target_of_the_table_folds_further(scope: Literal["all", "name"]) -> None:
    targets = fold_table(scope).targets
    further = [
        f"U+{source:04X}"
        for source, target in targets.items()
        if target is not None and targets.get(target, target) != target
    ]
    assert further == []


def test_every_row_gives_its_reason_and_source() -> None:
    for row in read_rows("fold"):
        assert row["source"], row
        assert row["reason"] in {
            "full_width", "traditional", "variant", "radical", "styled", "accent", "space", "case",
        }, row  # fmt: skip


def test_a_variant_written_by_hand_is_no_ordinary_character() -> None:
    for row in read_rows("fold-hand"):
        char = chr(int(row["from"].removeprefix("U+"), 16))
        if row["reason"] == "variant":
            with pytest.raises(UnicodeEncodeError):
                char.encode("gb2312")
            assert unicodedata.category(char) == "Lo"


@given(st.lists(TEXT, max_size=6), st.data())
def test_some_texts_of_a_blob_are_taken_by_index(texts: list[str], data: st.DataObject) -> None:
    blob = blob_of(texts)
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=4)) if texts else []
    taken = blob.take(np.array(rows, np.intp))
    assert taken.texts() == [texts[row] for row in rows]
