"""Phrases of a word list in the texts of a subject."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    Subject,
    TextField,
    View,
    lexicon_ids,
    text_of,
)
from auditor.detectors.scanned import MOST_READ, PhraseSpan
from auditor.model import Hit
from auditor.text import frame, on_word_boundaries

POST_FIELDS = ("text", "title")
LONGEST = 200
"""Characters of a text that one phrase may cover; invisible ones between its own count too."""


class Phrases(Detector):
    """Finds a phrase of a word list in the named fields.

    With ``own_words`` a phrase counts only where the author says it of the present: not quoted,
    not negated, not asked, not reported of somebody else; of one text the first thousand are read
    so. With ``boundaries`` it must begin and end where words do. With ``near`` only phrases within
    so many characters of the match count. A text that also holds a phrase of ``absent`` gives
    nothing, nor one that lacks every phrase of ``beside``.
    """

    use: Literal["phrases"]
    words: tuple[str, ...] = Field(min_length=1)
    fields: tuple[TextField, ...] = Field(min_length=1)
    own_words: bool = False
    boundaries: bool = False
    near: int | None = Field(default=None, ge=1)
    absent: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    provides: ClassVar[frozenset[str]] = frozenset({"phrase"})

    anchored: ClassVar[bool] = True

    @field_validator("words", "absent", "beside")
    @classmethod
    def _named_lists_only(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            if not word.startswith("@"):
                raise ValueError(
                    f"“{word}” must name a lexicon as “@id”: words are data of their own"
                )
        return words

    def lexicons(self) -> frozenset[str]:
        """Return the named lists."""
        return lexicon_ids((*self.words, *self.absent, *self.beside))

    def anchor(self) -> Anchor:
        """A phrase of the lists stands in one of the fields."""
        return Anchor("lexicon", self.fields, lexicon_ids(self.words))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a phrase, in the order of the fields."""
        found: list[Hit] = []
        missing: str | None = None
        for name in self.fields:
            text = (
                text_of(subject, name)
                if subject.post
                else text_of_match(view, subject, given, name)
            )
            if text is None:
                missing = missing or name
                continue
            scanned = view.scanned(text)
            spans = scanned.spans(lexicon_ids(self.words))
            if not spans or (self.absent and scanned.holds(lexicon_ids(self.absent))):
                continue
            if self.beside and not scanned.holds(lexicon_ids(self.beside)):
                continue
            chosen = spans if self.near is None else near(spans, name, given, self.near)
            found.extend(
                phrase_hit(name, text, span, subject)
                for span in islice(chosen, MOST_READ if self.own_words else None)
                if self._counts(text, span)
            )
        return Missing(missing) if missing and not found else found

    def reads_match(self, subject: Subject) -> bool:
        """Only nearness, and the post that an account's match lies in, depend on the match."""
        own_text = subject.post is not None or not set(self.fields).intersection(POST_FIELDS)
        return self.near is not None or not own_text

    def _counts(self, text: str, span: PhraseSpan) -> bool:
        if self.boundaries and not on_word_boundaries(text, span.start, span.end):
            return False
        if not self.own_words:
            return True
        said = frame(text, span.start, span.end)
        return not any((said.negated, said.quoted, said.question, said.reported, said.supposed))


def text_of_match(view: View, subject: Subject, given: Match, name: TextField) -> str | None:
    """Return a text of the subject; of an account, also the text of the post that was matched."""
    if name in POST_FIELDS and subject.each == "account":
        posts = [hit.post for hit in given.hits if hit.post is not None]
        return getattr(view.dossier.posts[posts[0]], name) if posts else None
    return text_of(subject, name)


def near(
    spans: Sequence[PhraseSpan], name: str, given: Match, characters: int
) -> Iterator[PhraseSpan]:
    """Yield the phrases within ``characters`` of the match so far, in the same field."""
    for hit in given.hits:
        if hit.span is None or hit.field != name:
            continue
        start, end = hit.span
        first = bisect_left(spans, start - characters - LONGEST, key=_start)
        last = bisect_left(spans, end + characters, key=_start)
        yield from (span for span in spans[first:last] if span.end > start - characters)


def _start(span: PhraseSpan) -> int:
    return span.start


def phrase_hit(name: str, text: str, span: PhraseSpan, subject: Subject) -> Hit:
    """Return the hit of one phrase."""
    quote = text[span.start : span.end]
    return Hit(
        field=name,
        quote=quote,
        span=(span.start, span.end),
        post=subject.post_index,
        steps=(f"phrase:{span.phrase}",),
        facts=MappingProxyType({"phrase": quote}),
    )
