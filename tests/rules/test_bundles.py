"""Guards that rules share: laid in, printed, explained, and every fault with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.commands.ruletext import render_rule
from auditor.config import rulesets_directory
from auditor.errors import RulesetError
from auditor.model import Account, Dossier
from auditor.reports.html.wording import LANGUAGES, read_wording
from auditor.rules import Compiled, explain, load_ruleset
from auditor.rules.sentences import GUARDS

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SHIPPED = load_ruleset([rulesets_directory()])
NOTICE = """\
notice_id: n1
title_zh: 通知
title_en: Notice
issuer: 某部门
date: "2026-01-01"
validity: standing
items:
  - {item_id: N-1, clause: "1", gist_en: g, gist_zh: 意, zh_status: none, coverage: checked}
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
items: [N-1]
class: fact
evidence: {grade: E1, strength: weak}
question: {zh: 是否相关？, en: Is it so?}
false_positives: [somebody who only eats them]
find:
  - {use: phrases, words: ["@sweets"], fields: [bio]}
guards: [plain]
fact: {zh: "简介含“{phrase}”。", en: "The bio holds “{phrase}”."}
fact_unknown: {zh: "简介含“{phrase}”。", en: "The bio holds “{phrase}”."}
examples:
  - {case: one, hit: true, account: {name: 小满, bio: 现做年糕}}
  - {case: two, hit: false, account: {name: 小满, bio: 现做豆腐}}
  - {case: three, hit: false, account: {name: 小满}}
"""
BUNDLE = """\
id: plain
title: {zh: 平常的保护, en: plain guards}
unless:
  - {use: phrases, words: ["@sweets"], fields: [name], guard: G-FAN}
against:
  - step: {use: verified_as, fits: any, guard: G-VERIFIED}
    note: {zh: "有认证：{v}", en: "a mark: {v}"}
  - step: {use: domain_shown, guard: G-DOMAIN}
    note: {zh: "网址{domain}", en: "the address {domain}"}
"""
RANKING = """\
id: first
title: {zh: 先后, en: what first}
source: invented for this test
as_of: 2026-01-01
parts:
  - id: claim
    step: {use: phrases, words: ["@sweets"], fields: [bio]}
    points: 6
    claim: true
    reason: {zh: 自称, en: a claim}
  - id: followers
    step: {use: followers_shown, most: 5}
    points: 1
    each: score
    reason: {zh: 粉丝, en: followers}
"""
FILES = {
    "notices/n.yml": NOTICE,
    "lexicons/l.yml": LEXICON,
    "rules/r.yml": RULE,
    "guards/g.yml": BUNDLE,
    "ranking/k.yml": RANKING,
}


def write(directory: Path, **changed: str) -> Path:
    for name, text in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.parent.name, text), encoding="utf-8")
    return directory


def test_a_rule_comes_with_what_its_bundles_hold(tmp_path: Path) -> None:
    (rule,) = load_ruleset([write(tmp_path)]).rules
    assert [step.guard for step in rule.unless] == ["G-FAN"]
    assert [entry.step.guard for entry in rule.against] == ["G-VERIFIED", "G-DOMAIN"]


def test_an_overlay_replaces_a_bundle_in_every_rule_that_names_it(tmp_path: Path) -> None:
    own = tmp_path / "own" / "guards"
    own.mkdir(parents=True)
    (own / "mine.yml").write_text(BUNDLE.replace("guard: G-FAN", "guard: G-ALLOW"), "utf-8")
    (rule,) = load_ruleset([write(tmp_path / "base"), tmp_path / "own"]).rules
    assert [step.guard for step in rule.unless] == ["G-ALLOW"]


@pytest.mark.parametrize(
    ("kind", "old", "new", "where", "words"),
    [
        ("rules", "[plain]", "[plain, other]", "rules/r.yml:10", "there are no guards “other”"),
        ("guards", "fields: [name]", "fields: [name], colour: red", "guards/g.yml:4", "colour"),
        ("guards", '"@sweets"', '"@salty"', "guards/g.yml:4", "salty"),
        ("guards", ", guard: G-FAN", "", "guards/g.yml:4", "guard: G-…"),
        ("guards", "网址{domain}", "网址{phrase}", "guards/g.yml:9", "no step fills"),
        ("guards", "网址{domain}", "网址违规", "guards/g.yml:9", "违规"),
        ("guards", "网址{domain}", "网址{domain", "guards/g.yml:9", "template is broken"),
        ("guards", "plain guards", "fake guards", "guards/g.yml:2", "fake"),
        ("guards", "id: plain", "id: Plain Guards", "guards/g.yml:1", "id"),
        ("ranking", '"@sweets"', '"@salty"', "ranking/k.yml:6", "salty"),
        ("ranking", "points: 6", "points: 5", "ranking/k.yml:5", "outrank a stated claim"),
        ("ranking", "points: 6", "points: 0", "ranking/k.yml:8", "points"),
        ("ranking", "id: followers", "id: claim", "ranking/k.yml:5", "stand twice"),
        ("ranking", "en: a claim", "en: a fake claim", "ranking/k.yml:6", "fake"),
    ],
)
def test_a_fault_names_its_file_and_line(
    tmp_path: Path, kind: str, old: str, new: str, where: str, words: str
) -> None:
    text = next(text for name, text in FILES.items() if name.startswith(kind))
    assert old in text
    with pytest.raises(RulesetError) as caught:
        load_ruleset([write(tmp_path, **{kind: text.replace(old, new, 1)})])
    found = str(caught.value).splitlines()
    assert any(where in fault and words in fault for fault in found), found


def test_a_bundle_that_asks_for_verification_needs_a_sentence_for_the_unknown(
    tmp_path: Path,
) -> None:
    rule = "\n".join(line for line in RULE.splitlines() if not line.startswith("fact_unknown"))
    guard = "  - {use: verified_as, fits: any, guard: G-VERIFIED}\nagainst:\n"
    changed = {"rules": rule, "guards": BUNDLE.replace("against:\n", guard, 1)}
    with pytest.raises(RulesetError, match=r"r\.yml:10: .*fact_unknown"):
        load_ruleset([write(tmp_path, **changed)])


def test_an_empty_bundle_is_a_fault(tmp_path: Path) -> None:
    text = "id: plain\ntitle: {zh: 平常的保护, en: plain guards}\n"
    with pytest.raises(RulesetError, match="neither unless nor against"):
        load_ruleset([write(tmp_path, guards=text)])


@pytest.mark.parametrize(
    "rule", [rule for rule in SHIPPED.rules if rule.guards], ids=lambda r: r.id
)
def test_rules_show_prints_what_the_bundles_hold(compiled: Compiled, rule: object) -> None:
    known = next(entry for entry in compiled.rules if entry is rule or entry == rule)
    text = render_rule(known, compiled.citations[known.id], "here")
    for step in known.unless:
        assert step.guard in text
    for entry in known.against:
        assert entry.note.zh in text
        assert entry.note.en in text


COMPARES = {"name_index", "body_claim", "person_claim", "person_name"}
"""Detectors that compare an account with a body or person who may be its holder."""


def test_every_rule_that_compares_with_a_holder_has_the_shared_guards() -> None:
    for rule in SHIPPED.rules:
        if COMPARES & {step.use for step in rule.find}:
            assert "speaks-for-it" in rule.guards, rule.id
            guards = {step.guard for step in rule.unless}
            assert {"G-ALLOW", "G-VERIFIED", "G-FAN"} <= guards, rule.id


def test_every_guard_has_words_for_explain_and_for_the_page() -> None:
    steps = (step for rule in SHIPPED.rules for step in rule.steps)
    used = {step.guard for step in steps if step.guard}
    assert used <= set(GUARDS)
    for language in LANGUAGES:
        assert not [guard for guard in used if f"guard.{guard}" not in read_wording(language)]


def explained(compiled: Compiled, **fields: object) -> str:
    account = Account.model_validate({"platform": "p", "account_id": "1", **fields})
    return "\n".join(explain(compiled, Dossier(account=account), NOW))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"name": "乌海中院", "verified": "none", "bio": "非官方，法律系学生自建"},
            "a fan, a reader, a parody): bio “非官方”, “自建”",
        ),
        (
            {
                "name": "乌海中院",
                "verified": "government",
                "verified_label": "乌海市中级人民法院官方账号",
                "bio": "",
            },
            "names the body compared with): verified_label “乌海市中级人民法院官方账号”",
        ),
        (
            {"name": "海口福彩", "verified": "none", "bio": "", "organisation": "海口椰风有限公司"},
            "speaks for it: 页面显示的认证或运营主体“海口椰风有限公司”含有“海口”。",
        ),
        ({"name": "海口福彩", "verified": "none", "bio": ""}, "look first: 1 points"),
    ],
)
def test_explain_says_which_guard_spoke_and_to_which_words(
    compiled: Compiled, fields: dict[str, object], said: str
) -> None:
    assert said in explained(compiled, **fields)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("人民日报读者", "tier N: the words beside it are those of somebody else"),
        ("央视觉设计", "tier N: its edge lies inside a word"),
        ("人民日报剪影", "tier E: the words beside it say nothing of who speaks"),
        ("小满的阳台", ""),
        ("凤凰卫星", "tier F: one edit apart, and no likeness explains the edit"),
    ],
)
def test_explain_says_what_the_name_index_set_aside(
    compiled: Compiled, name: str, said: str
) -> None:
    text = explained(compiled, name=name)
    assert said in text
    assert ("set aside" in text) is bool(said)
