"""Posts out of RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1 documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from pydantic import ValidationError

from auditor.collection.markup import plain_text
from auditor.collection.shown import instant
from auditor.model import Account, Post
from spiders.base import Page

_ANNOUNCED = (
    "//link[@rel='alternate'][@type='application/rss+xml' or @type='application/atom+xml'"
    " or @type='application/feed+json']/@href"
)
# Local names, because feeds bind the same elements to different prefixes.
_ENTRY = "//*[local-name()='item' or local-name()='entry']"
_ID = "./*[local-name()='guid' or local-name()='id']/text()"
_LINK = "./*[local-name()='link']/@href | ./*[local-name()='link']/text()"
_TITLE = "string(./*[local-name()='title'])"
_BODIES = ("encoded", "content", "description", "summary")
_PUBLISHED = "./*[local-name()='pubDate' or local-name()='published' or local-name()='date']/text()"
_UPDATED = "./*[local-name()='updated']/text()"


def announced_feed(html: str, url: str) -> str | None:
    """Return the address of the first feed that a page announces, or ``None``."""
    found = Selector(text=html).xpath(_ANNOUNCED).get()
    return urljoin(url, found) if found else None


def read_feed(text: str, url: str, account: Account, fetched_at: datetime) -> Page | None:
    """Read the posts of a feed; ``None`` when the text is no feed."""
    entries = _json_entries(text) if text.lstrip()[:1] == "{" else _xml_entries(text)
    if entries is None:
        return None
    posts, unreadable = [], []
    for entry in entries:
        try:
            posts.append(_post(entry, url, account, fetched_at))
        except ValidationError as fault:
            unreadable.append(f"{entry.get('id')}: {fault.errors()[0]['msg']}")
    return Page(tuple(posts), unreadable=tuple(unreadable))


def _post(entry: Mapping[str, Any], url: str, account: Account, fetched_at: datetime) -> Post:
    published = instant(entry.get("published"), fetched_at)
    updated = instant(entry.get("updated"), fetched_at)
    title, link = entry.get("title"), entry.get("link")
    return Post(
        platform=account.platform,
        account_id=account.account_id,
        post_id=str(entry.get("id") or link or ""),
        text=_body(entry) or str(title or ""),
        title=str(title) if title else None,
        published_at=published or updated,
        edited_at=updated if published and updated != published else None,
        url=urljoin(url, str(link)) if link else None,
        fetched_at=fetched_at,
    )


def _body(entry: Mapping[str, Any]) -> str:
    return plain_text(str(entry.get("body") or "")) or str(entry.get("plain") or "")


def _xml_entries(text: str) -> Iterator[Mapping[str, Any]] | None:
    # parsel neither resolves entities nor fetches what a document names.
    root = Selector(text=text, type="xml")
    if not root.xpath("/*[local-name()='rss' or local-name()='feed' or local-name()='RDF']"):
        return None
    return (_xml_entry(entry) for entry in root.xpath(_ENTRY))


def _xml_entry(entry: Selector) -> Mapping[str, Any]:
    bodies = (entry.xpath(f"string(./*[local-name()='{name}'])").get() for name in _BODIES)
    return {
        "id": (entry.xpath(_ID).get() or "").strip(),
        "link": (entry.xpath(_LINK).get() or "").strip(),
        "title": plain_text(entry.xpath(_TITLE).get() or ""),
        "body": next((body for body in bodies if body and body.strip()), ""),
        "published": entry.xpath(_PUBLISHED).get(),
        "updated": entry.xpath(_UPDATED).get(),
    }


def _json_entries(text: str) -> Iterator[Mapping[str, Any]] | None:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, Mapping) else None
    if not isinstance(items, list):
        return None
    return (_json_entry(item) for item in items if isinstance(item, Mapping))


def _json_entry(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "id": item.get("id"),
        "link": item.get("url"),
        "title": item.get("title"),
        "body": item.get("content_html"),
        "plain": item.get("content_text") or item.get("summary"),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
    }
