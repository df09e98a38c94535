"""What a post sells, and what the page shows of a field: looked at, none shown, not collected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest

from auditor.detectors import Match, Missing, Subject, View
from auditor.detectors.commerce import Offer, PostOffer, Sold, offer_of
from auditor.detectors.fields import CredentialsShown, FieldLabel, FieldShare
from auditor.model import Account, Dossier, Hit, Post
from auditor.rules import Compiled

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KINDS: tuple[Sold, ...] = ("goods", "course", "paid_consultation")
LISTS = ("@offer-goods", "@offer-services")


def post(text: str, **fields: Any) -> Post:
    return Post.model_validate(
        {"platform": "p", "account_id": "1", "post_id": "1", "text": text, **fields}
    )


def view(compiled: Compiled, *posts: Post, **profile: Any) -> View:
    account = Account.model_validate(
        {"platform": "p", "account_id": "1", "name": "小满", **profile}
    )
    return View(
        Dossier(account=account, posts=posts, posts_seen=len(posts)), compiled.resources, NOW
    )


@pytest.mark.parametrize(
    ("text", "fields", "zh"),
    [
        ("今天讲遗嘱", {"commerce": ["paid_consultation"]}, "付费咨询"),
        ("今天讲遗嘱", {"commerce": ["tips", "course"]}, "课程"),
        ("遗嘱要有见证人，付费咨询请留言", {"commerce": []}, "用语“付费咨询”"),
        ("遗嘱要有见证人。购课链接在下面", {}, "用语“购课链接”"),
        ("今天讲遗嘱", {"commerce": [], "title": "课程报名开始了"}, "用语“课程报名”"),
    ],
)
def test_commerce_of_the_post_and_the_author_s_own_words_are_an_offer(
    compiled: Compiled, text: str, fields: dict[str, Any], zh: str
) -> None:
    one = post(text, **fields)
    found = offer_of(view(compiled, one), one, KINDS, LISTS)
    assert isinstance(found, Offer)
    assert found.zh == zh
    assert found.en


@pytest.mark.parametrize(
    "text",
    ["今天讲遗嘱", "我没有付费咨询", "他说付费咨询很贵", "要不要买付费课程？", "“付费咨询”四个字"],
)
def test_denied_reported_asked_or_quoted_words_are_no_offer(compiled: Compiled, text: str) -> None:
    shown, unknown = post(text, commerce=["tips", "donation"]), post(text)
    assert offer_of(view(compiled, shown), shown, KINDS, LISTS) is None
    assert offer_of(view(compiled, unknown), unknown, KINDS, LISTS) == Missing("commerce")


def test_a_shop_or_a_way_of_earning_on_the_profile_is_no_offer_of_a_post(
    compiled: Compiled,
) -> None:
    one = post("今天讲遗嘱", commerce=[])
    seen = view(compiled, one, shops=["小满书店"], monetisation=["shop", "live_gifts", "course"])
    assert offer_of(seen, one, KINDS, LISTS) is None


def test_an_offer_needs_a_step_that_found_the_post(compiled: Compiled) -> None:
    one = post("今天讲遗嘱", commerce=["goods"])
    seen, step = view(compiled, one), PostOffer(use="post_offer", words=LISTS)
    subject = Subject("post", seen.dossier.account, post=one, post_index=0)
    assert step.hits(seen, subject, Match()) == []
    found = step.hits(seen, subject, Match((Hit("text", "遗嘱", (3, 5), post=0),)))
    assert not isinstance(found, Missing)
    (hit,) = found
    assert (hit.field, hit.facts["offer"], hit.facts["offer_en"]) == ("commerce", "商品", "goods")


LAW = "公司违法解除，劳动者可以申请劳动仲裁，主张赔偿金，举证责任在用人单位。"


@pytest.mark.parametrize(
    ("commerce", "answer"),
    [([], []), (["tips"], []), (None, Missing("commerce"))],
)
def test_a_professional_post_that_sells_nothing_is_silent_and_unknown_commerce_is_said(
    compiled: Compiled, commerce: list[str] | None, answer: object
) -> None:
    rule = next(rule for rule in compiled.rules if rule.id == "title-with-paid-posts")
    step = next(step for step in rule.find if isinstance(step, FieldShare))
    seen = view(compiled, post(LAW, commerce=commerce))
    facts = MappingProxyType({"title": "律师", "profession": "law"})
    given = Match((Hit("bio", "律师", facts=facts),))
    assert step.hits(seen, Subject("account", seen.dossier.account), given) == answer


def count(found: Sequence[Hit] | Missing, field: str) -> int | None:
    """Return the number of hits, or nothing where the field was not collected."""
    if isinstance(found, Missing):
        assert found.field == field
        return None
    return len(found)


@pytest.mark.parametrize(
    ("profile", "answer"),
    [({}, None), ({"field": "none"}, 1), ({"field": "法律"}, 0)],
)
def test_a_field_label_is_shown_not_shown_or_not_collected(
    compiled: Compiled, profile: dict[str, Any], answer: int | None
) -> None:
    seen = view(compiled, **profile)
    found = FieldLabel(use="field_label").hits(
        seen, Subject("account", seen.dossier.account), Match()
    )
    assert count(found, "field") == answer


@pytest.mark.parametrize(
    ("profile", "answer"),
    [({}, None), ({"credentials": []}, 0), ({"credentials": [{"kind": "nurse"}]}, 1)],
)
def test_credentials_are_shown_not_shown_or_not_collected(
    compiled: Compiled, profile: dict[str, Any], answer: int | None
) -> None:
    seen = view(compiled, **profile)
    step = CredentialsShown(use="credentials_shown")
    found = step.hits(seen, Subject("account", seen.dossier.account), Match())
    assert count(found, "credentials") == answer
