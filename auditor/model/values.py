"""Base of all plain values, and the words that the contracts fix."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

NONE_SHOWN = "none"
"""What a text field holds when the page was looked at and shows nothing (contracts, section 2)."""

CHINA = timezone(timedelta(hours=8))
"""Beijing time, in which every output is written (contracts, section 2)."""

MAX_NAME = 200
MAX_BIO = 5_000
MAX_TEXT = 1_000_000

Verified = Literal["none", "person", "organisation", "media", "government", "unknown"]
PostKind = Literal["text", "article", "image", "video", "live", "comment"]
PostState = Literal["live", "deleted", "edited", "corrected"]
PostLabel = Literal[
    "ai_generated", "fiction", "old_news", "advertisement", "original", "rumour", "disputed"
]
Monetisation = Literal[
    "shop", "live_gifts", "paid_consultation", "course", "membership", "ads", "donation"
]
PostCommerce = Literal["goods", "course", "paid_consultation", "tips", "donation"]
ChangeField = Literal["name", "bio", "avatar", "verification", "entity"]
EvidenceGrade = Literal["E1", "E2", "E3", "E4"]
Strength = Literal["strong", "medium", "weak"]
FindingClass = Literal["fact", "assist"]


def check_storable(text: str) -> str:
    """Refuse text that no report or database could hold.

    Raises:
        ValueError: the text holds a NUL or an unpaired surrogate.
    """
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("holds an unpaired surrogate") from None
    return text


Text = Annotated[str, AfterValidator(check_storable)]
"""Text that a report and a database can hold."""

Instant = AwareDatetime
"""A point in time with an offset; naive times are refused."""


class Value(BaseModel):
    """A frozen value that refuses unknown fields; ``None`` always means *not collected*."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def share_names(value: Value, known: dict[frozenset[str], set[str]]) -> None:
    """Let a value hold the names of the fields it was given as one of ``known``, a set for all.

    A set of its own is 0.7 KiB, two fifths of what a post is in memory; values never change.
    """
    names = value.model_fields_set
    shared = known.setdefault(frozenset(names), names)
    object.__setattr__(value, "__pydantic_fields_set__", shared)


def is_shown(value: str | None) -> bool:
    """Tell whether a text field was collected and shows something."""
    return value is not None and value not in ("", NONE_SHOWN)


def account_key(platform: str, account_id: str) -> str:
    """Return the namespaced id ``platform:id`` that reports and commands use."""
    return f"{platform}:{account_id}"


__all__ = [
    "MAX_BIO",
    "MAX_NAME",
    "MAX_TEXT",
    "NONE_SHOWN",
    "ChangeField",
    "EvidenceGrade",
    "FindingClass",
    "Instant",
    "Monetisation",
    "PostCommerce",
    "PostKind",
    "PostLabel",
    "PostState",
    "Strength",
    "Text",
    "Value",
    "Verified",
    "account_key",
    "check_storable",
    "datetime",
    "is_shown",
    "share_names",
]
