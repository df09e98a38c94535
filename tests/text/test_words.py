from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from importlib import import_module
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.errors import RulesetError
from auditor.text import (
    Edit,
    FoldedBlob,
    content,
    content_batch,
    edits,
    fold,
    fold_blob,
    long_contents,
    on_word_boundaries,
    ratio,
    rulesets_directory,
    text_digests,
    words,
)
from auditor.text.tables import read_rows, word_list
from auditor.text.words import Cut, jieba_cut


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("北京市网信办发布", ["北京市", "网信办", "发布"]),
        ("我是执业医师", ["我", "是", "执业医师"]),
        ("今晚报名", ["今晚", "报名"]),
        ("a b，c", ["a", " ", "b", "，", "c"]),
        ("", []),
    ],
)
def test_text_splits_into_known_words(text: str, split: list[str]) -> None:
    assert [word.text for word in words(text)] == split


@given(st.text("北京医生 a，1今晚报名", max_size=20))
def test_words_cover_the_text(text: str) -> None:
    split = words(text)
    assert "".join(word.text for word in split) == text
    assert all(text[word.start : word.end] == word.text for word in split)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(sorted(word_list("text-words"))),
            st.sampled_from(
                ["北京", "律师", "今晚报名", "执业医师", "网信办", "，", " ", "\r\n", "é"]
            ),
            st.text("省市医生报师的a1.Ａ１𠮷👩\u200d", max_size=6),
        ),
        max_size=12,
    )
)
@example(["师师师", "主任医师", "主任医师"])
def test_the_segmenter_at_hand_cuts_as_jieba_does(reference: Cut, parts: list[str]) -> None:
    text = "".join(parts)
    found, expected = [(*word,) for word in words(text)], list(reference(text))
    # Of two ways that are as likely either may be taken (decision 0020): 师师 and 师, 师 and 师师.
    by_word, by_jieba = ([str(word) for word, *_ in some] for some in (found, expected))
    assert found == expected or sorted(by_word) == sorted(by_jieba)


def test_without_a_wheel_the_segmenter_is_jieba(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("auditor.text.words")
    monkeypatch.setitem(sys.modules, "rjieba", None)
    module._cut.cache_clear()
    try:
        assert module._cut().func.__self__.__class__.__module__ == "jieba"
        assert [word.text for word in words("今晚报名")] == ["今晚", "报名"]
    finally:
        module._cut.cache_clear()


@pytest.fixture(scope="module")
def reference() -> Cut:
    return jieba_cut()


@pytest.mark.parametrize(
    ("marked", "agrees"),
    [
        ("欢迎今〔晚报〕名", False),
        ("〔今晚〕报名", True),
        ("看〔教育部〕长", False),
        ("找〔律师〕咨询", True),
        ("第一句。〔医生〕来了", True),
        ("一〔医生〕", True),
    ],
)
def test_a_phrase_stands_on_word_boundaries_or_not(marked: str, agrees: bool) -> None:
    start, end = marked.index("〔"), marked.index("〕") - 1
    text = marked.replace("〔", "").replace("〕", "")
    assert on_word_boundaries(text, start, end) is agrees


def test_segmenting_writes_no_file_and_says_nothing(tmp_path: Path) -> None:
    script = "from auditor.text import words; print(len(words('今晚报名')))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        env={"TMPDIR": str(tmp_path), "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.stdout, done.stderr) == ("2\n", "")
    assert list(tmp_path.iterdir()) == []
    assert tempfile.gettempdir() != str(tmp_path)


def test_the_segmenters_logger_is_quiet(reference: Cut) -> None:
    assert list(reference("医生")) == [("医生", 0, 2)]
    assert logging.getLogger("jieba").level >= logging.WARNING


def test_likeness_and_edits_of_two_names() -> None:
    assert ratio("人民日报", "人民日报") == 100
    assert ratio("人民曰报", "人民日报") == 75
    assert edits("人民曰报社", "人民日报") == (
        Edit("replace", 2, 3, "曰", "日"),
        Edit("delete", 4, 5, "社", ""),
    )
    assert edits("人日报", "人民日报") == (Edit("insert", 1, 1, "", "民"),)
    assert edits("同", "同") == ()


@given(st.text("人民日报曰", max_size=8), st.text("人民日报曰", max_size=8))
def test_edits_turn_one_text_into_the_other(a: str, b: str) -> None:
    turned, at = "", 0
    for edit in edits(a, b):
        turned += a[at : edit.start] + edit.expected
        assert a[edit.start : edit.end] == edit.found
        at = edit.end
    assert turned + a[at:] == b


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("转发//@张三:看 https://t.cn/abc 这里", "转发看这里"),
        ("#话题#ＡＢ1，#旅行 好！", "ab1好"),
        ("看 www.example.com/路 吧", "看路吧"),
        ("今天，天气👍真好…", "今天天气真好"),
        ("新聞\u200b报道_x", "新闻报道x"),
        ("", ""),
    ],
)
def test_the_content_of_a_text_is_what_copies_share(text: str, kept: str) -> None:
    assert content(text) == kept


SPOKEN = st.text(st.sampled_from("ａB1 #@好，x_\ud800新聞\u200b.w/:htp"))


@given(st.lists(SPOKEN, max_size=6))
def test_the_contents_of_a_batch_are_those_of_each_text(texts: list[str]) -> None:
    folded = [fold(text).text for text in texts]
    assert content_batch(folded) == [content(text) for text in texts]


@given(st.lists(SPOKEN, max_size=6), st.integers(0, 4))
def test_the_long_contents_of_a_blob_are_those_of_its_texts(texts: list[str], least: int) -> None:
    contents = {row: content(text) for row, text in enumerate(texts)}
    long = {row: text for row, text in contents.items() if len(text) >= least}
    rows, found = long_contents(blob([fold(text).text for text in texts]), least)
    assert {row: found.text(at) for at, row in enumerate(rows.tolist())} == long
    assert len(found) == len(rows)


@given(st.lists(st.tuples(SPOKEN, st.booleans()), max_size=6), st.integers(0, 4))
def test_contents_that_nobody_wants_are_passed_over(
    asked: list[tuple[str, bool]], least: int
) -> None:
    folded = blob([fold(text).text for text, _ in asked])
    wanted = np.array([is_wanted for _, is_wanted in asked], np.bool_)
    rows, contents = long_contents(folded, least)
    some, found = long_contents(folded, least, wanted)
    texts = dict(zip(rows.tolist(), contents.texts(), strict=True))
    assert dict(zip(some.tolist(), found.texts(), strict=True)) == {
        row: text for row, text in texts.items() if wanted[row]
    }


@given(st.lists(SPOKEN, max_size=6), st.lists(SPOKEN, max_size=3))
def test_a_text_has_one_digest_in_any_company(texts: list[str], others: list[str]) -> None:
    texts += ["新闻", "闻新", "新", ""]
    digests = text_digests(texts).tolist()
    assert text_digests([*others, *texts]).tolist()[len(others) :] == digests
    for (one, first), (two, second) in combinations(zip(texts, digests, strict=True), 2):
        assert (one == two) == (first == second)


def blob(texts: list[str]) -> FoldedBlob:
    lengths = np.array([len(text) for text in texts], np.intp)
    return fold_blob("".join(texts), lengths)


def test_tables_and_lists_are_found_in_the_checkout() -> None:
    assert (rulesets_directory() / "tables" / "fold.csv").is_file()
    assert "不是" in word_list("text-negators")


def test_a_missing_table_or_list_is_one_clear_line() -> None:
    with pytest.raises(RulesetError, match=r"no-such\.csv"):
        read_rows("no-such")
    with pytest.raises(RulesetError, match="no word list “text-no-such”"):
        word_list("text-no-such")
