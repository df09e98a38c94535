"""The order in which a reviewer should look; docs/ranking.md prints the formula."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import Finding
from auditor.names import TIERS

STRENGTHS = {"strong": 0, "medium": 1, "weak": 2}
TIER_ORDER: dict[str, int] = {tier: place for place, tier in enumerate(TIERS)}
"""Name tiers, best first; a row that no name made has none and comes after those."""

Key = tuple[int, int, str, int, int, int, int, str]


def account_order(findings: Sequence[Finding], cues: int) -> Key:
    """Return the sort key of an account with findings: smaller is looked at first.

    Priority, then strength, evidence grade, name tier, more points, more cues, more followers,
    account id. Points, cues and followers order rows that are equal in all that stands before.
    """
    best = min(findings, key=finding_order)
    return (
        best.priority,
        STRENGTHS[best.strength],
        best.evidence_grade,
        TIER_ORDER.get(best.name_tier or "", len(TIER_ORDER)),
        -(best.rank_points or 0),
        -cues,
        -(best.followers or 0),
        best.account_id,
    )


def finding_order(finding: Finding) -> tuple[int, int, str, str, str]:
    """Return the key by which one account's findings are ordered, best first."""
    return (
        finding.priority,
        STRENGTHS[finding.strength],
        finding.evidence_grade,
        finding.rule_id,
        finding.post_id or "",
    )


def finding_place(finding: Finding) -> tuple[int, str, str, int, str]:
    """Return what findings.csv is sorted by beside the rank (contracts, section 4).

    Priority, rule, post, start of the quote and id; the rank, which stands after the priority,
    tells accounts apart.
    """
    return (
        finding.priority,
        finding.rule_id,
        finding.post_id or "",
        finding.span_start if finding.span_start is not None else -1,
        finding.finding_id,
    )
