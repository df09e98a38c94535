"""One text of a dossier and what the one scan found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from auditor.text import Folded, PhraseHit, Scanner


@dataclass(frozen=True, slots=True)
class PhraseSpan:
    """A phrase that stands in a text; ``start`` and ``end`` count the original's code points."""

    phrase: str
    lexicons: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class ScannedText:
    """One text of a dossier with everything the one scan found in it."""

    original: str
    folded: Folded
    hits: tuple[PhraseHit, ...]
    scanner: Scanner
    _spans: dict[frozenset[str], list[PhraseSpan]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def lexicons(self) -> frozenset[str]:
        """The lexicons that have a phrase in the text."""
        members = {self.scanner.lexicons(hit.phrase) for hit in self.hits}
        return frozenset[str]().union(*members)

    def holds(self, lexicons: frozenset[str]) -> bool:
        """Tell whether a phrase of these lexicons stands in the text."""
        return bool(self.hits) and not lexicons.isdisjoint(self.lexicons)

    def spans(self, lexicons: frozenset[str]) -> list[PhraseSpan]:
        """Return the phrases of these lexicons, by position in the original text."""
        if not self.holds(lexicons):
            return []
        if lexicons not in self._spans:
            self._spans[lexicons] = self._found(lexicons)
        return self._spans[lexicons]

    def _found(self, wanted: frozenset[str]) -> list[PhraseSpan]:
        found = []
        for hit in self.hits:
            members = self.scanner.lexicons(hit.phrase)
            if not wanted.isdisjoint(members):
                start, end = self.folded.span(hit.start, hit.end)
                found.append(PhraseSpan(self.scanner.phrase(hit.phrase), members, start, end))
        return found
