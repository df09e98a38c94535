"""One text of a dossier and what the one scan found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from auditor.text import (
    ALL_KINDS,
    Folded,
    PhraseHit,
    Scanner,
    blob_of,
    fold_batch,
    may_hold_identifiers,
)

MOST_READ: Final = 1_000
"""Phrases of one text whose sentences are read: each takes up to a millisecond where no sentence
ends, and no text names so many in earnest."""


@dataclass(frozen=True, slots=True)
class PhraseSpan:
    """A phrase that stands in a text; ``start`` and ``end`` count the original's code points."""

    phrase: str
    lexicons: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class ScannedText:
    """One text of a dossier with everything the one scan found in it.

    ``is_plain`` says that it is known to hold no identifier; otherwise nobody has looked.
    """

    original: str
    folded: Folded
    hits: tuple[PhraseHit, ...]
    scanner: Scanner
    is_plain: bool = False
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


def scanned_batch(scanner: Scanner, texts: Sequence[str]) -> dict[str, ScannedText]:
    """Fold and scan many texts at once, a third as dear as one by one; return each by itself."""
    folded = fold_batch(texts)
    plain = [one.text for one in folded]
    may_hold = may_hold_identifiers(blob_of(plain), ALL_KINDS).tolist()
    return {
        text: ScannedText(text, one, tuple(hits), scanner, not may)
        for text, one, hits, may in zip(
            texts, folded, scanner.scan_batch(plain), may_hold, strict=True
        )
    }
