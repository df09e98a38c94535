"""What was not collected is said, never passed: ``not_evaluated`` names the rule and the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from auditor.rules import Judgement

Judge = Callable[..., Judgement]
WHOLE = {"name": "小满", "bio": "写字", "verified": "none"}
POST = {"text": "早安"}

NAME_RULES = (
    "contact-in-name",
    "name-body-desk",
    "name-equals-reference",
    "name-look-alike",
    "name-news-word",
    "name-official-affix",
    "name-place-organ",
    "name-place-service",
    "name-reordered",
    "name-written-otherwise",
    "title-claim-unmatched",
)


def test_a_whole_dossier_leaves_nothing_open(judge: Judge) -> None:
    assert judge((POST,), **WHOLE).not_evaluated == ()


@pytest.mark.parametrize(
    ("profile", "posts", "named"),
    [
        ({"name": None}, (POST,), tuple(f"{rule}:name" for rule in NAME_RULES)),
        ({"bio": None}, (POST,), ("title-claim-unmatched:bio", "cue-title:bio")),
        (
            {},
            (),
            ("personal-data-bundle:posts", "resident-number-shown:posts"),
        ),
        ({}, (), ("same-text-repeated:posts",)),
        (
            {"name": "方律师", "verified": None},
            (POST,),
            ("title-claim-unmatched:verified",),
        ),
        (
            {"name": "人民日报", "verified": None},
            (POST,),
            ("name-equals-reference:verified",),
        ),
        ({"name": "动态新闻", "verified": None}, (POST,), ("name-news-word:verified",)),
        ({"name": "入民日报", "verified": None}, (POST,), ("name-look-alike:verified",)),
        (
            {"name": "入民日报", "verified": "media"},
            (POST,),
            ("name-look-alike:verified_label",),
        ),
        ({"name": "入民日报", "bio": None}, (POST,), ("name-look-alike:bio",)),
        ({"name": "猫大夫", "bio": None}, (POST,), ("title-claim-unmatched:bio",)),
        ({"name": "乌海中院", "verified": None}, (POST,), ("name-place-organ:verified",)),
    ],
)
def test_a_missing_field_is_named_with_its_rule(
    judge: Judge, profile: dict[str, Any], posts: tuple[dict[str, Any], ...], named: tuple[str, ...]
) -> None:
    judged = judge(posts, **{**WHOLE, **profile})
    assert set(named) <= set(judged.not_evaluated)


@pytest.mark.parametrize("name", ["方律师", "人民日报"])
def test_a_rule_that_needs_the_mark_makes_no_row_without_a_look_at_it(
    judge: Judge, name: str
) -> None:
    assert not judge((POST,), **{**WHOLE, "name": name, "verified": None}).findings


@pytest.mark.parametrize("name", ["入民日报", "乌海中院"])
def test_a_row_without_a_look_at_the_mark_is_lowered_and_says_so(judge: Judge, name: str) -> None:
    looked = judge((POST,), **{**WHOLE, "name": name}).findings[0]
    unseen = judge((POST,), **{**WHOLE, "name": name, "verified": None}).findings[0]
    order = ("strong", "medium", "weak")
    assert order.index(unseen.strength) == order.index(looked.strength) + 1
    assert unseen.priority == looked.priority + 1
    assert "未采集" in unseen.fact_zh
    assert unseen.question_zh.startswith("请先核对认证")
    assert not looked.question_zh.startswith("请先核对认证")


def test_a_weak_row_without_a_look_at_the_mark_stays_weak_and_asks_first(judge: Judge) -> None:
    (row,) = judge((POST,), **{**WHOLE, "name": "动态新闻", "verified": None}).findings
    assert (row.strength, row.priority) == ("weak", 5)
    assert "未采集" in row.fact_zh
    assert row.question_zh.startswith("请先核对认证")


def test_none_shown_is_an_answer_and_not_a_gap(judge: Judge) -> None:
    found = judge((POST,), **{**WHOLE, "name": "入民日报", "verified": "none"})
    assert not [gap for gap in found.not_evaluated if gap.endswith(("verified", "label"))]
    assert "未显示认证" in found.findings[0].fact_zh
