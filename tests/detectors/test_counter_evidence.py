"""What speaks for an account without clearing it, each in one sentence of the row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import TypeAdapter

from auditor.detectors import Detector, Match, Missing, Step, Subject, View
from auditor.detectors.names import name_hit
from auditor.model import Account, Dossier, Hit, Reference
from auditor.names import NameIndex
from auditor.references import References
from auditor.rules import Compiled, evaluate

NOW = datetime(2026, 11, 25, tzinfo=UTC)
STEP: TypeAdapter[Detector] = TypeAdapter(Step)


def asked(compiled: Compiled, words: dict[str, Any], given: Match, **fields: Any) -> Any:
    account = Account(**{"platform": "p", "account_id": "1", "name": "小满", **fields})
    view = View(Dossier(account=account), compiled.resources, NOW)
    return STEP.validate_python(words).hits(view, Subject("account", account), given)


def listed(name: str = "人民日报", **more: Any) -> Match:
    facts = MappingProxyType({"reference": name, "n": "0", "place": "", "organ": ""})
    reference = Reference(kind="media", name=name, **more)
    return Match((Hit("name", name, (0, len(name)), reference=reference, facts=facts),))


def patterned(name: str, place: str, organ: str, span: tuple[int, int] | None = None) -> Match:
    facts = {"reference": name, "place": place, "organ": organ, "places": "1", "n": "0"}
    return Match((Hit("name", name, span or (0, len(name)), facts=MappingProxyType(facts)),))


def row(compiled: Compiled, **fields: Any) -> Any:
    account = Account(**{"platform": "p", "account_id": "1", **fields})
    return evaluate(compiled, Dossier(account=account), NOW).findings[0]


@pytest.mark.parametrize(
    ("bio", "domain"),
    [
        ("官网 www.people.com.cn", "www.people.com.cn"),
        ("官网people.com.cn，欢迎", "people.com.cn"),
        ("https://www.people.com.cn/about", "www.people.com.cn"),
        ("http://People.com.cn:8080/", "People.com.cn"),
        ("见 www.wuhai.gov.cn。", "www.wuhai.gov.cn"),
        ("people.com.cn.example.com", None),
        ("mypeople.com.cn", None),
        ("my-people.com.cn", None),
        ("来信 a@people.com.cn", None),
        ("https://www.people.com.cn@example.com", None),
        ("https://www.people.com.cn:80@example.com", None),
        ("http://example.com/?from=www.people.com.cn", None),
        ("http://example.com/www.people.com.cn", None),
        ("gov.cn", None),
        ("agov.cn", None),
        ("没有网址", None),
    ],
)
def test_an_address_counts_only_on_the_exact_domain(
    compiled: Compiled, bio: str, domain: str | None
) -> None:
    found = asked(compiled, {"use": "domain_shown"}, listed(domains=("people.com.cn",)), bio=bio)
    assert [hit.quote for hit in found] == ([domain] if domain else [])


def test_a_bio_that_was_not_collected_is_missing_input(compiled: Compiled) -> None:
    assert asked(compiled, {"use": "domain_shown"}, listed()) == Missing("bio")


@pytest.mark.parametrize(
    ("given", "fields", "shared"),
    [
        (patterned("海口福彩", "海口", "福彩"), {"organisation": "海口椰风传媒有限公司"}, "海口"),
        (patterned("海口福彩", "海口", "福彩"), {"organisation": "三亚椰风传媒有限公司"}, None),
        (patterned("海口福彩", "海口", "福彩"), {"organisation": "none"}, None),
        (listed("人民日报"), {"organisation": "人民日报读者服务有限公司"}, "人民日报"),
        (listed("人民日报"), {"organisation": "人民保险公司"}, None),
        (
            patterned("海口福彩", "海口", "福彩"),
            {"verified": "person", "verified_label": "海口市民"},
            None,
        ),
        (
            patterned("海口福彩", "海口", "福彩"),
            {"name": "海口福彩", "verified": "organisation", "verified_label": "海口福彩官方"},
            None,
        ),
    ],
)
def test_an_operator_speaks_by_the_place_or_half_the_name(
    compiled: Compiled, given: Match, fields: dict[str, Any], shared: str | None
) -> None:
    words = {"use": "operator_names", "labels": ["@label-words"]}
    found = asked(compiled, words, given, **fields)
    assert [hit.facts["shared"] for hit in found] == ([shared] if shared else [])


@pytest.mark.parametrize(
    ("region", "fits"),
    [
        ("内蒙古", True),
        ("内蒙古 乌海", True),
        ("IP属地：内蒙古", True),
        ("海南", False),
        (None, False),
    ],
)
def test_a_region_fits_by_the_place_or_its_province(
    compiled: Compiled, region: str | None, fits: bool
) -> None:
    given = patterned("乌海中院", "乌海", "中院")
    assert bool(asked(compiled, {"use": "region_fits"}, given, region=region)) == fits


@pytest.mark.parametrize(
    ("created", "says"),
    [
        (datetime(2020, 5, 1, tzinfo=UTC), "6"),
        (datetime(2025, 5, 1, tzinfo=UTC), None),
        (None, None),
    ],
)
def test_the_age_of_an_account_is_a_plain_fact(
    compiled: Compiled, created: datetime | None, says: str | None
) -> None:
    words = {"use": "account_age", "least_days": 1095}
    found = asked(compiled, words, listed(), created_at=created)
    assert [hit.facts["years"] for hit in found] == ([says] if says else [])


def test_a_label_of_critics_is_read_outside_the_matched_words(compiled: Compiled) -> None:
    guard = {"use": "name_label", "words": ["@critic-labels"]}
    labelled = patterned("乌海中院讨薪群", "乌海", "中院", (0, 4))
    assert [hit.quote for hit in asked(compiled, guard, labelled)][:1] == ["讨薪"]
    office = patterned("乌海市投诉中心", "乌海市", "投诉中心")
    assert not asked(compiled, guard, office)


SPEAKS = [
    ({"name": "朝阳区公安局", "verified": "none"}, "G-PLACE", "名为“朝阳区”的区划有2个", False),
    (
        {"name": "海口福彩", "verified": "none", "organisation": "海口椰风传媒有限公司"},
        "G-OPERATOR",
        "“海口椰风传媒有限公司”含有“海口”",
        True,
    ),
    (
        {"name": "乌海中院", "verified": "none", "bio": "网站 www.wuhai.gov.cn"},
        "G-DOMAIN",
        "www.wuhai.gov.cn",
        True,
    ),
    ({"name": "乌海中院", "verified": "none", "region": "内蒙古"}, "G-REGION", "内蒙古", False),
    (
        {"name": "乌海中院", "verified": "none", "created_at": datetime(2015, 1, 1, tzinfo=UTC)},
        "G-AGE",
        "创建于2015-01-01",
        False,
    ),
    (
        {"name": "乌海中院", "verified": "none", "bio": "谢谢“粉丝”们"},
        "G-QUOTED",
        "简介出现“粉丝”",
        False,
    ),
    (
        {"name": "乌海中院", "verified": "none", "bio": "讨薪三年"},
        "G-CRITIC",
        "简介出现“讨薪”",
        False,
    ),
]


@pytest.mark.parametrize(("fields", "guard", "said", "lowers"), SPEAKS, ids=lambda x: str(x)[:12])
def test_what_speaks_for_an_account_stands_in_its_row(
    compiled: Compiled, fields: dict[str, Any], guard: str, said: str, lowers: bool
) -> None:
    found = row(compiled, **fields)
    plain = row(compiled, name=fields["name"], verified="none")
    assert guard in found.guards_hit
    assert any(said in note for note in found.counter_evidence)
    assert (found.strength != plain.strength) == lowers


def test_another_body_equally_near_is_named(compiled: Compiled) -> None:
    names = ("云岭都市日报", "云领都市日报")
    bodies = tuple(
        Reference(kind="media", name=name, reference_id=f"media:{name}") for name in names
    )
    index = NameIndex.build(References(organisations=bodies))
    resources = replace(compiled.resources, names=index)
    account = Account(platform="p", account_id="1", name="云令都市日报", verified="none")
    first = index.matches("云令都市日报")[0]
    assert first.reference is not None
    given = Match((name_hit("name", "云令都市日报", first),))
    view = View(Dossier(account=account), resources, NOW)
    step = STEP.validate_python({"use": "equally_near"})
    found = step.hits(view, Subject("account", account), given)
    assert not isinstance(found, Missing)
    (hit,) = found
    assert {hit.facts["others"], first.reference.name} == set(names)
