"""The word lists by which a title is read, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from auditor.text import fold

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "title-organisation",
        "accounts": "title-official-account",
        "bodies": "title-bodies",
        "employers": "title-employers",
        "stays": "title-stays",
        "generic": "title-generic",
        "associations": "title-associations",
        "audience": "title-audience",
        "before": "title-before",
        "former": "title-former",
        "trainee": "title-trainee",
        "given_up": "title-not-now",
        "submissions": "title-submissions",
        "not_really": "title-not-really",
        "still": "title-still",
        "held_yet": "title-held-yet",
        "author": "title-author",
        "tails": "title-tails",
        "together": "title-together",
        "kin": "title-kin",
        "figures": "title-figures",
        "no_names": "title-no-names",
        "teachers": "titles-education-plain",
        "teaching": "title-teaching",
        "chiefs": "titles-medicine-plain",
        "medical": "title-medical",
        "offices": "title-offices",
        "analysts": "titles-finance-plain",
        "investing": "title-investing",
        "crafts": "title-crafts",
        "surnames": "person-surnames",
        "work": "title-fields",
        "talk": "title-talk",
        "workplaces": "title-workplace",
    }
)
"""Which word list plays which part; they are looked up beside a title and never scanned for."""


@dataclass(frozen=True)
class TitleWords:
    """The lists of ``ROLES``, folded, and the names of places."""

    lists: Mapping[str, frozenset[str]]
    places: frozenset[str]

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[str]], places: frozenset[str]) -> TitleWords:
        """Return the words folded; ``lists`` is by role."""
        folded = {role: frozenset(fold(w).text for w in words) for role, words in lists.items()}
        return cls(folded, places)

    def words(self, role: str) -> frozenset[str]:
        """Return the folded words of one role."""
        return self.lists[role]

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {role: re.compile(_alternation(words)) for role, words in self.lists.items()}

    @cached_property
    def _ends(self) -> Mapping[str, tuple[str, ...]]:
        return {role: tuple(words) for role, words in self.lists.items()}

    def found(self, role: str, text: str, *, but: str = "") -> str:
        """Return the first word of a role, and not of ``but``, in a folded text; or nothing."""
        apart = self.lists[but] if but else frozenset()
        hits = (hit.group() for hit in self._patterns[role].finditer(text))
        return next((word for word in hits if word not in apart), "")

    def opens(self, role: str, text: str) -> str:
        """Return the longest word of a role that a folded text begins with; empty for none."""
        hit = self._patterns[role].match(text)
        return hit.group() if hit else ""

    def closes(self, role: str, text: str) -> str:
        """Return the longest word of a role that a folded text ends with; empty for none."""
        ends = self._ends[role]
        # Asked in C first: most texts end with none of them.
        if not text.endswith(ends):
            return ""
        return max(filter(text.endswith, ends), key=len)


def _alternation(words: Iterable[str]) -> str:
    ordered = sorted(filter(None, words), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, ordered)) or r"(?!)"
