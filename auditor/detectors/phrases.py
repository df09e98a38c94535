"""Phrases of a word list in the texts of a subject."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    PhraseSpan,
    Subject,
    TextField,
    View,
    lexicon_ids,
    text_of,
)
from auditor.model import Hit
from auditor.text import frame, on_word_boundaries

POST_FIELDS = ("text", "title")


class Phrases(Detector):
    """Finds a phrase of a word list in the named fields.

    With ``own_words`` a phrase counts only where the author says it of the present: not quoted,
    not negated, not asked, not reported of somebody else. With ``boundaries`` it must begin and end
    where words do. With ``near`` only phrases within so many characters of the match count.
    A text that also holds a phrase of ``absent`` gives nothing.
    """

    use: Literal["phrases"]
    words: tuple[str, ...] = Field(min_length=1)
    fields: tuple[TextField, ...] = Field(min_length=1)
    own_words: bool = False
    boundaries: bool = False
    near: int | None = Field(default=None, ge=1)
    absent: tuple[str, ...] = ()

    provides: ClassVar[frozenset[str]] = frozenset({"phrase"})

    @field_validator("words", "absent")
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
        return lexicon_ids((*self.words, *self.absent))

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
            if self.absent and scanned.spans(lexicon_ids(self.absent)):
                continue
            found.extend(
                phrase_hit(name, text, span, subject)
                for span in scanned.spans(lexicon_ids(self.words))
                if self._counts(text, span, name, given)
            )
        return Missing(missing) if missing and not found else found

    def _counts(self, text: str, span: PhraseSpan, name: str, given: Match) -> bool:
        if self.near is not None and not is_near(span, name, given, self.near):
            return False
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


def is_near(span: PhraseSpan, name: str, given: Match, characters: int) -> bool:
    """Tell whether a phrase stands within ``characters`` of the match so far, in the same field."""
    for hit in given.hits:
        if hit.span is None or hit.field != name:
            continue
        start, end = hit.span
        if span.start < end + characters and span.end > start - characters:
            return True
    return False


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
