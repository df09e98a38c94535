"""Claims about a listed body: who speaks for it gets a question, who only names it gets nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.detectors.base import Match, Missing, Subject, View
from auditor.detectors.leftovers import leftover
from auditor.detectors.ownership import OnOwnDomain
from auditor.model import Account, Change, Dossier, Finding, Hit, Reference
from auditor.rules import Compiled, evaluate

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY: dict[str, Any] = {"platform": "p", "account_id": "1"}
RULES = ("bio-claims-official", "bio-claims-attached", "bio-claims-staff", "bio-claims-journalist")


def rows(compiled: Compiled, **fields: Any) -> dict[str, Finding]:
    given = {**KEY, "name": "小满的阳台", "verified": "none", "fetched_at": NOW, **fields}
    dossier = Dossier(account=Account.model_validate(given))
    found = evaluate(compiled, dossier, NOW).findings
    return {row.rule_id: row for row in found if row.rule_id in RULES}


OFFICIAL = (
    "人民日报官方账号",
    "人民日报官方账号，每天一条",
    "《人民日报》官微",
    "人民日报的官方公众号",
    "人民日报 官方账号",
    "这里是人民日报官方账号，欢迎关注",
    "我们是新华社官方账号",
    "本公众号由国家税务总局主办",
    "本账号由教育部主办、国家税务总局承办",
    "由新华社授权发布",
    "新华社唯一指定发布平台",
    "教育部指定平台",
    "主办单位：国家税务总局",
    "人民日报评论部官方微信",
    "国务院办公厅主办的政务平台",
    "热爱生活，新华社官方账号欢迎您",
    "平遥县公安局官方账号",
    "平遥县融媒体中心主办",
    "乌海市中级人民法院政务公众号",
    "国家税务总局政务新媒体 每日发布",
)
ATTACHED = ("隶属于教育部", "国务院直属机构", "业务主管单位：国家税务总局")
STAFF = (
    "平遥县委书记",
    "现任平遥县教育局局长",
    "教育部副部长，爱读书",
    "平遥县副县长",
    "供职于国家税务总局办公厅的公务员",
)
JOURNALISTS = (
    "新华社记者",
    "人民日报记者，跑民生线",
    "央视主持人",
    "现任新华社特约记者",
    "人民日报体育部记者",
    "太原日报通讯员",
)


@pytest.mark.parametrize("bio", OFFICIAL)
def test_a_bio_that_speaks_for_a_body_gets_a_row(compiled: Compiled, bio: str) -> None:
    row = rows(compiled, bio=bio)["bio-claims-official"]
    assert row.strength == "medium"
    assert "称“" in row.fact_zh
    assert "SM23-2.1.a" in row.item_ids


@pytest.mark.parametrize("bio", ATTACHED)
def test_the_authority_above_is_a_weak_row_with_its_doubt(compiled: Compiled, bio: str) -> None:
    row = rows(compiled, bio=bio)["bio-claims-attached"]
    assert row.strength == "weak"
    assert row.counter_evidence
    assert not rows(compiled, bio=bio, verified=None)


@pytest.mark.parametrize("bio", STAFF)
def test_a_post_in_a_named_organ_asks_for_identity(compiled: Compiled, bio: str) -> None:
    row = rows(compiled, bio=bio)["bio-claims-staff"]
    assert row.strength == "weak"
    assert "个人账号" in row.question_zh


@pytest.mark.parametrize("bio", JOURNALISTS)
def test_a_post_in_a_named_outlet_asks_for_identity(compiled: Compiled, bio: str) -> None:
    row = rows(compiled, bio=bio)["bio-claims-journalist"]
    assert row.strength == "weak"
    assert "GZ21-18" in row.item_ids


INNOCENT = tuple(
    line
    for line in (Path(__file__).parent / "data" / "innocent-bios.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
)


def test_there_are_enough_innocent_bios() -> None:
    assert len(set(INNOCENT)) >= 60
    assert len({*OFFICIAL, *ATTACHED, *STAFF, *JOURNALISTS}) >= 25


@pytest.mark.parametrize("verified", ["none", None])
@pytest.mark.parametrize("bio", INNOCENT)
def test_an_innocent_bio_gets_no_row(compiled: Compiled, bio: str, verified: str | None) -> None:
    assert not rows(compiled, bio=bio, verified=verified)


@pytest.mark.parametrize(
    ("name", "bio", "verified", "label"),
    [
        ("人民日报", "人民日报官方账号", "media", "人民日报官方账号"),
        ("侠客岛", "人民日报海外版官方微信", "media", "人民日报海外版"),
        ("税务小助手", "国家税务总局官方账号", "government", "国家税务总局"),
        ("平遥教育", "平遥县教育局官方账号", "government", "平遥县教育局"),
        ("榕江手作协会", "业务主管单位：国家税务总局", "organisation", "榕江手作协会"),
        ("小满说事", "新华社记者", "person", "新华社记者"),
        ("小满说事", "新华社记者", "person", "资深记者"),
        ("老李", "平遥县委书记", "person", "平遥县委书记"),
        ("教育小窗口", "教育部直属平台", "government", "教育部政务新媒体"),
    ],
)
def test_a_fitting_mark_silences(
    compiled: Compiled, name: str, bio: str, verified: str, label: str
) -> None:
    assert not rows(compiled, name=name, bio=bio, verified=verified, verified_label=label)


def test_a_mark_of_another_subject_does_not_silence(compiled: Compiled) -> None:
    given = {"verified": "organisation", "verified_label": "榕江县小荷手作工作室"}
    row = rows(compiled, bio="人民日报官方账号", **given)["bio-claims-official"]
    assert "小荷" in row.counter_evidence[0]


@pytest.mark.parametrize(
    ("name", "bio", "row"),
    [
        ("小满的阳台", "人民日报官方账号", True),
        ("人民日报评论", "人民日报官方账号", False),
        ("人民日报", "新华社官方账号", False),
        ("小满的阳台", "平遥县教育局官方账号", False),
        ("小满的阳台", "隶属于教育部", False),
        ("小满的阳台", "新华社记者", False),
        ("小满的阳台", "平遥县委书记", False),
    ],
)
def test_without_a_look_at_the_mark_only_a_plain_claim_of_another_name_speaks(
    compiled: Compiled, name: str, bio: str, row: bool
) -> None:
    found = rows(compiled, name=name, bio=bio, verified=None)
    assert bool(found) is row
    for finding in found.values():
        assert finding.strength == "weak"
        assert finding.question_zh.startswith("请先核对认证")
        assert "认证信息未采集" in finding.fact_zh


def test_what_was_not_looked_at_is_not_evaluated(compiled: Compiled) -> None:
    account = Account(**KEY, name="老李", bio="平遥县委书记，平遥县教育局官方账号")
    judged = evaluate(compiled, Dossier(account=account), NOW)
    assert "bio-claims-staff:verified" in judged.not_evaluated
    assert "bio-claims-official:verified" in judged.not_evaluated
    no_bio = evaluate(compiled, Dossier(account=Account(**KEY, name="老李")), NOW)
    assert "bio-claims-official:bio" in no_bio.not_evaluated
    assert "bio-claims-official:verified_label" not in no_bio.not_evaluated


def test_a_mark_that_claims_a_body_is_read_too(compiled: Compiled) -> None:
    given = {"bio": "记录生活", "verified": "person", "verified_label": "人民日报官方账号"}
    row = rows(compiled, **given)["bio-claims-official"]
    assert row.field == "verified_label"
    assert row.fact_zh.startswith("认证文字称")


def test_a_name_with_outlet_post_and_person_is_read(compiled: Compiled) -> None:
    found = rows(compiled, name="央视主持人王小满", bio="每天一条")
    assert found["bio-claims-journalist"].field == "name"


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("https://people.example/@a", 1),
        ("https://m.people.example:8443/u/1", 1),
        ("https://people.example.evil.test/u", 0),
        ("https://people.example@evil.test/u", 0),
        ("https://notpeople.example/u", 0),
        ("people.example", 0),
        (None, "url"),
    ],
)
def test_a_page_on_the_bodys_own_domain_is_the_bodys(
    compiled: Compiled, url: str | None, answer: int | str
) -> None:
    account = Account(**KEY, name="小满", url=url)
    body = Reference(kind="media", name="人民日报", domains=("people.example",))
    given = Match((Hit("bio", "人民日报官方账号", (0, 8), reference=body),))
    view = View(Dossier(account=account), compiled.resources, NOW)
    found = OnOwnDomain(use="on_own_domain").hits(view, Subject("account", account), given)
    if isinstance(answer, str):
        assert found == Missing(answer)
    else:
        assert not isinstance(found, Missing)
        assert len(found) == answer


def test_what_is_left_of_a_clause_counts_no_signs() -> None:
    assert leftover("🌟这里是：", frozenset({"这里是"})) == ""
    assert leftover("比赛由", frozenset({"由"})) == "比赛"


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ("爱做早餐", "人民日报官方账号", True),
        ("新华社官方账号", "人民日报官方账号", True),
        ("人民日报官方账号", "人民日报官方账号，每天一条", False),
        ("爱做早餐", "爱读人民日报", False),
        ("人民日报官方账号", "爱做早餐", False),
    ],
)
def test_a_signature_that_comes_to_claim_a_body_is_a_row(
    compiled: Compiled, before: str, after: str, row: bool
) -> None:
    account = Account(**KEY, name="小满", bio=after, verified="none")
    change = Change(**KEY, field="bio", before=before, after=after, changed_at=NOW)
    found = evaluate(compiled, Dossier(account=account, changes=(change,)), NOW).findings
    assert ("bio-changed-to-official" in {one.rule_id for one in found}) is row
