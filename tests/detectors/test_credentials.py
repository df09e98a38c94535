"""What was shown for a claimed profession, and what the operator's extract says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import pytest

from auditor.detectors import Match, Missing, Subject, View
from auditor.detectors.credentials import (
    CredentialExpired,
    CredentialForm,
    CredentialHolder,
    CredentialState,
    last_day,
)
from auditor.detectors.registry import RegistryLookup
from auditor.model import Account, Dossier, Finding, Hit, Post
from auditor.references.rows import RegistryEntry
from auditor.rules import Compiled, evaluate
from auditor.rules.explain import explain

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
KEY: dict[str, Any] = {"platform": "p", "account_id": "1"}
LICENCE = "11101201010123456"
BIO = f"执业律师，律师执业证号：{LICENCE}"


def over(compiled: Compiled, *entries: Mapping[str, Any]) -> Compiled:
    provenance = {
        "source": "甲省律师协会公开查询",
        "as_of": "2026-11-01",
        "coverage": "甲省个人会员",
    }
    rows = tuple(RegistryEntry.model_validate({**provenance, **entry}) for entry in entries)
    references = replace(compiled.resources.references, registry=rows)
    return replace(compiled, resources=replace(compiled.resources, references=references))


def dossier(*posts: str, **fields: Any) -> Dossier:
    account = Account.model_validate({**KEY, "fetched_at": NOW, **fields})
    made = tuple(Post(**KEY, post_id=str(n), text=text) for n, text in enumerate(posts))
    return Dossier(account=account, posts=made, posts_seen=len(made))


def rows(compiled: Compiled, *posts: str, **fields: Any) -> dict[str, Finding]:
    given = dossier(*posts, **{"verified": "none", **fields})
    return {row.rule_id: row for row in evaluate(compiled, given, NOW).findings}


def asked(
    compiled: Compiled, step: Any, *posts: str, profession: str = "law", **fields: Any
) -> Any:
    """Ask one step after a claim to the profession in the bio."""
    given = dossier(*posts, **{"name": "张小满律师", **fields})
    facts = MappingProxyType({"title": "律师", "profession": profession})
    match = Match((Hit("bio", "律师", facts=facts),))
    view = View(given, compiled.resources, NOW)
    return step.hits(view, Subject("account", given.account), match)


STATE = CredentialState(use="credential_state")


@pytest.mark.parametrize(
    ("posts", "fields", "said"),
    [
        ((), {}, "名称中未见该职业的证件号码"),
        ((), {"bio": "执业律师"}, "名称、简介中未见该职业的证件号码"),
        ((), {"bio": "执业律师", "credentials": ()}, "名称、简介、资质栏中未见"),
        ((), {"bio": BIO}, "简介所示律师执业证号（11*************56）符合已公布的形式"),
        ((), {"bio": "执业律师，执业证号12345678"}, "不是已公布的形式"),
        ((), {"bio": "执业律师", "credentials": ({"kind": "lawyer_licence"},)}, "未列号码"),
        ((), {"bio": "执业律师", "credentials": ({"kind": "teacher"},)}, "未见该职业"),
        ((), {"bio": "执业律师", "credentials": ({"kind": "厨师证"},)}, "未见该职业"),
        ((f"本人律师执业证号{LICENCE}",), {"bio": "执业律师"}, "未见该职业"),
    ],
)
def test_the_state_says_what_was_seen_where_and_never_the_number(
    compiled: Compiled, posts: tuple[str, ...], fields: dict[str, Any], said: str
) -> None:
    (hit,) = asked(compiled, STATE, *posts, **fields)
    assert said in hit.facts["papers"]
    assert LICENCE not in hit.facts["papers"] + hit.facts["papers_en"]


STEPS = (
    CredentialForm(use="credential_form"),
    CredentialExpired(use="credential_expired"),
    CredentialHolder(use="credential_holder"),
    RegistryLookup(use="registry", answer="absent"),
    RegistryLookup(use="registry", answer="differs"),
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.use)
def test_what_was_not_collected_is_no_pass(compiled: Compiled, step: Any) -> None:
    assert isinstance(asked(compiled, step), Missing)


@pytest.mark.parametrize("step", STEPS[:3], ids=lambda step: step.use)
def test_without_a_profession_nothing_is_found(compiled: Compiled, step: Any) -> None:
    fields = {"bio": BIO, "credentials": ({"kind": "teacher", "valid_until": "2020-01-01"},)}
    assert list(asked(compiled, step, profession="", **fields)) == []


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-05-01", date(2024, 5, 1)),
        ("2024.5.1", date(2024, 5, 1)),
        ("2024/05/01", date(2024, 5, 1)),
        ("20240501", date(2024, 5, 1)),
        ("2024年5月1日", date(2024, 5, 1)),
        (" 2024年5月 ", date(2024, 5, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2024-02-30", None),
        ("2024-13-01", None),
        ("长期", None),
        ("5/1/2024", None),
        ("", None),
    ],
)
def test_dates_of_validity_are_read_as_they_are_written(written: str, day: date | None) -> None:
    assert last_day(written) == day


def test_a_date_on_the_day_of_the_capture_is_in_force(compiled: Compiled) -> None:
    step = CredentialExpired(use="credential_expired")
    for day, expired in (("2026-11-21", False), ("2026-11-20", True)):
        listed = ({"kind": "lawyer_licence", "valid_until": day},)
        assert bool(asked(compiled, step, credentials=listed)) is expired


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"credentials": ({"kind": "nurse", "valid_until": "长期"},)}, "credentials.valid_until"),
        (
            {"credentials": ({"kind": "nurse", "valid_until": "2020-01-01"},), "fetched_at": None},
            "fetched_at",
        ),
    ],
)
def test_an_unknown_date_is_not_evaluated(
    compiled: Compiled, fields: dict[str, Any], missing: str
) -> None:
    step = CredentialExpired(use="credential_expired")
    assert asked(compiled, step, profession="nursing", **fields) == Missing(missing)


@pytest.mark.parametrize(
    ("name", "bio", "holder", "found"),
    [
        ("张小满律师", "说法", "李云开", True),
        ("律师张小满", "说法", "李云开", True),
        ("小满说法", "我叫张小满", "李云开", True),
        ("张小满律师", "说法", "张小满", False),
        ("張小滿律师", "说法", "张小满", False),
        ("张小满律师", "说法", "张云开", False),
        ("张小满律师", "说法", "小满", None),
        ("小满律师", "说法", "李云开", None),
        ("安心律师", "说法", "李云开", None),
        ("张律师说法", "说法", "李云开", None),
        ("张小满律师", "与李云开合办", "李云开", False),
        ("张小满律师", "说法", "甲律师事务所", None),
    ],
)
def test_another_holder_needs_two_full_names(
    compiled: Compiled, name: str, bio: str, holder: str, found: bool | None
) -> None:
    listed = ({"kind": "lawyer_licence", "number": LICENCE, "holder": holder},)
    step = CredentialHolder(use="credential_holder")
    answer = asked(compiled, step, name=name, bio=bio, credentials=listed)
    if found is None:
        assert answer == Missing("credentials.holder")
    else:
        assert bool(answer) is found


def looked_up(compiled: Compiled, answer: Any, *entries: Mapping[str, Any], **fields: Any) -> Any:
    step = RegistryLookup(use="registry", answer=answer)
    return asked(over(compiled, *entries), step, **{"bio": BIO, **fields})


LAW: dict[str, Any] = {"profession": "law", "number": LICENCE}


@pytest.mark.parametrize(
    ("entries", "answer"),
    [
        ([{**LAW, "name": "张小满", "status": "正常"}], "matches"),
        ([{**LAW, "name": "张小满"}], "matches"),
        ([{**LAW, "name": "甲所", "holder": "张小满"}], "matches"),
        ([{**LAW, "name": "张小满", "number": "1110 1201-0101 23456"}], "matches"),
        ([{**LAW, "name": "张小满", "number": "１１１０１２０１０１０１２３４５６"}], "matches"),
        ([{**LAW, "name": "张小满", "status": "注销"}], "differs"),
        ([{**LAW, "name": "李云开"}], "differs"),
        ([{**LAW, "name": "张小满", "profession": "education"}], "differs"),
        ([{**LAW, "name": "李云开", "status": "注销"}, {**LAW, "name": "张小满"}], "matches"),
        ([{**LAW, "name": "张小满", "status": "待定"}], ""),
        ([{**LAW, "name": "张云开"}], ""),
        ([{**LAW, "name": "李云开", "number": "11101201010999999"}], "absent"),
        ([{**LAW, "name": "张小满", "number": ""}], ""),
    ],
)
def test_an_extract_gives_one_answer(
    compiled: Compiled, entries: list[Mapping[str, Any]], answer: str
) -> None:
    found = [
        word
        for word in ("matches", "differs", "absent")
        if not isinstance(hits := looked_up(compiled, word, *entries), Missing) and hits
    ]
    assert found == ([answer] if answer else [])


def test_an_extract_of_another_profession_is_not_evaluated(compiled: Compiled) -> None:
    other = {"profession": "medicine", "name": "李云开", "number": "110110000012345"}
    assert looked_up(compiled, "absent", other) == Missing("registry")


@pytest.mark.parametrize(
    "bio", ["执业律师，律师执业证号：1110120101012345", "执业律师，律师执业证号：1110120101****56"]
)
def test_only_a_whole_number_of_the_published_form_is_said_to_be_absent(
    compiled: Compiled, bio: str
) -> None:
    assert not looked_up(compiled, "absent", {**LAW, "name": "李云开"}, bio=bio)


@pytest.mark.parametrize(
    ("entry", "rule", "words"),
    [
        ({**LAW, "name": "张小满", "status": "注销"}, "registry-mismatch", "登记状态为“注销”"),
        ({**LAW, "name": "李云开"}, "registry-mismatch", "登记的姓名为“李*”"),
        (
            {**LAW, "name": "李云开", "number": "11101201010999999"},
            "registry-not-in-extract",
            "未检索到所示信息，覆盖以外未知",
        ),
    ],
)
def test_a_row_that_relies_on_an_extract_prints_its_source_date_and_coverage(
    compiled: Compiled, entry: Mapping[str, Any], rule: str, words: str
) -> None:
    found = rows(over(compiled, entry), name="张小满律师", bio=BIO)
    row = found[rule]
    assert words in row.fact_zh
    assert "甲省律师协会公开查询（2026-11-01，覆盖甲省个人会员）" in row.fact_zh
    assert "甲省律师协会公开查询 (2026-11-01, covering 甲省个人会员)" in row.fact_en
    assert row.reference_source == "甲省律师协会公开查询"
    assert LICENCE not in row.model_dump_json()


def test_an_entry_that_agrees_silences_the_rules_on_credentials(compiled: Compiled) -> None:
    good = over(compiled, {**LAW, "name": "张小满", "status": "正常"})
    found = rows(good, name="张小满律师", bio=f"{BIO}，旧执业证号1110120101012345")
    assert not [rule for rule in found if rule.startswith(("credential", "registry"))]


def test_without_an_extract_the_rules_on_it_are_not_evaluated(compiled: Compiled) -> None:
    given = dossier(name="张小满律师", bio=BIO, verified="none")
    judged = evaluate(compiled, given, NOW)
    assert "registry-not-in-extract:registry" in judged.not_evaluated
    assert "registry-mismatch:registry" in judged.not_evaluated


def test_a_number_in_a_post_counts_only_as_the_authors_own(compiled: Compiled) -> None:
    fields = {"name": "张律师说法", "bio": "执业律师"}
    for text, found in (
        ("本人律师执业证号1110120101012345，欢迎查询", True),
        ("律师执业证号1110120101012345，大家看看", False),
        ("他说“本人律师执业证号1110120101012345”", False),
        ("举例：本人律师执业证号1110120101012345", False),
    ):
        assert ("credential-form-unmatched" in rows(compiled, text, **fields)) is found, text


def test_no_explanation_holds_a_number(compiled: Compiled) -> None:
    given = dossier(
        "本人律师执业证号1110120101012345",
        name="张小满律师",
        bio=BIO,
        verified="none",
        credentials=({"kind": "lawyer_licence", "number": "99999999", "holder": "李云开"},),
    )
    lines = "\n".join(explain(over(compiled, {**LAW, "name": "李云开"}), given, NOW))
    assert "credential_form" in lines
    for number in (LICENCE, "1110120101012345", "99999999"):
        assert number not in lines
