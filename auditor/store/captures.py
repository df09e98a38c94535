"""What a new capture means beside the one that is kept; pure.

A capture is placed by its ``fetched_at``. An older one never replaces a newer one and shows no
change; one without a time cannot be placed, so it shows no change either. *Not collected* is no
value: a field that a capture lacks neither changes nor forgets what was last seen of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic_core import to_json

from auditor.model import Account, Change, Post
from auditor.model.values import ChangeField

Place = Literal["newer", "same", "older"]

# Counts move with every capture: they are kept up to date but are no change of the profile or post.
_MOVING = frozenset(
    {
        "fetched_at",
        "followers",
        "following",
        "posts_count",
        "views",
        "likes",
        "reposts",
        "comments",
    }
)
_FOLLOWED: tuple[tuple[ChangeField, tuple[str, ...]], ...] = (
    ("name", ("name",)),
    ("bio", ("bio",)),
    ("avatar", ("avatar",)),
    ("verification", ("verified", "verified_label")),
    ("entity", ("organisation",)),
)
_PARTS = tuple(name for _, parts in _FOLLOWED for name in parts)
_STILL: dict[type[Account | Post], tuple[str, ...]] = {
    kind: tuple(sorted(kind.model_fields.keys() - _MOVING)) for kind in (Account, Post)
}
_NESTED: dict[type[Account | Post], tuple[str, ...]] = {
    Account: ("credentials",),
    Post: ("reply_to", "repost_of"),
}


def render_capture(value: Account | Post) -> bytes:
    """A capture as JSON; what was not collected is absent."""
    return value.__pydantic_serializer__.to_json(value, exclude_none=True)


def plain(data: bytes | str) -> dict[str, Any]:
    """A rendered capture as a dictionary.

    Raises:
        ValueError: it is no JSON object.
    """
    return dict(json.loads(data))


def digest_of(value: Account | Post) -> str:
    """SHA-256 of what a capture shows as sorted JSON, without counts and the time it was taken."""
    held, kind = value.__dict__, type(value)
    for name in _NESTED[kind]:
        if held[name]:
            # Their own fields must be sorted too, which only the slower way does.
            shown = value.model_dump(mode="json", exclude_none=True, exclude=set(_MOVING))
            text = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            return hashlib.sha256(text.encode()).hexdigest()
    still = {name: held[name] for name in _STILL[kind] if held[name] is not None}
    return hashlib.sha256(to_json(still)).hexdigest()


def place(kept: datetime | None, new: datetime | None) -> Place:
    """Where a capture stands in time beside the one that is kept."""
    # Two captures without a time are of one unknown instant: neither is the newer.
    if kept == new:
        return "same"
    if new is None or (kept is not None and new < kept):
        return "older"
    return "newer"


def fuller(kept: tuple[bytes | str, str], new: tuple[bytes | str, str]) -> bool:
    """Whether ``new`` is to be kept of two captures of one instant, whichever came first.

    Each is a rendered capture and its digest.
    """
    if kept[1] == new[1] and _text(kept[0]) == _text(new[0]):
        return False  # an import done again, told without parsing
    return (len(plain(new[0])), new[1]) > (len(plain(kept[0])), kept[1])


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode()


def known_values(known: Mapping[str, str], account: Account) -> dict[str, str]:
    """The last value collected of each followed field, once ``account`` is the newest capture."""
    held = account.__dict__
    return {**known, **{name: held[name] for name in _PARTS if held[name] is not None}}


def changes(known: Mapping[str, str], account: Account) -> tuple[Change, ...]:
    """The changes that a newer capture shows against the last values collected."""
    if account.fetched_at is None:
        return ()
    after = known_values(known, account)
    return tuple(
        Change(
            platform=account.platform,
            account_id=account.account_id,
            field=field,
            before=_joined(known, parts),
            after=_joined(after, parts),
            changed_at=account.fetched_at,
        )
        for field, parts in _FOLLOWED
        if any(part in known and known[part] != after[part] for part in parts)
    )


def _joined(values: Mapping[str, str], parts: tuple[str, ...]) -> str | None:
    """A value; for verification the mark and its text, as ``media: 人民日报官方账号``."""
    return ": ".join(values[part] for part in parts if part in values) or None


def wording(data: Mapping[str, Any]) -> dict[str, str]:
    """The title and text of a post: what an edit changes."""
    return {name: data[name] for name in ("title", "text") if name in data}


def reworded(kept: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a newer capture of a post says something else where both were collected."""
    before, after = wording(kept), wording(new)
    return any(name in after and after[name] != text for name, text in before.items())
