"""What reading a title gives."""

from __future__ import annotations

from typing import Literal, NamedTuple

ReadingKind = Literal[
    "claim",
    "organisation",
    "audience",
    "relation",
    "nickname",
    "honorific",
    "former",
    "trainee",
    "negated",
    "quoted",
    "asked",
    "mention",
]
"""``claim``: the author says to hold the title now. The others say of whom, or how, it is said."""


class Title(NamedTuple):
    """A title that stands in a text; ``start`` and ``end`` count the original's code points.

    ``profession`` is that of the list which holds it.
    """

    phrase: str
    profession: str
    start: int
    end: int


class Reading(NamedTuple):
    """How a title is read, and the words that decided it (empty where its place alone did)."""

    kind: ReadingKind
    because: str = ""


CLAIM = Reading("claim")
MENTION = Reading("mention")
