"""Rule files: every fault is found at once, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.config import rulesets_directory
from auditor.errors import RulesetError
from auditor.rules import load_ruleset

NOTICE = """\
notice_id: n1
title_zh: 通知
title_en: Notice
issuer: 某部门
date: "2026-01-01"
validity: standing
items:
  - {item_id: N-1, clause: "1", gist_en: g, gist_zh: 意, zh_status: none, coverage: checked}
  - {item_id: N-2, clause: "2", gist_en: g, gist_zh: 意, zh_status: none, coverage: human_only,
     why_not: only a person can tell}
"""
LEXICON = """\
id: sweets
title: {zh: 甜食, en: sweets}
source: invented for this test
as_of: 2026-01-01
words: [年糕, 麻薯]
"""
RULE = """\
id: sells-sweets
title: {zh: 简介提到甜食, en: The bio names a sweet}
each: account
items: [N-1]
class: fact
evidence: {grade: E1, strength: weak}
question: {zh: 是否相关？, en: Is it so?}
false_positives: [somebody who only eats them]
find:
  - {use: phrases, words: ["@sweets"], fields: [bio]}
fact: {zh: "简介含“{phrase}”。", en: "The bio holds “{phrase}”."}
examples:
  - {case: one, hit: true, account: {name: 小满, bio: 现做年糕}}
  - {case: two, hit: false, account: {name: 小满, bio: 现做豆腐}}
  - {case: three, hit: false, account: {name: 小满}}
"""


def write(directory: Path, **files: str) -> Path:
    for name, text in {"notice": NOTICE, "lexicon": LEXICON, "rule": RULE, **files}.items():
        kind = {"notice": "notices", "lexicon": "lexicons"}.get(name, "rules")
        path = directory / kind / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def faults(directory: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset([directory])
    return str(caught.value).splitlines()


def test_the_smallest_ruleset_loads(tmp_path: Path) -> None:
    ruleset = load_ruleset([write(tmp_path)])
    assert [rule.id for rule in ruleset.rules] == ["sells-sweets"]
    assert ruleset.lexicons["sweets"].words == ("年糕", "麻薯")


def test_a_rule_file_with_three_faults_names_all_three_lines(tmp_path: Path) -> None:
    text = RULE.replace("grade: E1", "grade: E9").replace('"@sweets"', '"@salty"')
    text = text.replace("class: fact", "class: verdict")
    found = faults(write(tmp_path, rule=text))
    lines = [fault.split(":")[1] for fault in found]
    assert "5" in lines
    assert "6" in lines
    assert len(found) >= 2
    assert all(fault.split(":")[0].endswith("rules/rule.yml") for fault in found)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("id: sells-sweets", "id: Sells Sweets"), 1, "id"),
        (("items: [N-1]", "items: [N-9]"), 4, "no loaded notice has the item"),
        (("items: [N-1]", "items: [N-2]"), 4, "human_only"),
        (("  - {use: phrases", "  - {use: fraze"), 10, "fraze"),
        (("fields: [bio]", "fields: [bio], colour: red"), 10, "colour"),
        (('["@sweets"]', '["@salty"]'), 10, "salty"),
        (('["@sweets"]', '["年糕"]'), 10, "lexicon"),
        (("“{phrase}”。", "“{colour}”。"), 11, "colour"),
        (("“{phrase}”。", "“{phrase”。"), 11, "template is broken"),
        (("简介含“{phrase}”", "该账号违规"), 11, "违规"),
        (("The bio names a sweet", "A fake sweet"), 2, "fake"),
        (("each: account", "each: account\neach: post"), 4, "stands twice"),
        (("class: fact", "class: fact\n  bad: indent"), 6, "not YAML"),
        (("  - {case: three, hit: false, account: {name: 小满}}", ""), 12, "at least one example"),
        (("case: two", "case: one"), 12, "stands twice"),
        (("find:\n", "unless:\n  - {use: known_account}\nfind:\n"), 10, "guard"),
        # No length of time that Python, or a calendar, cannot hold.
        (("find:\n", "unless:\n  - {use: renamed_within, days: 36501}\nfind:\n"), 10, "days"),
        (
            ("find:\n", "unless:\n  - {use: account_age, least_days: 9999999999}\nfind:\n"),
            10,
            "days",
        ),
        (("find:\n", "unless:\n  - {use: repeated_text, hours: 876001}\nfind:\n"), 10, "hours"),
    ],
)
def test_a_fault_names_its_line_and_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], line: int, words: str
) -> None:
    assert change[0] in RULE
    found = faults(write(tmp_path, rule=RULE.replace(*change)))
    matching = [fault for fault in found if words in fault]
    assert matching, found
    assert any(fault.split(":")[1] == str(line) for fault in matching), matching


def test_faults_of_several_files_come_together(tmp_path: Path) -> None:
    write(tmp_path, rule=RULE.replace("grade: E1", "grade: E7"))
    (tmp_path / "lexicons" / "other.yml").write_text("id: other\n", encoding="utf-8")
    (tmp_path / "notices" / "empty.yml").write_text("", encoding="utf-8")
    (tmp_path / "rules" / "bytes.yml").write_bytes(b"\xff\xfe\x00")
    found = faults(tmp_path)
    for name in ("rules/rule.yml", "lexicons/other.yml", "notices/empty.yml", "rules/bytes.yml"):
        assert any(name in fault for fault in found), name


def test_an_alias_cannot_blow_up_a_rule_file(tmp_path: Path) -> None:
    bomb = "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n"
    assert any("aliases" in fault for fault in faults(write(tmp_path, rule=bomb)))


def test_an_overlay_replaces_a_rule_and_can_retire_it(tmp_path: Path) -> None:
    base = write(tmp_path / "base")
    own = tmp_path / "own" / "rules"
    own.mkdir(parents=True)
    text = RULE.replace("class: fact", "class: fact\nstatus: retired")
    (own / "mine.yml").write_text(text, encoding="utf-8")
    assert load_ruleset([base]).rules
    assert load_ruleset([base, tmp_path / "own"]).rules == ()


def test_an_unknown_notice_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match="n1"):
        load_ruleset([write(tmp_path)], notices=["n7"])


def test_the_shipped_rulesets_load_and_list_all_items_of_the_2023_notice() -> None:
    ruleset = load_ruleset([rulesets_directory()])
    campaign = next(notice for notice in ruleset.notices if notice.notice_id == "sm23")
    assert len(campaign.items) == 27
    assert campaign.validity == "ended"
    for notice in ruleset.notices:
        for item in notice.items:
            if item.zh_status in ("back_translation", "recalled"):
                assert not item.quotable
            if item.coverage != "checked":
                assert item.why_not, item.item_id


def test_coverage_says_checked_only_where_a_rule_works() -> None:
    ruleset = load_ruleset([rulesets_directory()])
    cited = {item for rule in ruleset.rules if not rule.is_cue for item in rule.items}
    for notice in ruleset.notices:
        for item in notice.items:
            works = item.coverage in ("checked", "assisted")
            assert works == (item.item_id in cited), f"{item.item_id}: {item.coverage}"
