"""Criticism, complaints, appeals and business give no row; another person's data still does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.rules import Judgement

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PROFILE = {"name": "小满", "bio": "写字", "verified": "none"}
Rows = Callable[[str], list[tuple[str, str]]]
Judge = Callable[..., Judgement]


def test_there_are_three_hundred_invented_posts(rows: Rows) -> None:
    assert len({text for _, text in rows("posts.txt")}) >= 300


@pytest.mark.parametrize("verified", ["none", None])
def test_no_invented_post_gives_a_row(rows: Rows, judge: Judge, verified: str | None) -> None:
    profile = {**PROFILE, "verified": verified}
    flagged = [
        (category, judged.fired, text)
        for category, text in rows("posts.txt")
        if (judged := judge(({"text": text, "published_at": NOW},), **profile)).findings
    ]
    assert not flagged


def test_an_article_with_the_same_words_in_its_title_gives_no_row(rows: Rows, judge: Judge) -> None:
    flagged = [
        (judged.fired, text)
        for _, text in rows("posts.txt")
        if (judged := judge(({"text": text, "title": text, "kind": "article"},), **PROFILE)).fired
    ]
    assert not flagged


def test_a_complaint_or_appeal_may_be_posted_six_times_a_day(rows: Rows, judge: Judge) -> None:
    flagged = []
    for category, text in rows("posts.txt"):
        posts: tuple[dict[str, Any], ...] = tuple(
            {"text": text, "published_at": NOW + timedelta(minutes=20 * i)} for i in range(6)
        )
        if judge(posts, **PROFILE).fired:
            flagged.append((category, text))
    assert not flagged


def test_the_data_of_a_private_person_are_not_freed_by_any_of_it(rows: Rows, judge: Judge) -> None:
    """The lists that free critics, shops and appeals may not swallow the rule."""
    exposed = rows("posts_of_others_data.txt")
    silent = [
        text
        for _, text in exposed
        if "personal-data-bundle" not in judge(({"text": text},), **PROFILE).fired
    ]
    assert len(exposed) >= 25
    assert not silent


@pytest.mark.xfail(strict=True, reason="words of letting free the home of a landlord, too")
@pytest.mark.parametrize(
    "text",
    [
        "黑房东，姓名：居大海，手机13800138222，家住榆树路60号2栋301室，大家去找他",
        "这个中介骗子，真名：麦克勤，电话13800138223，家庭住址白塔街15号3栋502室",
    ],
)
def test_the_home_of_a_landlord_or_agent_is_not_freed(judge: Judge, text: str) -> None:
    assert judge(({"text": text},), **PROFILE).fired
