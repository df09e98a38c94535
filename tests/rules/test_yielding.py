"""A rule leaves the word to those it yields to, says so in explain, and names none that is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.errors import RulesetError
from auditor.model import Account, Dossier, Post
from auditor.rules import Compiled, evaluate, explain, load_ruleset
from tests.rules.test_bundles import RULE, write

NOW = datetime(2026, 11, 26, tzinfo=UTC)
PROFILE = Dossier(
    account=Account(
        platform="p",
        account_id="1",
        name="张律师说法",
        bio="岸边律师事务所高级合伙人",
        verified="none",
    )
)


def test_of_two_rules_on_one_claim_one_speaks(compiled: Compiled) -> None:
    judged = evaluate(compiled, PROFILE, NOW)
    assert judged.fired == ("title-claim-unmatched",)
    assert "occupation-claim-unmatched" in judged.silenced


def test_explain_says_which_rule_tells_it(compiled: Compiled) -> None:
    lines = list(explain(compiled, PROFILE, NOW, "occupation-claim-unmatched"))
    assert any("G-TOLD" in line and "title-claim-unmatched" in line for line in lines)


def test_explain_lists_every_title_with_its_reading(compiled: Compiled) -> None:
    lines = list(explain(compiled, PROFILE, NOW))
    assert any(line.startswith("title · name · “律师”: claimed") for line in lines)
    assert any(line.startswith("title · bio ·") for line in lines)


@pytest.mark.parametrize("name", ["no-such-rule", "r"])
def test_a_rule_yields_to_other_rules_that_exist(tmp_path: Path, name: str) -> None:
    text = RULE.replace("fact:", f"yields_to: [{name}]\nfact:", 1)
    rule_id = text.split("id: ", 1)[1].split("\n", 1)[0]
    text = text.replace("[r]", f"[{rule_id}]")
    with pytest.raises(RulesetError, match="no other rule"):
        load_ruleset([write(tmp_path, rules=text)])


def test_a_row_on_another_profession_is_told_beside_it(compiled: Compiled) -> None:
    post = Post(platform="p", account_id="1", post_id="1", text="我是一名急诊科医生，昨晚没合眼。")
    judged = evaluate(compiled, PROFILE.model_copy(update={"posts": (post,), "posts_seen": 1}), NOW)
    assert set(judged.fired) == {"title-claim-unmatched", "post-title-claim"}


def test_rules_that_yield_to_each_other_are_a_fault(tmp_path: Path) -> None:
    rule_id = RULE.split("id: ", 1)[1].split("\n", 1)[0]
    one = RULE.replace("fact:", "yields_to: [other-rule]\nfact:", 1)
    other = one.replace(f"id: {rule_id}", "id: other-rule", 1)
    other = other.replace("yields_to: [other-rule]", f"yields_to: [{rule_id}]")
    directory = write(tmp_path, rules=one)
    (directory / "rules" / "other.yml").write_text(other, encoding="utf-8")
    with pytest.raises(RulesetError, match="neither would speak"):
        load_ruleset([directory])
