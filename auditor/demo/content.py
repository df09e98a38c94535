"""The data files of the fictional platform, read into plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml
from pydantic import ValidationError

from auditor.errors import InputError
from auditor.model import NONE_SHOWN, Account, Post

CHINA = timezone(timedelta(hours=8))
"""All times of the data files are in +08:00."""

DATA = Path(__file__).parent / "data"

_POST = re.compile(r"(?P<at>\d\d-\d\d \d\d:\d\d) (?P<text>.+)", re.DOTALL)
# What a page shows where its entry says nothing: looked, and nothing there (contracts, section 2).
_NOTHING_SHOWN: Mapping[str, Any] = {
    "verified": NONE_SHOWN,
    "verified_label": NONE_SHOWN,
    "organisation": NONE_SHOWN,
    "field": NONE_SHOWN,
    "mcn": NONE_SHOWN,
    "contacts": (),
    "shops": (),
    "monetisation": (),
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the platform says of itself; ``captures`` are the moments at which it was looked at."""

    platform: str
    name: str
    motto: str
    url: str
    year: int
    captures: tuple[datetime, ...]
    account_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One account: its profile at each capture, and its posts, oldest first."""

    profiles: tuple[Account, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """One finding that a run over the platform must make, and why."""

    account_id: str
    rule_id: str
    reason: str


def read_site(directory: Path = DATA) -> Site:
    """Read ``platform.yml``."""
    raw = _read(directory / "platform.yml")
    return Site(
        platform=raw["platform"],
        name=raw["name"],
        motto=raw["motto"],
        url=raw["site"],
        year=raw["year"],
        captures=tuple(raw["captures"]),
        account_files=tuple(raw["account_files"]),
    )


def read_entries(site: Site, directory: Path = DATA) -> tuple[Entry, ...]:
    """Read all accounts, in the order of the files.

    Raises:
        InputError: an entry fits no field of an account or a post; file and account are named.
    """
    return tuple(
        entry for name in site.account_files for entry in _read_file(site, directory / name)
    )


def read_planted(directory: Path = DATA) -> tuple[Planted, ...]:
    """Read ``planted.yml``: what a run must find, and nothing else."""
    return tuple(Planted(**row) for row in _read(directory / "planted.yml")["findings"])


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _read_file(site: Site, path: Path) -> Iterator[Entry]:
    for raw in _read(path):
        try:
            yield _entry(site, dict(raw))
        except (ValidationError, KeyError, ValueError) as fault:
            raise InputError(f"account {raw.get('id')}: {fault}", str(path)) from fault


def _entry(site: Site, raw: dict[str, Any]) -> Entry:
    lines, later = raw.pop("posts"), raw.pop("later", {})
    earlier = raw.pop("earlier", 0)
    account_id = raw.pop("id")
    moments = sorted(
        (moment for line in lines for moment in _moments(site, line)), key=lambda item: item["at"]
    )
    posts = tuple(
        _post(site, account_id, raw["handle"], number, moment)
        for number, moment in enumerate(moments, start=1)
    )
    shown = {"posts_count": earlier, **_NOTHING_SHOWN, **raw}
    states = (shown, {**shown, **later})
    profiles = tuple(
        _profile(site, account_id, dict(state), posts, captured_at)
        for state, captured_at in zip(states, site.captures, strict=True)
    )
    return Entry(profiles, posts)


def _profile(
    site: Site, account_id: str, state: dict[str, Any], posts: tuple[Post, ...], at: datetime
) -> Account:
    look = state.pop("look", 1)
    state["posts_count"] += len(published(posts, at))
    created_on = state.pop("created_at")
    return Account(
        platform=site.platform,
        account_id=account_id,
        url=f"{site.url}/u/{state['handle']}",
        avatar=f"{site.url}/avatar/{state['handle']}-{look}.svg",
        created_at=datetime.combine(created_on, time(), CHINA),
        fetched_at=at,
        **state,
    )


def published(posts: tuple[Post, ...], at: datetime) -> tuple[Post, ...]:
    """Return the posts that were published at a moment or before."""
    return tuple(
        post for post in posts if post.published_at is not None and post.published_at <= at
    )


def _moments(site: Site, line: str | Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield one raw post for each time at which a text was published."""
    if isinstance(line, str):
        found = _POST.fullmatch(line)
        if found is None:
            raise ValueError(f"“{line}” is no post; write MM-DD HH:MM and the text")
        line = found.groupdict()
    rest = {key: value for key, value in line.items() if key not in ("at", "times")}
    if "edited_at" in rest:
        rest["edited_at"] = _moment(site, rest["edited_at"])
    for shown in line.get("times") or [line["at"]]:
        yield {**rest, "at": _moment(site, shown)}


def _moment(site: Site, shown: str) -> datetime:
    day, _, clock = shown.partition(" ")
    return datetime.combine(
        date.fromisoformat(f"{site.year}-{day}"), time.fromisoformat(clock), CHINA
    )


def _post(site: Site, account_id: str, handle: str, number: int, raw: dict[str, Any]) -> Post:
    post_id = f"{account_id}-{number:02d}"
    # Invented counts that are the same on every machine; nothing is measured with them.
    chance = crc32(post_id.encode())
    return Post(
        platform=site.platform,
        account_id=account_id,
        post_id=post_id,
        kind="text",
        state="edited" if "edited_at" in raw else "live",
        published_at=raw.pop("at"),
        likes=chance % 97,
        comments=chance % 19,
        reposts=chance % 7,
        views=chance % 97 * 23 + 40,
        url=f"{site.url}/u/{handle}#{post_id}",
        fetched_at=site.captures[-1],
        **raw,
    )
