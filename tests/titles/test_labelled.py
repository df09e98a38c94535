"""Floors on precision and recall over the labelled profiles and posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from auditor.model import Account, Dossier, Post
from auditor.rules import Compiled, evaluate

Labelled = Callable[[str], list[dict[str, str]]]
NOW = datetime(2026, 11, 26, tzinfo=UTC)
ITEMS = ("SM23-2.3", "AI22-occ", "MG23-2")
PRECISION, RECALL = 0.95, 0.88
"""Asked of profiles; seen when written: 0.98 and 0.92. Test data are tidier than life."""
POST_PRECISION, POST_RECALL = 0.9, 0.22
"""Asked of posts; seen: 0.95 and 0.26. Most claims of the set are told, not stated (我主刀的)."""


def has_row(compiled: Compiled, name: str, bio: str, *texts: str) -> bool:
    account = Account(platform="p", account_id="1", name=name, bio=bio or None, verified="none")
    posts = tuple(
        Post(platform="p", account_id="1", post_id=str(index), text=text)
        for index, text in enumerate(texts)
    )
    dossier = Dossier(account=account, posts=posts, posts_seen=len(posts))
    findings = evaluate(compiled, dossier, NOW).findings
    return any(item in ITEMS for finding in findings for item in finding.item_ids)


@pytest.fixture(scope="module")
def profiles(labelled: Labelled, compiled: Compiled) -> list[tuple[dict[str, str], bool]]:
    rows = labelled("profiles.csv")
    return [(row, has_row(compiled, row["name"], row["bio"])) for row in rows]


def test_the_set_is_as_large_as_it_says(labelled: Labelled) -> None:
    profiles, posts = labelled("profiles.csv"), labelled("posts.csv")
    assert len(profiles) >= 1_000
    assert len(posts) >= 300
    assert len({(row["name"], row["bio"]) for row in profiles}) == len(profiles)
    assert len({row["text"] for row in posts}) == len(posts)


@pytest.mark.parametrize("writer", ["a", "b", "c"])
def test_precision_and_recall_on_profiles_hold(
    profiles: list[tuple[dict[str, str], bool]], writer: str
) -> None:
    own = [(row, hit) for row, hit in profiles if row["writer"] == writer]
    claims = [(row, hit) for row, hit in own if row["label"] == "claim"]
    wrong = [row["name"] for row, hit in own if hit and row["label"] != "claim"]
    found = sum(hit for _, hit in claims)
    assert found / (found + len(wrong)) >= PRECISION, wrong
    assert found / len(claims) >= RECALL, [row["name"] for row, hit in claims if not hit]


def test_no_profession_is_forgotten(profiles: list[tuple[dict[str, str], bool]]) -> None:
    for field in {row["field"] for row, _ in profiles if row["label"] == "claim"} - {""}:
        claims = [hit for row, hit in profiles if row["label"] == "claim" and row["field"] == field]
        assert sum(claims) / len(claims) >= 0.75, field


def test_precision_and_recall_on_posts_hold(labelled: Labelled, compiled: Compiled) -> None:
    rows = labelled("posts.csv")
    hits = [(row, has_row(compiled, "小满", "记录生活", row["text"])) for row in rows]
    wrong = [row["text"] for row, hit in hits if hit and row["label"] != "claim"]
    claims = [hit for row, hit in hits if row["label"] == "claim"]
    assert sum(claims) / (sum(claims) + len(wrong)) >= POST_PRECISION, wrong
    assert sum(claims) / len(claims) >= POST_RECALL
