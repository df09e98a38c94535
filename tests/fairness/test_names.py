"""Names that criticise, joke, follow, sell or only sound like something give no row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auditor.config import rulesets_directory
from auditor.rules import Judgement, load_ruleset

Rows = Callable[[str], list[tuple[str, str]]]
Judge = Callable[..., Judgement]
BODIES = (
    "平遥县教育局",
    "长沙市公安局",
    "乌海中院",
    "北京协和医院",
    "武汉大学",
    "中国移动",
    "人民日报",
    "南昌新闻",
)


def names(rows: Rows) -> list[tuple[str, str]]:
    return [(category, name) for category, line in rows("names.txt") for name in line.split()]


def test_the_lists_are_as_long_as_agreed(rows: Rows) -> None:
    by_category = [category for category, _ in set(names(rows))]
    assert by_category.count("critics") >= 60
    assert by_category.count("harmless") >= 100
    assert by_category.count("section_4") == 31


@pytest.mark.parametrize("verified", ["none", "unknown", None])
def test_no_invented_name_gives_a_row(rows: Rows, judge: Judge, verified: str | None) -> None:
    flagged = [
        (category, name, judged.fired)
        for category, name in names(rows)
        if (judged := judge(name=name, bio="记录生活", verified=verified)).findings
    ]
    assert not flagged


def test_the_label_of_a_critic_beside_any_body_gives_no_row(judge: Judge) -> None:
    labels = load_ruleset([rulesets_directory()]).lexicons["critic-labels"].words
    flagged = [
        (name, judged.fired)
        for label in labels
        for body in BODIES
        for name in (body + label, label + body, f"{body}{label}群")
        if (judged := judge(name=name, bio="", verified="none")).fired
    ]
    assert not flagged


def test_a_body_on_no_list_is_weak_at_most_where_verification_was_not_collected(
    judge: Judge,
) -> None:
    found = judge(name="和静融媒", bio="和静县里的事").findings
    assert [finding.strength for finding in found] == ["weak"]
    assert found[0].question_zh.startswith("请先核对认证")


def test_a_mark_that_names_the_body_clears_it(judge: Judge) -> None:
    fields = {"verified": "media", "verified_label": "和静县融媒体中心"}
    assert not judge(name="和静融媒", bio="", **fields).findings


@pytest.mark.parametrize(
    "name", ["动态新闻", "今日快讯", "环球要闻", "上海午报", "华铮通讯社", "中国反恐部队"]
)
def test_a_masthead_that_no_list_has_still_gives_a_row(judge: Judge, name: str) -> None:
    assert judge(name=name, bio="", verified="none").findings


@pytest.mark.xfail(strict=True, reason="a joke whose words are those of a listed service")
@pytest.mark.parametrize("name", ["深圳地铁播报"])
def test_a_digest_about_a_listed_service_gives_no_row(judge: Judge, name: str) -> None:
    assert not judge(name=name, bio="今天又是站着上班", verified="none").findings
