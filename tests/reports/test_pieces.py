"""The small parts of the page: quotes, steps, strangers' text, bars."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Finding
from auditor.reports.html.charts import Part, bar, stacked
from auditor.reports.html.foreign import foreign, marked, shortened, visible, web_address
from auditor.reports.html.quotes import located
from auditor.reports.html.steps import explained
from auditor.reports.html.wording import Language, read_wording

LONG = "零" * 60 + "执业医师" + "一" * 60


@pytest.mark.parametrize(
    ("field", "quote", "span", "match"),
    [
        ("name", "云岭曰报", (0, 4), "云岭曰报"),
        ("name", "读者云岭曰报", (2, 6), "云岭曰报"),
        ("bio", "我是执业医师。", (2, 6), "执业医师"),
        ("bio", "…" + LONG[20:104] + "…", (60, 64), "执业医师"),
        ("text", "…" + LONG[20:104] + "…", (None, None), ""),
        ("text", "短", (4, 9), ""),
        ("text", "电话138******78找我", (6, 9), ""),
        ("text", "执业医师" + "一" * 90, (0, 4), ""),
        ("bio", "空", (3, 3), ""),
    ],
)
def test_the_match_is_found_in_its_quote_or_nothing_is_highlighted(
    finding: Callable[..., Finding],
    field: str,
    quote: str,
    span: tuple[int | None, int | None],
    match: str,
) -> None:
    row = finding(field=field, quote=quote, span_start=span[0], span_end=span[1])
    pieces = located(row)
    assert pieces.match == match
    assert "".join(pieces) == quote


@given(st.text(min_size=1, max_size=300), st.data())
def test_the_highlight_is_the_span_of_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 60)))
    left, right = max(0, start - 40), min(len(text), end + 40)
    quote = ("…" if left else "") + text[left:right] + ("…" if right < len(text) else "")
    row = Finding.model_construct(field="text", quote=quote, span_start=start, span_end=end)
    assert located(row).match in ("", text[start:end], quote)


@pytest.mark.parametrize(
    ("language", "steps", "expected"),
    [
        (
            "zh",
            "glyph:曰→日@2; equal:人民日报",
            ("第3字：“曰”与“日”字形相近", "除所列差异外与“人民日报”相同"),
        ),
        (
            "en",
            "glyph:曰→日@2; equal:人民日报",
            (
                "Character 3: “曰” and “日” look alike",
                "but for the steps listed, the same as “人民日报”",
            ),
        ),
        ("en", "glyph:曰→日@2", ("“曰” and “日” look alike",)),
        (
            "zh",
            "glyph:曰→日@9; equal:人民日报",
            ("“曰”与“日”字形相近", "除所列差异外与“人民日报”相同"),
        ),
        ("zh", "equal:人民日报", ("与“人民日报”逐字相同",)),
        ("zh", "news:新闻", ("新闻用语“新闻”",)),
        ("zh", "fold:full_width", ("全角字符按半角读",)),
        ("zh", "identifier:mobile", ("检出手机号",)),
        ("en", "changed", ("changed between two captures",)),
        ("zh", "dropped:→报@3", ("缺少“报”",)),
        ("zh", "something_new:x", ("something_new:x",)),
        ("zh", "", ()),
    ],
)
def test_steps_are_said_in_words(language: Language, steps: str, expected: tuple[str, ...]) -> None:
    assert explained(steps, read_wording(language)) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "U+202E"),
        ("云\u200b岭", "U+200B"),
        ("云\u200d岭", "U+200D"),
        ("云\ufe01岭", "U+FE01"),
        ("\u3164", "U+3164"),
        ("\x07", "U+0007"),
        ("\u2066", "U+2066"),
        ("\U000e0041", "U+E0041"),
    ],
)
def test_a_hidden_character_shows_its_code(text: str, shown: str) -> None:
    assert shown in visible(text)
    assert not any(hidden in visible(text) for hidden in text if hidden not in "ab云岭")


@pytest.mark.parametrize("text", ["👩\u200d🚀", "❤\ufe0f", "1\ufe0f\u20e3", "云岭 日报", "à"])
def test_emoji_and_ordinary_text_are_left_alone(text: str) -> None:
    assert visible(text) == text


def test_strangers_text_is_escaped_isolated_and_shortened() -> None:
    shown = foreign("<b>" + "长" * 100, 10)
    assert shown.startswith('<bdi class="foreign" lang="zh-CN">&lt;b&gt;')
    assert shown.endswith("…</bdi>")
    assert marked("<", "&", ">") == (
        '<bdi class="foreign" lang="">&lt;<mark>&amp;</mark>&gt;</bdi>'
    )
    assert shortened("ab", 2) == "ab"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("javascript:alert(1)", ""),
        (" javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example", ""),
        ("https://", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_become_links(url: str | None, expected: str) -> None:
    assert web_address(url) == expected


def test_bars_are_as_long_as_their_share() -> None:
    assert bar(0, 10) == ""
    assert 'width="500"' in bar(5, 10)
    assert 'width="4"' in bar(1, 100_000)
    drawn = stacked([Part("a<b", 3, "t1"), Part("none", 0, "t2"), Part("c", 1, "t3")], "Title")
    assert drawn.count("<rect") == 2
    assert "a&lt;b 3; c 1" in drawn
