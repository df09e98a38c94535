"""A person's own claim to a protected title in a name or a bio."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
from auditor.detectors.bylines import BylineWords, is_byline, names_holder
from auditor.model import Hit
from auditor.text import fold, frame, on_word_boundaries, sentence_span

LIST_PREFIX = "titles-"
"""A list ``titles-law`` holds the titles of the profession ``law``."""

PROFESSIONS = (
    "law",
    "medicine",
    "nursing",
    "pharmacy",
    "psychology",
    "education",
    "finance",
    "journalism",
)
TITLES = tuple(f"@{LIST_PREFIX}{profession}" for profession in PROFESSIONS)

PROFILE = ("name", "bio", "before", "after")
CLAUSE_ENDS = "，,。；;！!？?｜|/\n 、"
LONGEST_GIVEN_NAME = 3

# 十二位医生, 23万医生, 两名律师: more than one person; 一名 and 一位 are the author.
COUNTED = re.compile(
    r"(?:[0-9]{2,}|[2-9二两三四五六七八九十百千万数几多余])[余多]?(?:[万位名]|个(?!月|年))"
)
# 急诊护士一枚 closes its clause as well.
ONE = re.compile(r"^一[名位枚个只]")


class TitleClaim(Detector):
    """Finds a protected title that the person claims for themselves.

    A title counts unless a longer phrase of ``excluding`` covers it (律师函, 医学生), a word of
    ``beside`` stands in the same clause (organisation, audience, former, trainee), a word of
    ``before`` ends where it begins (找律师, 前记者), or the sentence quotes, negates, asks or
    reports it. In a name the title must stand in a by-line (``surnames``, ``work``, ``talk``), or a
    word of ``support`` in the bio must bear it out. In a bio the title must close its
    clause. A word of ``given_up`` in the bio says that the title is held no longer, or not yet.
    """

    use: Literal["title_claim"]
    titles: tuple[str, ...] = Field(default=TITLES, min_length=1)
    excluding: tuple[str, ...] = ("@title-negative",)
    beside: tuple[str, ...] = (
        "@title-organisation",
        "@title-former",
        "@title-trainee",
        "@title-audience",
    )
    before: tuple[str, ...] = ("@title-before",)
    surnames: tuple[str, ...] = Field(default=("@person-surnames",), min_length=1)
    work: tuple[str, ...] = ("@title-fields",)
    talk: tuple[str, ...] = ("@title-talk",)
    support: tuple[str, ...] = ("@title-workplace",)
    given_up: tuple[str, ...] = ("@title-not-now",)
    fields: tuple[TextField, ...] = ("name", "bio")

    provides: ClassVar[frozenset[str]] = frozenset({"title", "profession"})

    def lexicons(self) -> frozenset[str]:
        """Return the title lists and the lists that speak against a claim."""
        return lexicon_ids((*self.titles, *self.excluding, *self.beside, *self.before))

    def tables(self) -> frozenset[str]:
        """Return the lists that are looked up beside a title found, and not scanned for."""
        words = (*self.surnames, *self.work, *self.talk, *self.support, *self.given_up)
        return lexicon_ids(words)

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
            found.extend(self._claims(view, subject, name, text))
        return Missing(missing) if missing and not found else found

    def _claims(self, view: View, subject: Subject, name: str, text: str) -> list[Hit]:
        scanned = view.scanned(text)
        spans = longest(scanned.spans(lexicon_ids(self.titles)))
        against = scanned.spans(lexicon_ids(self.excluding))
        beside = scanned.spans(lexicon_ids(self.beside))
        before = scanned.spans(lexicon_ids(self.before))
        kept = [
            span
            for span in spans
            if not any(covers(other, span) for other in against)
            and not any(in_clause(text, name, span, other) for other in beside)
            and not any(stands_before(text, other, span) for other in before)
            and not self._is_given_up(view, subject, span.end if name == "bio" else 0)
        ]
        if name == "name":
            kept = [span for span in kept if self._stands_in_name(view, subject, text, span)]
        else:
            kept = [span for span in kept if is_own(text, name, span) and closes(text, span, spans)]
        return [claim_hit(name, text, span) for span in kept]

    def _byline_words(self, view: View) -> BylineWords:
        resources = view.resources
        return BylineWords(
            surnames=resources.words(self.surnames),
            work=resources.words(self.work),
            talk=resources.words(self.talk),
            places=resources.places,
        )

    def _stands_in_name(self, view: View, subject: Subject, text: str, span: PhraseSpan) -> bool:
        """Tell whether a name claims the title: in a by-line, or borne out by the bio."""
        known = self._byline_words(view)
        held = names_holder(text, span.start, known)
        if not is_own(text, "name", span, held=held):
            return False
        if is_byline(text, span.start, span.end, known):
            return True
        bio = view.scanned(text_of(subject, "bio") or "")
        if len(text) - span.end > LONGEST_GIVEN_NAME or bio.spans(lexicon_ids(self.beside)):
            return False
        return any(word in bio.folded.text for word in view.resources.words(self.support))

    def _is_given_up(self, view: View, subject: Subject, start: int) -> bool:
        bio, name = text_of(subject, "bio") or "", text_of(subject, "name") or ""
        rest = fold(f"{name}\n{bio[start:]}").text
        return any(word in rest for word in view.resources.words(self.given_up))


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


def stands_before(text: str, word: PhraseSpan, title: PhraseSpan) -> bool:
    """Tell whether a word ends where the title begins, and is a word: 学 is none in 大学教授."""
    return word.end == title.start and on_word_boundaries(text, word.start, word.end)


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


def is_own(text: str, name: str, span: PhraseSpan, *, held: bool = False) -> bool:
    """Tell whether the author claims the title: asserted, and placed as a by-line is.

    ``held`` says that a person stands before the title: then 王律师说 is a by-line and no report.
    """
    said = frame(text, span.start, span.end, profile=name in PROFILE)
    if said.negated or said.quoted or said.question or said.supposed:
        return False
    if said.reported and not held:
        return False
    if name == "name" or said.about_self:
        return True
    first, last = clause_span(text, span.start, span.end)
    # “…三甲医院主任医师，” closes its clause; “医师节快乐” and “律师都懂” do not.
    rest = ONE.sub("", text[span.end : last])
    return len(rest) <= 1 and span.start - first <= 24


def closes(text: str, span: PhraseSpan, titles: Sequence[PhraseSpan]) -> bool:
    """Tell whether titles in a row (律师、法官、检察官都在用) close their clause together."""
    while text[span.end : span.end + 1] in ("、", "和", "与", "及"):
        following = next((item for item in titles if item.start == span.end + 1), None)
        if following is None:
            break
        span = following
        if span.end < clause_span(text, span.start, span.end)[1] - 1:
            return False
    first, _ = clause_span(text, span.start, span.end)
    return COUNTED.search(text[first : span.start]) is None


def profession(span: PhraseSpan) -> str:
    """Return the profession whose list holds the title: one of ``PROFESSIONS``, or nothing."""
    return next((name for name in PROFESSIONS if LIST_PREFIX + name in span.lexicons), "")


def claim_hit(name: str, text: str, span: PhraseSpan) -> Hit:
    """Return the hit of one claimed title."""
    title = text[span.start : span.end]
    return Hit(
        field=name,
        quote=title,
        span=(span.start, span.end),
        steps=(f"title:{span.phrase}",),
        facts=MappingProxyType({"title": title, "profession": profession(span)}),
    )
