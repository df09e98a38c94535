"""The loaded lists as one plain value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditor.model import Reference, account_key
from auditor.references.rows import (
    Affix,
    ClosedAccount,
    Division,
    Event,
    FormerDivision,
    LookAlike,
    OptOut,
    OrganForm,
    OrganWord,
    Person,
    RegistryEntry,
    Work,
)


@dataclass(frozen=True, slots=True)
class ListInfo:
    """What is known about one list, present or not.

    ``path`` joins the files that were layered; ``entries`` counts rows in force; ``version`` is the
    newest and ``as_of`` the oldest date of its rows; ``sha256`` (hex) is over the files' bytes.
    ``state`` is ``not_read`` for a list that lies there but that this version does not use.
    """

    name: str
    path: str = ""
    entries: int = 0
    version: str = ""
    source: str = ""
    as_of: str = ""
    sha256: str = ""
    state: Literal["loaded", "absent", "not_read"] = "absent"


@dataclass(frozen=True, slots=True)
class References:
    """Everything that names, texts and accounts are compared with; pure once loaded.

    ``version`` is the newest date of any row; ``sha256`` (hex) covers every file of every layer.
    """

    organisations: tuple[Reference, ...] = ()
    divisions: tuple[Division, ...] = ()
    former_divisions: tuple[FormerDivision, ...] = ()
    organ_words: tuple[OrganWord, ...] = ()
    organ_forms: tuple[OrganForm, ...] = ()
    affixes: tuple[Affix, ...] = ()
    look_alikes: tuple[LookAlike, ...] = ()
    persons: tuple[Person, ...] = ()
    closed_accounts: tuple[ClosedAccount, ...] = ()
    events: tuple[Event, ...] = ()
    optout: tuple[OptOut, ...] = ()
    registry: tuple[RegistryEntry, ...] = ()
    works: tuple[Work, ...] = ()
    lists: tuple[ListInfo, ...] = ()
    version: str = ""
    sha256: str = ""

    @property
    def opted_out(self) -> frozenset[str]:
        """Accounts (``platform:id``) that asked to be left out of everything (fairness, 5)."""
        return frozenset(account_key(entry.platform, entry.account_id) for entry in self.optout)
