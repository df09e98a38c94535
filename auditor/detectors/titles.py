"""A person's own claim to a protected title in a name or a bio."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

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
from auditor.text import frame, sentence_span

PROFILE = ("name", "bio", "before", "after")
CLAUSE_ENDS = "，,。；;！!？?｜|/\n 、"


class TitleClaim(Detector):
    """Finds a protected title that the person claims for themselves.

    A title counts unless a longer phrase of ``excluding`` covers it (律师函, 医学生), a word of
    ``beside`` stands in the same clause (organisation, audience, former, trainee), a word of
    ``before`` ends where it begins (找律师, 前记者), or the sentence quotes, negates, asks or
    reports it. In a bio the title must close its clause, as a person's by-line does.
    """

    use: Literal["title_claim"]
    titles: tuple[str, ...] = Field(min_length=1)
    excluding: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    fields: tuple[TextField, ...] = ("name", "bio")

    provides: ClassVar[frozenset[str]] = frozenset({"title"})

    def lexicons(self) -> frozenset[str]:
        """Return the title lists and the lists that speak against a claim."""
        return lexicon_ids((*self.titles, *self.excluding, *self.beside, *self.before))

    def anchor(self) -> Anchor:
        """A title stands in one of the fields."""
        return Anchor("lexicon", self.fields, lexicon_ids(self.titles))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a claimed title, name before bio, longest title first."""
        found: list[Hit] = []
        missing: str | None = None
        for name in self.fields:
            text = text_of(subject, name)
            if text is None:
                missing = missing or name
                continue
            found.extend(self._claims(view, name, text))
        return Missing(missing) if missing and not found else found

    def _claims(self, view: View, name: str, text: str) -> list[Hit]:
        scanned = view.scanned(text)
        spans = longest(scanned.spans(lexicon_ids(self.titles)))
        against = scanned.spans(lexicon_ids(self.excluding))
        beside = scanned.spans(lexicon_ids(self.beside))
        before = scanned.spans(lexicon_ids(self.before))
        return [
            claim_hit(name, text, span)
            for span in spans
            if not any(covers(other, span) for other in against)
            and not any(in_clause(text, name, span, other) for other in beside)
            and not any(other.end == span.start for other in before)
            and is_own(text, name, span)
        ]


def longest(spans: list[PhraseSpan]) -> list[PhraseSpan]:
    """Drop spans that lie inside a longer one, so that 主任医师 is one title and not two."""
    return [
        span
        for span in spans
        if not any(
            other is not span and covers(other, span) and _size(other) > _size(span)
            for other in spans
        )
    ]


def _size(span: PhraseSpan) -> int:
    return span.end - span.start


def covers(outer: PhraseSpan, inner: PhraseSpan) -> bool:
    """Tell whether one span holds the other."""
    return outer.start <= inner.start and inner.end <= outer.end


def clause_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around a span: bios are lists, so commas and bars end a clause too."""
    first, last = sentence_span(text, start, end)
    while start > first and text[start - 1] not in CLAUSE_ENDS:
        start -= 1
    while end < last and text[end] not in CLAUSE_ENDS:
        end += 1
    return start, end


def in_clause(text: str, name: str, span: PhraseSpan, other: PhraseSpan) -> bool:
    """Tell whether a word that speaks against a claim stands in the clause of the title.

    A name is one clause. A word that is itself part of the title (医 in 医师) does not count.
    """
    if covers(span, other):
        return False
    first, last = (0, len(text)) if name == "name" else clause_span(text, span.start, span.end)
    return other.start >= first and other.end <= last


def is_own(text: str, name: str, span: PhraseSpan) -> bool:
    """Tell whether the author claims the title: asserted, and placed as a by-line is."""
    said = frame(text, span.start, span.end, profile=name in PROFILE)
    if said.negated or said.quoted or said.question or said.reported or said.supposed:
        return False
    if name == "name" or said.about_self:
        return True
    first, last = clause_span(text, span.start, span.end)
    # “…三甲医院主任医师，” closes its clause; “医师节快乐” and “律师都懂” do not.
    return span.end >= last - 1 and (span.start - first) <= 24


def claim_hit(name: str, text: str, span: PhraseSpan) -> Hit:
    """Return the hit of one claimed title."""
    title = text[span.start : span.end]
    return Hit(
        field=name,
        quote=title,
        span=(span.start, span.end),
        steps=(f"title:{span.phrase}",),
        facts=MappingProxyType({"title": title}),
    )
