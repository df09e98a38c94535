"""Mastodon and what speaks its API: profiles and public posts, without logging in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from pydantic import ValidationError
from scrapy import Request
from scrapy.http import Response, TextResponse

from auditor.collection.markup import plain_text
from auditor.collection.shown import count, instant
from auditor.collection.targets import Handle, handle_of, url_of
from auditor.model import Account, FetchOutcome, Post, PostRef, Target
from spiders.base import Errand, Page, TargetSpider, Yields, now, same_origin
from spiders.links import next_link

PLATFORM = "mastodon"
_PAGE_SIZE = 40
_KINDS = {"video": "video", "gifv": "video", "image": "image"}


class MastodonSpider(TargetSpider):
    """Reads ``/api/v1/accounts/lookup`` and ``/api/v1/accounts/:id/statuses``."""

    name = "mastodon"

    def first_request(self, errand: Errand) -> Request | FetchOutcome:
        """Ask who the handle is."""
        handle = account_of(errand.target)
        if handle is None:
            return self.end(errand, "failed", "neither handle@host nor the address of a profile")
        base = url_of(errand.target.target, allow_private=self.state.settings.allow_private)
        url = urljoin(base, f"/api/v1/accounts/lookup?acct={quote(handle.handle)}")
        return self.ask(url, errand, self.read_account)

    def read_account(self, response: Response, errand: Errand) -> Yields:
        """Keep a profile that has not opted out, then ask for its posts."""
        data = _json(response)
        if not isinstance(data, Mapping) or "id" not in data:
            yield self.unreadable(response, errand, "the answer holds no account")
            return
        if wish := opt_out(data):
            yield self.end(errand, "opted_out", wish)
            return
        # A local account is named without its host (docs.joinmastodon.org/entities/Account).
        handle = account_of(errand.target)
        host = handle.host if handle else ""
        account = read_profile(data, host, errand.target.platform or PLATFORM, now())
        yield account
        path = f"/api/v1/accounts/{quote(str(data['id']))}/statuses?limit={_PAGE_SIZE}"
        url = urljoin(response.url, path)
        yield self.ask(url, Errand(errand.target, errand.walk, account), self.read_statuses)

    def read_statuses(self, response: Response, errand: Errand) -> Yields:
        """Keep one page of posts."""
        data = _json(response)
        if not isinstance(data, list) or errand.account is None:
            yield self.unreadable(response, errand, "the answer holds no list of posts")
            return
        header = response.headers.get("Link")
        following = next_link(header.decode("latin-1") if header else "", response.url)
        page = read_posts(data, errand.account, now(), same_origin(following, response.url))
        yield from self.walk_on(errand, page, self.read_statuses)


def account_of(target: Target) -> Handle | None:
    """Read ``handle@host``, ``https://host/@handle`` or ``https://host/users/handle``."""
    if handle := handle_of(target.target):
        return handle
    parts = urlsplit(target.target)
    segments = [segment for segment in parts.path.split("/") if segment]
    if segments and segments[0].startswith("@"):
        name = segments[0].strip("@")
    elif len(segments) >= 2 and segments[0] == "users":
        name = segments[1]
    else:
        return None
    return Handle(name, parts.netloc.lower()) if name and parts.netloc else None


def opt_out(data: Mapping[str, Any]) -> str | None:
    """Return the wish of an account not to be collected, or ``None``.

    ``locked`` and ``noindex`` say so in any case. ``indexable: false`` says so too, unless the
    server reports ``noindex`` as null: then nobody was asked, and false is only its default.
    """
    asked = data.get("noindex", False) is not None
    wishes = {
        "locked": data.get("locked") is True,
        "noindex": data.get("noindex") is True,
        "indexable: false": data.get("indexable") is False and asked,
    }
    return next((wish for wish, given in wishes.items() if given), None)


def read_profile(
    data: Mapping[str, Any], host: str, platform: str, fetched_at: datetime
) -> Account:
    """Read an Account entity; ``host`` completes the handle of a local account.

    Mastodon has no mark of verification, so ``verified`` stays *not collected*.

    Raises:
        ValidationError: a value fits no field.
    """
    username = str(data.get("acct") or data.get("username"))
    acct = username if "@" in username else f"{username}@{host}"
    return Account(
        platform=platform,
        account_id=acct,
        name=_text(data, "display_name") or str(data.get("username")),
        handle=acct,
        bio=plain_text(_text(data, "note") or "") or None,
        url=_text(data, "url"),
        avatar=_text(data, "avatar"),
        banner=_text(data, "header"),
        followers=count(data.get("followers_count")),
        following=count(data.get("following_count")),
        posts_count=count(data.get("statuses_count")),
        created_at=instant(data.get("created_at"), fetched_at),
        fetched_at=fetched_at,
    )


def read_posts(
    data: Sequence[Any], account: Account, fetched_at: datetime, next_url: str | None = None
) -> Page:
    """Read a list of Status entities; only public and unlisted ones are kept."""
    posts, unreadable = [], []
    for status in data:
        if not isinstance(status, Mapping) or status.get("visibility") in ("private", "direct"):
            continue
        try:
            posts.append(_post(status, account, fetched_at))
        except ValidationError as fault:
            unreadable.append(f"{status.get('id')}: {fault.errors()[0]['msg']}")
    pinned = {str(status.get("id")) for status in data if _is_pinned(status)}
    # A server that repeats the link on an empty page would be walked in circles.
    following = next_url if posts or unreadable else None
    return Page(tuple(posts), following, frozenset(pinned), tuple(unreadable))


def _post(status: Mapping[str, Any], account: Account, fetched_at: datetime) -> Post:
    media = [item for item in _list(status, "media_attachments") if isinstance(item, Mapping)]
    return Post(
        platform=account.platform,
        account_id=account.account_id,
        post_id=str(status["id"]) if status.get("id") else "",
        text=plain_text(_text(status, "content") or ""),
        kind=_kind(media),
        title=_text(status, "spoiler_text"),
        published_at=instant(status.get("created_at"), fetched_at),
        edited_at=instant(status.get("edited_at"), fetched_at),
        state="edited" if status.get("edited_at") else "live",
        likes=count(status.get("favourites_count")),
        reposts=count(status.get("reblogs_count")),
        comments=count(status.get("replies_count")),
        reply_to=_reference(account.platform, status.get("in_reply_to_id")),
        repost_of=_reference(account.platform, _mapping(status, "reblog").get("id")),
        mentions=tuple(str(who["acct"]) for who in _list(status, "mentions") if who.get("acct")),
        images=tuple(str(item["url"]) for item in media if _is_image(item)),
        links=tuple(url for url in [_mapping(status, "card").get("url")] if url),
        url=_text(status, "url"),
        fetched_at=fetched_at,
    )  # the text of a boosted post is another person's and is not taken over


def _kind(media: Sequence[Mapping[str, Any]]) -> Any:
    kinds = [_KINDS[str(item.get("type"))] for item in media if item.get("type") in _KINDS]
    return kinds[0] if kinds else "text"


def _reference(platform: str, post_id: object) -> PostRef | None:
    return PostRef(platform=platform, post_id=str(post_id)) if post_id else None


def _is_image(item: Mapping[str, Any]) -> bool:
    return item.get("type") == "image" and isinstance(item.get("url"), str)


def _is_pinned(status: object) -> bool:
    return isinstance(status, Mapping) and status.get("pinned") is True


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) and value else None


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def _json(response: Response) -> object:
    if not isinstance(response, TextResponse):
        return None
    try:
        return json.loads(response.text)
    except (ValueError, RecursionError):
        return None
