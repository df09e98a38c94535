"""The order of looking: what comes before the points, what the points hold, what they never do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.config import rulesets_directory
from auditor.model import Account, Change, Dossier, Finding
from auditor.names import TIERS
from auditor.rules import Compiled, evaluate, load_ruleset
from auditor.runs.ranking import STRENGTHS, account_order

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "ranking.md"
CLAIM = "本账号为官方账号"


def finding(account: str, **columns: Any) -> Finding:
    given = {
        "finding_id": account,
        "priority": 2,
        "rule_id": "name-place-organ",
        "rule_version": "1",
        "item_ids": ("AI22-forbid",),
        "class_": "fact",
        "evidence_grade": "E2",
        "strength": "medium",
        "platform": "p",
        "account_id": account,
        "fact_zh": "",
        "fact_en": "",
        "name_tier": "D",
    }
    return Finding(**{**given, **columns})


def ranks(found: list[Finding]) -> dict[str, int]:
    """Return the rank of accounts with one finding each, from 1."""
    ordered = sorted(found, key=lambda one: account_order([one], 0))
    return {one.account_id: place for place, one in enumerate(ordered, start=1)}


def judged(compiled: Compiled, changes: tuple[Change, ...] = (), **fields: Any) -> Finding:
    account = Account(**{"platform": "p", "account_id": "1", "name": "乌海中院", **fields})
    return evaluate(compiled, Dossier(account=account, changes=changes), NOW).findings[0]


def renamed(at: str) -> Change:
    words = {
        "platform": "p",
        "account_id": "1",
        "field": "name",
        "before": "早餐",
        "after": "乌海中院",
    }
    return Change.model_validate({**words, "changed_at": at})


rows = st.lists(
    st.builds(
        finding,
        st.integers(0, 10**6).map(str),
        priority=st.integers(1, 3),
        strength=st.sampled_from(sorted(STRENGTHS)),
        evidence_grade=st.sampled_from(["E1", "E2"]),
        name_tier=st.sampled_from([*TIERS, None]),
        rank_points=st.one_of(st.none(), st.integers(0, 30)),
        followers=st.one_of(st.none(), st.integers(0, 10**8)),
    ),
    unique_by=lambda row: row.account_id,
    max_size=12,
)


@given(found=rows, seed=st.randoms(use_true_random=False))
def test_points_order_equal_rows_alone_whatever_the_order_of_the_input(
    found: list[Finding], seed: Any
) -> None:
    place = ranks(found)
    shuffled = list(found)
    seed.shuffle(shuffled)
    assert ranks(shuffled) == place

    def tier(row: Finding) -> tuple[int, int, str, int]:
        order = [*TIERS, None].index(row.name_tier)  # type: ignore[arg-type]
        return (row.priority, STRENGTHS[row.strength], row.evidence_grade, order)

    for one in found:
        for other in found:
            if (*tier(one), -(one.rank_points or 0)) < (*tier(other), -(other.rank_points or 0)):
                assert place[one.account_id] < place[other.account_id]


def test_the_page_lists_the_parts_and_points_that_are_in_force() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (table,) = load_ruleset([rulesets_directory()]).ranking
    for part in table.parts:
        points = rf"{part.points}\s?×\s?\S+" if part.each == "score" else str(part.points)
        assert len(re.findall(rf"\| `{part.id}` \| {points} \|", text)) == 2, part.id


def test_the_worked_example_of_the_page_is_what_the_program_computes(compiled: Compiled) -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    cases = yaml.safe_load(found[1])
    assert len(cases) == 3
    computed = []
    for case in cases:
        key = {"platform": "p", "account_id": case["account"]["account_id"]}
        changes = [Change.model_validate({**key, **change}) for change in case.get("changes", ())]
        row = judged(compiled, tuple(changes), **case["account"])
        assert row.rank_points == case["rank_points"]
        assert list(row.rank_reasons) == case["rank_reasons"]
        computed.append(row)
    assert len({(row.priority, row.strength, row.evidence_grade) for row in computed}) == 1
    assert list(ranks(computed)) == [row.account_id for row in computed]


@given(followers=st.integers(0, 2_000_000_000))
def test_followers_alone_never_outrank_a_stated_claim(compiled: Compiled, followers: int) -> None:
    many = judged(compiled, verified="none", bio="说说身边的事", followers=followers)
    claims = judged(compiled, verified="none", bio=CLAIM, followers=0)
    assert (many.rank_points or 0) < (claims.rank_points or 0)
    assert many.priority == claims.priority
    assert many.strength == claims.strength


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"bio": CLAIM}, "official_claim:8"),
        ({"bio": "合作微信：banyan_2026x"}, "contact_in_bio:2"),
        ({"bio": "橱窗同款，点击下单"}, "commerce_words:1"),
        ({"monetisation": ("shop",)}, "commerce_surface:1"),
        ({"shops": ("小店",)}, "commerce_surface:1"),
        ({"verified": "none"}, "no_verification_shown:1"),
        ({"followers": 1_000}, "followers:1"),
        ({"followers": 9_999}, "followers:1"),
        ({"followers": 10_000}, "followers:2"),
        ({"followers": 10**9}, "followers:5"),
        ({}, "official_claim:not_collected"),
        ({}, "followers:not_collected"),
        ({}, "no_verification_shown:not_collected"),
    ],
)
def test_a_part_is_named_in_the_row(compiled: Compiled, fields: Any, reason: str) -> None:
    assert reason in judged(compiled, **fields).rank_reasons


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"bio": "这不是官方账号"}, "official_claim"),
        ({"bio": "“官方账号”四个字真好写"}, "official_claim"),
        ({"followers": 999}, "followers"),
        ({"followers": 0}, "followers"),
        ({"monetisation": (), "shops": ()}, "commerce_surface"),
        ({"verified": "organisation", "verified_label": "小荷手作"}, "no_verification_shown"),
    ],
)
def test_a_part_that_was_looked_at_and_is_not_there_is_left_out(
    compiled: Compiled, fields: Any, part: str
) -> None:
    reasons = judged(compiled, **fields).rank_reasons
    assert not [reason for reason in reasons if reason.startswith(part)]


@pytest.mark.parametrize(
    ("changed_at", "counts"),
    [
        ("2026-11-24T00:00:00+08:00", True),
        ("2026-10-26T00:00:00+00:00", True),
        ("2026-10-25T23:59:59+00:00", False),
        ("2026-11-26T00:00:00+00:00", False),
    ],
)
def test_a_rename_counts_for_thirty_days_before_now(
    compiled: Compiled, changed_at: str, counts: bool
) -> None:
    row = judged(compiled, (renamed(changed_at),), verified="none")
    assert ("renamed_recently:3" in row.rank_reasons) == counts


def test_points_stand_in_rows_on_names_alone(compiled: Compiled) -> None:
    account = Account(platform="p", account_id="1", name="兼职加微信banyan_2026x", verified="none")
    row = evaluate(compiled, Dossier(account=account), NOW).findings[0]
    assert row.rule_id == "contact-in-name"
    assert (row.name_tier, row.rank_points, row.rank_reasons) == (None, None, ())


def test_an_account_with_every_part_and_no_row_has_no_finding(compiled: Compiled) -> None:
    fields: dict[str, Any] = {
        "bio": f"{CLAIM}，加微信banyan_2026x下单",
        "followers": 10**8,
        "shops": ("店",),
    }
    account = Account(platform="p", account_id="1", name="小满", verified="none", **fields)
    assert not evaluate(compiled, Dossier(account=account), NOW).findings
