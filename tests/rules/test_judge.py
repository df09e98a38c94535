"""What spares work in judging changes nothing: sleeping rules, kept gaps, names asked at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import rulesets_directory
from auditor.detectors import View
from auditor.model import Account, Dossier
from auditor.rules import Compiled, Example, evaluate, known_names, known_texts, load_ruleset
from auditor.rules.examples import NOW, dossier_of, with_lists
from auditor.rules.gaps import profile_gaps
from auditor.rules.judge import awake_traces
from auditor.rules.trace import subjects, trace_rule

EXAMPLES = {
    f"{rule.id}: {example.case}": example
    for rule in load_ruleset([rulesets_directory()]).rules
    for example in rule.examples
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_rules_that_sleep_are_those_that_match_nothing(
    compiled: Compiled, example: Example
) -> None:
    given, dossier = with_lists(compiled, example), dossier_of(example)
    walked, woken = (View(dossier, given.resources, NOW) for _ in range(2))
    whole = [
        trace_rule(rule, walked, subject)
        for rule in given.rules
        for subject in subjects(dossier, rule.each)
    ]
    awake = list(awake_traces(given, woken))
    told = [trace for trace in whole if trace.outcome != "no_match"]
    assert [trace for trace in awake if trace.outcome != "no_match"] == told
    assert len(awake) < len(whole)


def test_names_and_texts_read_at_once_are_judged_as_each_alone(compiled: Compiled) -> None:
    dossiers = list(map(dossier_of, EXAMPLES.values()))
    names, texts = known_names(compiled, dossiers), known_texts(compiled, dossiers)
    assert any(one.is_plain for one in texts.values())
    assert any(not one.is_plain for one in texts.values())
    for dossier in dossiers:
        alone = evaluate(compiled, dossier, NOW)
        assert evaluate(compiled, dossier, NOW, names, texts) == alone


@pytest.mark.parametrize("posts_seen", [0, 3])
@pytest.mark.parametrize(
    "shown",
    [{}, {"name": "小满"}, {"name": "小满", "bio": "种葱"}, {"bio": "种葱", "verified": "none"}],
)
def test_gaps_are_those_of_the_missing_fields(
    compiled: Compiled, shown: dict[str, str], posts_seen: int
) -> None:
    account = Account.model_validate({"platform": "p", "account_id": "1", **shown})
    missing = {name for name in Account.model_fields if getattr(account, name) is None}
    gaps = profile_gaps(compiled.rules, missing, has_posts=posts_seen > 0)
    dossier = Dossier(account=account, posts_seen=posts_seen)
    assert [compiled.gaps(dossier) for _ in range(2)] == [gaps, gaps]


SAID = (
    "官方账号", "人民日报", "新华社", "主办", "授权", "隶属于", "记者", "执业律师", "律-师",
    "医生", "主治医师", "乌海市", "公安局", "法院", "加微信", "13800138000", "张三", "本人",
    "曾任", "，", "。", " ", "听说", "投资建议", "荐股", "保过", "根治", "稳赚", "课程", "粉丝",
    "住榕树路18号3栋2单元501室",
)  # fmt: skip
WRITTEN = st.lists(st.sampled_from(SAID), max_size=6).map("".join).filter(str.strip)
SHOWN = st.none() | st.just("none") | WRITTEN


@settings(deadline=None, max_examples=300)
@given(
    profile=st.fixed_dictionaries(
        dict.fromkeys(("name", "handle", "bio", "verified_label", "organisation"), SHOWN)
    ),
    texts=st.lists(st.tuples(WRITTEN, SHOWN), max_size=3),
    changed=st.lists(st.tuples(st.sampled_from(("name", "bio")), WRITTEN, WRITTEN), max_size=2),
)
def test_who_is_not_asked_has_nothing_to_say(
    compiled: Compiled,
    profile: dict[str, str | None],
    texts: list[tuple[str, str | None]],
    changed: list[tuple[str, str, str]],
) -> None:
    """Whatever stands where, or is missing: the same rules speak as when all are asked."""
    own = {"platform": "p", "account_id": "1"}
    posts = [
        {**own, "post_id": str(at), "text": text, "title": title}
        for at, (text, title) in enumerate(texts)
    ]
    changes = [
        {**own, "field": field, "before": before, "after": after, "changed_at": NOW}
        for field, before, after in changed
    ]
    dossier = Dossier.model_validate(
        {"account": {**own, **profile}, "posts": posts, "changes": changes, "posts_seen": 3}
    )
    walked, woken = (View(dossier, compiled.resources, NOW) for _ in range(2))
    asked = ((rule, subject) for rule in compiled.rules for subject in subjects(dossier, rule.each))
    whole = [trace_rule(rule, walked, subject) for rule, subject in asked]
    awake = awake_traces(compiled, woken)
    told = [trace for trace in whole if trace.outcome != "no_match"]
    assert [trace for trace in awake if trace.outcome != "no_match"] == told
    assert walked.until == woken.until
