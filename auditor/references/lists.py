"""Which lists there are, where they lie, and what makes two rows the same entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType

from auditor.references.rows import (
    Affix,
    ClosedAccount,
    Division,
    Event,
    FormerDivision,
    LookAlike,
    OptOut,
    OrganForm,
    Organisation,
    OrganWord,
    Person,
    RegistryEntry,
    Row,
    Work,
)


@dataclass(frozen=True, slots=True)
class ListKind:
    """One list: its row class, and the key by which an overlay replaces a shipped row."""

    row: type[Row]
    key: Callable[[Row], object]


LISTS = MappingProxyType(
    {
        "organisations": ListKind(Organisation, attrgetter("kind", "name")),
        "divisions": ListKind(Division, attrgetter("code", "name")),
        "divisions_former": ListKind(FormerDivision, attrgetter("name", "province")),
        "organ_forms": ListKind(OrganForm, attrgetter("word")),
        "organ_words": ListKind(OrganWord, attrgetter("word", "class_")),
        "affixes": ListKind(Affix, attrgetter("word", "class_")),
        "glyphs": ListKind(LookAlike, attrgetter("found", "expected")),
        "persons": ListKind(Person, attrgetter("kind", "name")),
        "closed_accounts": ListKind(ClosedAccount, attrgetter("platform", "account_id")),
        "events": ListKind(Event, attrgetter("event_id")),
        "optout": ListKind(OptOut, attrgetter("platform", "account_id")),
        "registry": ListKind(RegistryEntry, attrgetter("profession", "name", "number")),
        "works": ListKind(Work, attrgetter("id")),
    }
)
"""Every list that this version reads."""

ABSENT = (
    "archive",
    "charity_platforms",
    "complaints",
    "documents",
    "logos",
    "measures",
    "refutations",
    "reports",
)
"""Lists of the contracts that no rule of this version reads yet; reported as not read."""

FORMS = (".csv", ".jsonl")
"""File forms of a list, by suffix."""
