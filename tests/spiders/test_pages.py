"""Page readers, case by case: a folder holds a page, how it was asked for, and what is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from auditor.model import Account, Target
from spiders import mastodon
from spiders.base import Page
from spiders.feeds import announced_feed, read_feed
from spiders.links import next_link
from spiders.posting_page import read_posts
from spiders.profile_page import read_profile
from spiders.profiles import opt_out

PAGES = Path(__file__).parents[1] / "pages"
CASES = sorted(path.parent for path in PAGES.glob("*/*/expected.json"))
FETCHED = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


def plain(value: object) -> Any:
    """The value as JSON with what was not collected left out; accounts and posts alike."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True, exclude={"fetched_at", "platform"})
    if isinstance(value, Page):
        shown = {key: found for key, found in asdict(value).items() if found}
        if value.posts:
            shown["posts"] = [plain(post) for post in value.posts]
        return json.loads(json.dumps(shown, default=sorted))
    return value


def read_case(folder: Path) -> Any:
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    (file,) = folder.glob("page.*")
    text = file.read_text(encoding="utf-8")
    account = Account(**request["account"]) if "account" in request else None
    try:
        return READERS[folder.parent.name](text, request, account)
    except ValidationError as fault:
        return {"unreadable": fault.errors()[0]["msg"]}


def _profiles(text: str, request: Mapping[str, Any], account: Account | None) -> Any:
    url, platform = request["url"], request["platform"]
    found = account or read_profile(text, url, platform, FETCHED)
    page = plain(read_posts(text, url, found, FETCHED)) if found else {}
    return page if account else {"account": plain(found), **page}


def _mastodon(text: str, request: Mapping[str, Any], account: Account | None) -> Any:
    data = json.loads(text)
    if account:
        return plain(mastodon.read_posts(data, account, FETCHED, "https://toot.example/next"))
    return plain(mastodon.read_profile(data, request["host"], request["platform"], FETCHED))


def _feeds(text: str, request: Mapping[str, Any], account: Account | None) -> Any:
    assert account is not None
    return plain(read_feed(text, request["url"], account, FETCHED))


READERS = {"profiles": _profiles, "mastodon": _mastodon, "feeds": _feeds}


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_page_is_read_as_its_case_says(folder: Path) -> None:
    assert read_case(folder) == json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def test_every_case_says_what_is_read() -> None:
    assert {path.parent for path in PAGES.glob("*/*/request.json")} == set(CASES)
    assert len(CASES) >= 16


ACCOUNT = Account(platform="p", account_id="a", name="n")


@given(st.text())
def test_no_page_is_too_odd_to_be_read(text: str) -> None:
    html = f'<script type="application/ld+json">{text}</script><div itemscope itemtype="{text}">'
    for page in (text, html):
        assert read_profile(page, "https://e.example/u", "p", FETCHED) is None
        read_posts(page, "https://e.example/u", ACCOUNT, FETCHED)
        read_feed(page, "https://e.example/f", ACCOUNT, FETCHED)


KEYS = st.sampled_from(
    ("@id", "@type", "name", "identifier", "url", "image", "hasPart", "author", "value")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON, JSON)
def test_no_value_of_a_property_is_too_odd_to_be_read(entity: object, part: object) -> None:
    graph = [
        {"@type": "ProfilePage", "mainEntity": {"name": "n", "identifier": "1", "x": entity}},
        {"@type": "Person", "additionalProperty": entity},
        {"@type": "SocialMediaPosting", "identifier": "1", "text": part, "author": entity},
        {"@type": "Article", "identifier": part, "image": entity, "interactionStatistic": part},
    ]
    html = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    read_posts(html, "https://e.example/u", ACCOUNT, FETCHED)


@pytest.mark.parametrize(
    ("target", "handle", "host"),
    [
        ("@Ada@toot.example", "Ada", "toot.example"),
        ("ada@127.0.0.1:3000", "ada", "127.0.0.1:3000"),
        ("https://toot.example/@ada", "ada", "toot.example"),
        ("https://toot.example/users/ada", "ada", "toot.example"),
        ("https://toot.example:8443/@ada/", "ada", "toot.example:8443"),
    ],
)
def test_a_mastodon_target_is_a_handle_or_the_address_of_a_profile(
    target: str, handle: str, host: str
) -> None:
    found = mastodon.account_of(Target(target=target))
    assert found is not None
    assert (found.handle, found.host) == (handle, host)


@pytest.mark.parametrize("target", ["https://toot.example/", "https://toot.example/about"])
def test_another_address_is_no_mastodon_target(target: str) -> None:
    assert mastodon.account_of(Target(target=target)) is None


@pytest.mark.parametrize(
    ("flags", "wish"),
    [
        ({}, None),
        ({"locked": False, "noindex": False, "indexable": True}, None),
        ({"locked": True}, "locked"),
        ({"noindex": True, "indexable": True}, "noindex"),
        ({"noindex": False, "indexable": False}, "indexable: false"),
        ({"indexable": False}, "indexable: false"),
        ({"noindex": None, "indexable": False}, None),
    ],
)
def test_a_wish_not_to_be_collected_is_kept(flags: dict[str, Any], wish: str | None) -> None:
    assert mastodon.opt_out(flags) == wish


@pytest.mark.parametrize(
    ("html", "header", "wish"),
    [
        ('<meta name="robots" content="noindex, nofollow">', [], "noindex"),
        ('<META NAME="ROBOTS" CONTENT="NONE">', [], "none"),
        ('<meta name="robots" content="index,follow">', [], None),
        ('<meta name="description" content="noindex">', [], None),
        ("<p>noindex</p>", ["nofollow, noindex"], "noindex"),
        ("", ["noarchive"], None),
    ],
)
def test_a_page_that_asks_not_to_be_collected_is_known(
    html: str, header: list[str], wish: str | None
) -> None:
    assert opt_out(html, header) == wish


@pytest.mark.parametrize(
    ("header", "url"),
    [
        (
            '<https://e.example/a?max_id=1>; rel="next", </b>; rel="prev"',
            "https://e.example/a?max_id=1",
        ),
        ('</b>; rel="prev", </a?x=1>; rel=next', "https://e.example/a?x=1"),
        ('</a>; title="x"; rel="next last"', "https://e.example/a"),
        ('</b>; rel="prev"', None),
        ("", None),
        ("rubbish", None),
    ],
)
def test_the_next_page_is_read_from_a_link_header(header: str, url: str | None) -> None:
    assert next_link(header, "https://e.example/p") == url


def test_the_first_feed_that_a_page_announces_is_found() -> None:
    html = (
        '<link rel="alternate" type="text/css" href="x"><link rel="alternate" type="{}" href="/f">'
    )
    page = "https://e.example/u"
    assert announced_feed(html.format("application/rss+xml"), page) == "https://e.example/f"
    assert announced_feed(html.format("text/html"), page) is None
