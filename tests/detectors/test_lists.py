"""Persons, events and closed accounts of the operator's lists; changes and changes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.detectors.listed import Spellings
from auditor.model import Account, Change, Dossier, Finding
from auditor.references.rows import ClosedAccount, Event, Person
from auditor.rules import Compiled, evaluate
from auditor.text import fold

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
KEY: dict[str, Any] = {"platform": "p", "account_id": "1"}
HAND: dict[str, Any] = {"source": "desk", "as_of": "2026-11-01"}


def over(compiled: Compiled, **lists: Any) -> Compiled:
    references = replace(compiled.resources.references, **lists)
    return replace(compiled, resources=replace(compiled.resources, references=references))


def rows(
    compiled: Compiled, *changes: Change, now: datetime = NOW, **fields: Any
) -> dict[str, Finding]:
    account = Account.model_validate({**KEY, "verified": "none", "fetched_at": NOW, **fields})
    found = evaluate(compiled, Dossier(account=account, changes=changes), now).findings
    return {row.rule_id: row for row in found}


def renamed(before: str, after: str, hours: int = 0, field: str = "name") -> Change:
    at = NOW - timedelta(hours=hours)
    given = {"field": field, "before": before, "after": after, "changed_at": at}
    return Change.model_validate({**KEY, **given})


def person(kind: str = "public_figure", **more: Any) -> Person:
    consent = {"consent_ref": "file 12"} if kind == "private" else {}
    return Person.model_validate({"name": "王小满", "kind": kind, **consent, **HAND, **more})


CLAIMS = (
    ("王小满本人", "记录生活", True),
    ("王小满官方", "记录生活", True),
    ("王·小·满 官方账号", "记录生活", True),
    ("王小满", "本人唯一账号", True),
    ("王小满", "全网唯一官方账号，谨防上当", True),
    ("满满", "我是王小满本人", True),
    ("满满", "演员王小满唯一官方账号", True),
    ("满姐", "满姐本人，唯一账号", False),
    ("王小满", "本人爱钓鱼", False),
    ("王小满", "开面馆的", False),
    ("王小满", "关注人民日报官方账号", False),
    ("王小满", "不是官方账号，只是同名", False),
    ("王小满", "官方账号是什么？", False),
    ("王小满超话", "官方账号", False),
    ("王小满的小店", "官方账号", False),
    ("王小满同学", "本人很懒", False),
    ("王小满本人粉丝站", "爱她", False),
    ("满满", "去看王小满本人演出", False),
    ("满满", "王小满官方账号的搬运工", False),
    ("满满", "非王小满官方账号", False),
    ("王小满足本人", "记录生活", False),
)


@pytest.mark.parametrize(("name", "bio", "row"), CLAIMS)
def test_a_name_is_no_row_and_a_claim_beside_it_is(
    compiled: Compiled, name: str, bio: str, row: bool
) -> None:
    found = rows(over(compiled, persons=(person(),)), name=name, bio=bio)
    assert ("person-account-claimed" in found) is row
    for finding in found.values():
        assert "同名" in finding.question_zh


@pytest.mark.parametrize("name", [name for name, _, row in CLAIMS if row])
def test_without_a_list_of_persons_nobody_gets_a_row(compiled: Compiled, name: str) -> None:
    assert "person-account-claimed" not in rows(compiled, name=name, bio="本人唯一账号")


def test_an_alias_is_the_person_and_a_known_account_is_theirs(compiled: Compiled) -> None:
    listed = over(compiled, persons=(person(aliases=("满姐",), known_accounts=("p:2",)),))
    assert "person-account-claimed" in rows(listed, name="满姐本人", bio="记录生活")
    assert not rows(listed, name="满姐本人", bio="记录生活", account_id="2")


def test_of_an_official_only_names_are_read(compiled: Compiled) -> None:
    listed = over(compiled, persons=(person("official"),))
    assert rows(listed, name="王小满官方", bio="记录生活")
    assert not rows(listed, name="满满", bio="王小满唯一官方账号")
    assert not rows(listed, name="王小满", bio="唯一官方账号")


def test_a_row_past_its_day_protects_nobody_any_more(compiled: Compiled) -> None:
    past = over(compiled, persons=(person(valid_until="2026-11-20"),))
    assert not rows(past, renamed("满满", "王小满"), name="王小满本人", bio="唯一账号")


def test_a_missing_bio_is_a_gap_where_the_name_says_nothing(compiled: Compiled) -> None:
    account = Account(**KEY, name="王小满", verified="none")
    listed = over(compiled, persons=(person(),))
    judged = evaluate(listed, Dossier(account=account), NOW)
    assert "person-account-claimed:bio" in judged.not_evaluated


def test_a_rename_to_the_persons_name_asks(compiled: Compiled) -> None:
    listed = over(compiled, persons=(person("private"),))
    row = rows(listed, renamed("早餐铺", "王小满"), name="王小满", bio="x")["rename-to-person"]
    assert row.strength == "medium"
    assert "可能是同名的另一人" in row.fact_zh
    unknown = rows(listed, renamed("早餐铺", "王小满"), name="王小满", verified=None)
    assert unknown["rename-to-person"].strength == "weak"
    assert "rename-to-person" not in rows(
        listed, renamed("王小满", "王小满本人"), name="王小满本人"
    )


def event(**more: Any) -> Event:
    given = {
        "event_id": "ev-1", "name": "榕江桥垮塌", "aliases": ["榕江桥事故"], "kind": "accident",
        "starts_at": "2026-11-01", "ends_at": "2026-11-30", "added_by": "a", "approved_by": "b",
    }  # fmt: skip
    return Event.model_validate({**given, **HAND, **more})


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ("早餐铺", "榕江桥垮塌", True),
        ("早餐铺", "【榕江桥·垮塌】现场", True),
        ("早餐铺", "榕江桥事故直播", True),
        ("早餐铺", "榕江桥边早餐", False),
        ("榕江桥事故", "榕江桥垮塌直播", False),
        ("榕江桥垮塌", "早餐铺", False),
        ("早餐铺", "榕江桥垮塌家属维权", False),
    ],
)
def test_a_rename_to_an_event_is_a_weak_question(
    compiled: Compiled, before: str, after: str, row: bool
) -> None:
    found = rows(over(compiled, events=(event(),)), renamed(before, after), name=after)
    assert ("rename-to-event" in found) is row
    if row:
        assert found["rename-to-event"].strength == "weak"
        assert "可能为悼念或声援，建议核验身份" in found["rename-to-event"].fact_zh


@pytest.mark.parametrize(
    ("changed", "now", "row"),
    [
        ("2026-11-01T00:00:00+08:00", "2026-11-30T23:59:00+08:00", True),
        ("2026-10-31T23:59:00+08:00", "2026-11-30T23:59:00+08:00", False),
        ("2026-11-02T00:00:00+08:00", "2026-12-01T00:00:00+08:00", False),
    ],
)
def test_an_event_counts_in_its_window_only(
    compiled: Compiled, changed: str, now: str, row: bool
) -> None:
    given = {"field": "name", "before": "早餐铺", "after": "榕江桥垮塌", "changed_at": changed}
    change = Change.model_validate({**KEY, **given})
    at = datetime.fromisoformat(now)
    found = rows(over(compiled, events=(event(),)), change, now=at, name="榕江桥垮塌")
    assert ("rename-to-event" in found) is row


def test_a_change_back_and_a_new_avatar_stand_in_the_fact(compiled: Compiled) -> None:
    there, back = renamed("早餐铺", "人民曰报", 50), renamed("人民曰报", "早餐铺", 2)
    avatar = renamed("a.png", "b.png", 50, "avatar")
    row = rows(compiled, avatar, there, back, name="早餐铺")["rename-to-reference"]
    assert "头像在同一次采集时也已更换" in row.fact_zh
    assert "2026-11-21 10:00采集时已改回原值" in row.fact_zh
    assert "avatar had changed at the same capture" in row.fact_en
    assert "2026-11-21 10:00 it had been changed back" in row.fact_en
    plain = rows(compiled, there, name="人民曰报")["rename-to-reference"]
    assert "改回" not in plain.fact_zh
    assert "头像" not in plain.fact_zh
    later = renamed("a.png", "b.png", 40, "avatar")
    assert (
        "头像" not in rows(compiled, there, later, name="人民曰报")["rename-to-reference"].fact_zh
    )


BIO = "每天讲一件榕江的新鲜事，只说看见的"


def closed(**more: Any) -> ClosedAccount:
    given: Mapping[str, Any] = {
        "platform": "p", "account_id": "9", "name": "榕江老周", "bio": BIO, "closed_at": "2026-10",
    }  # fmt: skip
    return ClosedAccount.model_validate({**given, **HAND, **more})


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        ({}, True),
        ({"name": "榕江 老周！"}, True),
        ({"bio": BIO + "。"}, True),
        ({"bio": "每天讲一件榕江的新鲜事，只说我看见的"}, True),
        ({"created_at": "2026-11-02T00:00:00+08:00"}, True),
        ({"created_at": "2026-10-02T00:00:00+08:00"}, True),
        ({"created_at": "2026-09-30T23:00:00+08:00"}, False),
        ({"name": "榕江老周2号"}, False),
        ({"bio": "钓鱼种菜带孙子，闲时也讲一件事"}, False),
        ({"bio": "none"}, False),
        ({"platform": "q"}, False),
        ({"account_id": "9"}, False),
        ({"verified": "media", "verified_label": "榕江广播电视台"}, False),
    ],
)
def test_name_and_bio_together_equal_a_closed_profile(
    compiled: Compiled, fields: dict[str, Any], row: bool
) -> None:
    listed = over(compiled, closed_accounts=(closed(),))
    found = rows(listed, **{"name": "榕江老周", "bio": BIO, **fields})
    assert ("profile-equals-closed" in found) is row


@pytest.mark.parametrize(
    ("kept", "shown", "row", "said"),
    [
        ("a.png", "a.png", True, True),
        ("a.png", "b.png", False, False),
        ("a.png", None, True, False),
        ("", "b.png", True, False),
    ],
)
def test_an_avatar_counts_where_both_have_one(
    compiled: Compiled, kept: str, shown: str | None, row: bool, said: bool
) -> None:
    listed = over(compiled, closed_accounts=(closed(avatar=kept),))
    found = rows(listed, name="榕江老周", bio=BIO, avatar=shown)
    assert ("profile-equals-closed" in found) is row
    if row:
        finding = found["profile-equals-closed"]
        assert ("头像" in finding.fact_zh) is said
        assert "记录为已关闭" in finding.fact_zh
        assert finding.not_evaluated == ("profile-equals-closed:created_at",)


def test_a_closed_profile_without_a_bio_on_the_page_is_not_evaluated(compiled: Compiled) -> None:
    listed = over(compiled, closed_accounts=(closed(),))
    judged = evaluate(listed, Dossier(account=Account(**KEY, name="榕江老周")), NOW)
    assert "profile-equals-closed:bio" in judged.not_evaluated


def test_the_longest_spelling_answers_and_offsets_are_the_originals() -> None:
    spelled = Spellings([("人民日报", 1), ("人民日报社", 2), ("艾米·王", 3)])
    text = "看 人\u200b民日报社，艾米王"
    found = list(spelled.find(fold(text)))
    assert [one.entry for one in found] == [2, 3]
    assert text[found[0].start : found[0].end] == "人\u200b民日报社"
