from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from auditor.demo import REFERENCES, read_planted, read_platform
from auditor.model import Dossier
from auditor.references import SHIPPED, load_references
from auditor.rules import Judgement, compile_ruleset, evaluate, load_ruleset

RULESETS = Path(__file__).parents[2] / "rulesets"


@pytest.fixture(scope="module")
def judgements() -> dict[str, Judgement]:
    """Judge every account of the second capture, with the changes since the first."""
    compiled = compile_ruleset(load_ruleset([RULESETS]), load_references([SHIPPED, REFERENCES]))
    platform = read_platform()
    platform.show_capture(2)
    changes = platform.changes()
    judged: dict[str, Judgement] = {}
    for account in platform.accounts():
        posts = platform.posts(account.handle or "")[::-1]
        own = tuple(one for one in changes if one.account_id == account.account_id)
        dossier = Dossier(account=account, posts=posts, changes=own, posts_seen=len(posts))
        now = platform.site.captures[-1] + timedelta(hours=1)
        judged[account.account_id] = evaluate(compiled, dossier, now)
    return judged


def test_the_findings_are_the_planted_ones_and_no_others(judgements: dict[str, Judgement]) -> None:
    found = [(key, one.rule_id) for key, judged in judgements.items() for one in judged.findings]
    assert sorted(found) == sorted((one.account_id, one.rule_id) for one in read_planted())


@pytest.mark.parametrize(
    ("account_id", "rule_id"),
    [
        ("1001", "name-equals-reference"),
        ("1007", "rename-to-reference"),
        ("1008", "name-official-affix"),
        ("3002", "title-claim-unmatched"),
        ("3005", "title-claim-unmatched"),
        ("4001", "personal-data-bundle"),
        ("6001", "same-text-repeated"),
        ("6002", "same-text-repeated"),
        ("6003", "same-text-repeated"),
        ("6010", "personal-data-bundle"),
        ("6014", "personal-data-bundle"),
    ],
)
def test_the_nearest_innocents_are_seen_and_silenced(
    judgements: dict[str, Judgement], account_id: str, rule_id: str
) -> None:
    assert rule_id in judgements[account_id].silenced


@pytest.mark.parametrize(
    ("account_id", "gap"),
    [("2006", "name-equals-reference:verified"), ("3006", "title-claim-unmatched:verified")],
)
def test_a_page_that_does_not_show_verification_is_a_gap_and_no_row(
    judgements: dict[str, Judgement], account_id: str, gap: str
) -> None:
    assert judgements[account_id].findings == ()
    assert gap in judgements[account_id].not_evaluated
