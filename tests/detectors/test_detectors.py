"""Detectors one by one: what they find, what they leave, and missing input as its own answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from auditor.detectors import DETECTORS, Detector, Match, Missing, Step, Subject, View
from auditor.model import Account, Change, Dossier, Hit, Post, Reference
from auditor.rules import Compiled, evaluate

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEY: dict[str, Any] = {"platform": "p", "account_id": "1"}
STEP: TypeAdapter[Detector] = TypeAdapter(Step)


def step(**words: Any) -> Detector:
    return STEP.validate_python(words)


def account(**fields: Any) -> Account:
    return Account(**{**KEY, "name": "小满", **fields})


def asked(compiled: Compiled, detector: Detector, given: Match | None = None, **fields: Any) -> Any:
    subject = Subject("account", account(**fields))
    view = View(Dossier(account=subject.account), compiled.resources, NOW)
    return detector.hits(view, subject, given or Match())


def matched(name: str = "人民日报", **more: Any) -> Match:
    reference = Reference(kind="media", name=name, **more)
    return Match((Hit("name", name, (0, len(name)), reference=reference),))


@pytest.mark.parametrize("kind", DETECTORS, ids=lambda kind: kind.__name__)
def test_every_detector_documents_itself_and_refuses_unknown_parameters(
    kind: type[Detector],
) -> None:
    assert (kind.__doc__ or "").startswith("Finds ")
    use = str(kind.model_fields["use"].annotation).split("'")[1]
    with pytest.raises(ValidationError):
        step(use=use, colour="red")


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"verified": None}, "verified"),
        ({"verified": "media"}, "verified_label"),
        ({"verified": "none"}, 0),
        ({"verified": "media", "verified_label": "人民日报官方账号"}, 1),
        ({"verified": "media", "verified_label": "人 民 日 報"}, 1),
        ({"verified": "organisation", "verified_label": "小满手作工作室"}, 0),
        ({"verified": "organisation", "verified_label": "none", "organisation": "人民日报社"}, 1),
        ({"verified": "person", "verified_label": "人民日报读者"}, 0),
    ],
)
def test_a_badge_clears_only_when_its_text_fits(
    compiled: Compiled, fields: dict[str, Any], answer: int | str
) -> None:
    guard = step(use="verified_as", fits="given.reference")
    found = asked(compiled, guard, matched(), **fields)
    if isinstance(answer, str):
        assert found == Missing(answer)
    else:
        assert len(found) == answer


def test_a_known_account_is_the_one_that_the_reference_lists(compiled: Compiled) -> None:
    guard = step(use="known_account")
    assert len(asked(compiled, guard, matched(accounts=("p:1",)))) == 1
    assert not asked(compiled, guard, matched(accounts=("p:2",)))


TITLES = {"use": "title_claim"}


@pytest.mark.parametrize(
    ("name", "bio", "claims"),
    [
        ("张律师说法", "普法", True),
        ("小满", "三甲医院心内科主任医师", True),
        ("小满", "执业律师，民商事", True),
        ("小满", "我是一名急诊科医生", True),
        ("律师函收藏家", "", False),
        ("帮你找律师指南", "", False),
        ("退休教师老周写字", "", False),
        ("规培医生小林", "", False),
        ("机智的医生生活追剧组", "", False),
        ("药师经每日念诵", "", False),
        ("教师资格证备考小鱼", "", False),
        ("Tony老师剪发", "", False),
        ("瑜伽老师阿May", "", False),
        ("包教授螺蛳粉", "", False),
        ("苏州检察官妈妈", "", False),
        ("宁波税务师小陈", "", False),
        ("小满", "医生让我少吃辣", False),
        ("小满", "不是医生，只是病人", False),
        ("小满", "“主任医师”这四个字真难写", False),
        ("小满", "找律师请私信别人", False),
        ("手机医生老王", "", False),
        ("律师老公的日常", "", False),
        ("医学生日记", "", False),
        ("宠物医生阿花", "", False),
        ("木头医生", "修老家具二十年", False),
        ("教授兔", "", False),
        ("护士的女儿", "", False),
        ("包医生面馆", "", False),
        ("钟表大夫老苏", "修机械表", False),
        ("物理裴教授", "", True),
        ("柳律师讲劳动法", "", True),
        ("牙医小齐", "", True),
        ("猫大夫", "在一家三甲医院坐诊", True),
        ("猫大夫", "", False),
        ("小满", "某大学经济学教授", True),
        ("小满", "十二位口腔医生，连锁三家门店", False),
        ("小满", "律师、法官、检察官都在用的工具", False),
        ("小满", "做过十年记者，已转行", False),
        ("白大夫", "退休后学国画", False),
    ],
)
def test_a_title_is_claimed_by_a_person_or_it_is_nothing(
    compiled: Compiled, name: str, bio: str, claims: bool
) -> None:
    found = asked(compiled, step(**TITLES), name=name, bio=bio or "记录生活")
    assert bool(found) is claims


def test_a_missing_bio_is_a_gap_only_when_the_name_says_nothing(compiled: Compiled) -> None:
    assert asked(compiled, step(**TITLES), name="小满", bio=None) == Missing("bio")
    assert asked(compiled, step(**TITLES), name="张律师说法", bio=None)


def repeated(compiled: Compiled, texts: list[str], minutes: int = 10) -> Any:
    posts = tuple(
        Post(**KEY, post_id=str(i), text=text, published_at=NOW + timedelta(minutes=minutes * i))
        for i, text in enumerate(texts)
    )
    dossier = Dossier(account=account(), posts=posts, posts_seen=len(posts))
    detector = step(use="repeated_text", min_posts=3, min_characters=20, hours=1)
    view = View(dossier, compiled.resources, NOW)
    return detector.hits(view, Subject("account", dossier.account), Match())


LONG = "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家"


def test_repeats_count_whatever_signs_and_links_differ(compiled: Compiled) -> None:
    texts = [LONG, f"{LONG}！！", f"  {LONG}http://a.example/1"]
    assert repeated(compiled, texts)[0].members == (0, 1, 2)


def test_repeats_outside_the_window_do_not_count(compiled: Compiled) -> None:
    assert not repeated(compiled, [LONG] * 3, minutes=40)


def test_an_account_without_posts_is_a_gap_and_not_a_pass(compiled: Compiled) -> None:
    assert repeated(compiled, []) == Missing("posts")


def test_a_change_whose_earlier_value_was_not_collected_is_a_gap(compiled: Compiled) -> None:
    change = Change(**KEY, field="name", before=None, after="人民曰报", changed_at=NOW)
    subject = Subject("change", account(), change=change)
    view = View(Dossier(account=account()), compiled.resources, NOW)
    assert step(use="changed").hits(view, subject, Match()) == Missing("changes")


BUNDLE = {
    "use": "identifier_bundle",
    "kinds": ["mobile", "address", "plate", "person"],
    "required": ["address", "plate"],
    "person_words": ["@person-markers"],
}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("姓名：陈某某，手机13800138000，家住榕树路18号3栋2单元501室", 3),
        ("手机13800138000，家住榕树路18号3栋2单元501室", 0),
        ("姓名：陈某某，手机13800138000", 0),
        ("姓名：陈某某，手机13800138000。" + "今天天气好。" * 40 + "榕树路18号3栋2单元501室", 0),
    ],
)
def test_a_bundle_needs_three_kinds_side_by_side_and_a_home_or_plate(
    compiled: Compiled, text: str, kinds: int
) -> None:
    post = Post(**KEY, post_id="1", text=text)
    subject = Subject("post", account(), post=post, post_index=0)
    view = View(Dossier(account=account(), posts=(post,)), compiled.resources, NOW)
    found = step(**BUNDLE).hits(view, subject, Match())
    assert not isinstance(found, Missing)
    assert sum(len(hit.pii_kinds) for hit in found) == kinds
    for hit in found:
        assert "13800138000" not in hit.quote
        assert "501室" not in hit.quote


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("姓名：陈晓兰，手机13800138000，家住榕树路18号3栋2单元501室", "姓名：陈**，"),
        ("那个女子叫邵雨，电话13800138000，榕树路18号3栋2单元501室", "女子叫邵*，"),
    ],
)
def test_a_quotation_keeps_no_given_name_of_a_private_person(
    compiled: Compiled, text: str, shown: str
) -> None:
    post = Post(**KEY, post_id="1", text=text)
    dossier = Dossier(account=account(verified="none"), posts=(post,), posts_seen=1)
    rows = [f for f in evaluate(compiled, dossier, NOW).findings if f.post_id]
    assert [row.rule_id for row in rows] == ["personal-data-bundle"]
    assert shown in rows[0].quote
