"""A person's own claim to a professional title in a name, a bio or a post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.anchors import MayCount
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
from auditor.detectors.posts import is_own
from auditor.detectors.scanned import PhraseSpan, ScannedText
from auditor.model import Hit
from auditor.titles import (
    ROLES,
    Reading,
    Title,
    may_be_stated,
    may_state,
    read_bio,
    read_name,
    read_post,
)

PROFILE = frozenset({"name", "bio"})
"""The fields of a profile in which a title is read."""

MOST = 40
"""Titles that are read in one text: no profile holds more in earnest, and each costs its clause."""

LIST_PREFIX = "titles-"
"""A list ``titles-law`` holds titles of the profession ``law``, and so does ``titles-law-x``."""

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
SPELLED = ("law", "medicine", "nursing", "pharmacy", "education", "journalism")
"""Professions with a list of other spellings of their titles (医笙)."""

TITLES = (
    *(f"@{LIST_PREFIX}{profession}" for profession in PROFESSIONS),
    *(f"@{LIST_PREFIX}{profession}-spelled" for profession in SPELLED),
)


MARK_PREFIX = "verification-"
"""A list ``verification-law`` holds what the words of a mark for the law may name beside titles."""

STATED = MayCount(may_state, may_be_stated)
"""Whether the author of a post may claim a title in it."""

OCCUPATIONS = (
    "@titles-law-post",
    "@titles-medicine-rank",
    "@titles-medicine-plain",
    "@titles-psychology-counsellor",
    "@titles-education-teaching",
    "@titles-education-plain",
    "@titles-finance-adviser",
    "@titles-finance-plain",
    "@titles-journalism-post",
)
"""Lists of occupations behind which no register stands; told under a rule of their own."""


OTHER_MARKS = f"{MARK_PREFIX}other"
"""The list of words by which a mark names a field, a reward or a company."""

PROFESSIONAL = frozenset(
    name.removeprefix("@")
    for name in (*TITLES, *OCCUPATIONS, *(f"@{MARK_PREFIX}{one}" for one in PROFESSIONS))
) | {OTHER_MARKS}
"""Every list of words by which a mark names a profession, or something else."""

OTHERS = frozenset(name for name in PROFESSIONAL if not name.startswith(MARK_PREFIX)) | {
    OTHER_MARKS
}
"""Those of titles, and of what is no profession."""


def names_profession(view: View, text: str, profession: str) -> bool:
    """Tell whether the words of a mark name a title, a post or an employer of a profession."""
    lists = (f"{LIST_PREFIX}{profession}", f"{MARK_PREFIX}{profession}")
    wanted = frozenset(name for name in PROFESSIONAL if name.startswith(lists))
    return bool(profession) and view.scanned(text).holds(wanted)


def may_name_profession(view: View, text: str, profession: str) -> bool:
    """Tell whether the words of a mark name a profession, or nothing that is known to be another.

    Marks name employers in many ways (华西骨科, 澎湃); an unknown one is no reason for a row.
    """
    if not profession or names_profession(view, text, profession):
        return bool(profession)
    return not view.scanned(text).holds(OTHERS)


class TitleClaim(Detector):
    """Finds a professional title that the author claims for the author, now.

    Every title is read in its clause (``auditor.titles``): it is claimed in a by-line of the name,
    where it closes a clause of the bio, or where the text says it of its author. Titles of an
    organisation, an audience, kin, a figure of speech, the past or the future, and those that are
    negated, quoted or asked give no hit. A longer phrase of ``excluding`` that covers a title
    (律师函, 医学生) makes it no title. In posts only the author's own words count.
    """

    use: Literal["title_claim"]
    titles: tuple[str, ...] = Field(default=TITLES, min_length=1)
    excluding: tuple[str, ...] = ("@title-negative",)
    fields: tuple[TextField, ...] = ("name", "bio")

    provides: ClassVar[frozenset[str]] = frozenset({"title", "profession"})

    words_alone: ClassVar[bool] = True
    anchored: ClassVar[bool] = True

    def lexicons(self) -> frozenset[str]:
        """Return all title lists and the longer words that hold a title and are none."""
        return self.known() | lexicon_ids(self.excluding)

    def known(self) -> frozenset[str]:
        """Return the lists whose titles are told from one another, those of other rules too."""
        return lexicon_ids((*TITLES, *OCCUPATIONS, *self.titles))

    def tables(self) -> frozenset[str]:
        """Return the lists that are looked up beside a title found, and not scanned for."""
        return frozenset(ROLES.values())

    def anchor(self) -> Anchor:
        """A title stands in one of the fields; in a post, where its author may claim it."""
        # Half of the profiles that name a title claim none: 医生妈妈, 备考教师资格证.
        asked = PROFILE.intersection(self.fields)
        words = lexicon_ids(self.titles)
        return Anchor("lexicon", self.fields, words, asked=asked, may_count=STATED)

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a claimed title, name before bio before posts."""
        found: list[Hit] = []
        missing: str | None = None
        for name in self.fields:
            if name == "text" and subject.each == "account":
                found.extend(self._in_posts(view))
            elif (text := text_of(subject, name)) is None:
                missing = missing or name
            else:
                read = self.readings(view, subject, name, text)
                found.extend(hit_of(name, text, span) for span, one in read if one.kind == "claim")
        return Missing(missing) if missing and not found else found

    def readings(
        self, view: View, subject: Subject, name: str, text: str
    ) -> Iterator[tuple[PhraseSpan, Reading]]:
        """Yield the titles of a text, claimed or not, with how each is read; at most ``MOST``."""
        wanted = lexicon_ids(self.titles)
        if not any(scanned.holds(wanted) for scanned in self._scans(view, name, text)):
            return
        key = ("titles", self.known(), self.excluding, name, subject.key, text)
        read = view.kept(key, lambda: list(self._read(view, subject, name, text)))
        yield from ((span, one) for span, one in read if wanted.intersection(span.lexicons))

    def _read(
        self, view: View, subject: Subject, name: str, text: str
    ) -> Iterator[tuple[PhraseSpan, Reading]]:
        known = view.resources.title_words
        spans = self._titles(view, name, text)
        titles = {span.start: _title(span) for span in spans}
        own, bio = text_of(subject, "name") or "", text_of(subject, "bio") or ""
        headline = (subject.post.title or "") if subject.post else ""
        for span in spans[:MOST]:
            title = _title(span)
            if name == "name":
                yield span, read_name(text, title, bio, known)
            elif name in ("text", "title"):
                yield span, read_post(text, title, known, headline)
            else:
                yield span, read_bio(text, title, titles, own, known)

    def _titles(self, view: View, name: str, text: str) -> list[PhraseSpan]:
        """Return the titles of a text."""
        scans = self._scans(view, name, text)
        # The longest title counts, whichever list holds it: 注册会计师 is no 会计师.
        known = self.known()
        found = {
            (span.start, span.end, span.phrase): span
            for scanned in scans
            for span in scanned.spans(known)
        }
        against = [span for one in scans for span in one.spans(lexicon_ids(self.excluding))]
        return uncovered(longest(list(found.values())), against)

    @staticmethod
    def _scans(view: View, name: str, text: str) -> list[ScannedText]:
        """Return what was found in a text; in a name also with signs in between (律-师)."""
        scanned = view.scanned(text)
        return [scanned, view.scanned_name(text)] if name == "name" else [scanned]

    def _in_posts(self, view: View) -> Iterator[Hit]:
        for index, post in enumerate(view.dossier.posts):
            if is_own(post) and self._may_state(view.scanned(post.text)):
                subject = Subject("post", view.dossier.account, post=post, post_index=index)
                for span, one in self.readings(view, subject, "text", post.text):
                    if one.kind == "claim":
                        yield hit_of("text", post.text, span, index)

    def _may_state(self, scanned: ScannedText) -> bool:
        """Tell whether a title of a post can be claimed: most posts are read no further."""
        wanted = lexicon_ids(self.titles)
        return scanned.holds(wanted) and may_state(
            scanned.folded.text,
            (
                (hit.start, hit.end)
                for hit in scanned.hits
                if not wanted.isdisjoint(scanned.scanner.lexicons(hit.phrase))
            ),
        )


def longest(spans: Sequence[PhraseSpan]) -> list[PhraseSpan]:
    """Return spans by place, none inside a longer one: 主任医师 is one title and not two."""
    kept: list[PhraseSpan] = []
    reach: PhraseSpan | None = None
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        same = reach is not None and (reach.start, reach.end) == (span.start, span.end)
        if reach is None or same or span.end > reach.end:
            kept.append(span)
            reach = span
    return kept


def uncovered(spans: Sequence[PhraseSpan], against: Sequence[PhraseSpan]) -> list[PhraseSpan]:
    """Return the spans, sorted by place, that no span of ``against`` holds."""
    others = sorted(against, key=lambda one: one.start)
    kept, at, reach = [], 0, -1
    for span in spans:
        while at < len(others) and others[at].start <= span.start:
            reach = max(reach, others[at].end)
            at += 1
        if reach < span.end:
            kept.append(span)
    return kept


def _title(span: PhraseSpan) -> Title:
    return Title(span.phrase, profession(span), span.start, span.end)


def covers(outer: PhraseSpan, inner: PhraseSpan) -> bool:
    """Tell whether one span holds the other."""
    return outer.start <= inner.start and inner.end <= outer.end


def profession(span: PhraseSpan) -> str:
    """Return the profession whose list holds the title: one of ``PROFESSIONS``, or nothing."""
    return _profession_of(span.lexicons)


@cache
def _profession_of(lexicons: tuple[str, ...]) -> str:
    lists = (name for name in lexicons if name.startswith(LIST_PREFIX))
    names = [name.removeprefix(LIST_PREFIX) for name in lists]
    return next((one for one in PROFESSIONS if any(name.startswith(one) for name in names)), "")


def hit_of(name: str, text: str, span: PhraseSpan, post: int | None = None) -> Hit:
    """Return the hit of one claimed title."""
    title = text[span.start : span.end]
    return Hit(
        field=name,
        quote=title,
        span=(span.start, span.end),
        post=post,
        steps=(f"title:{span.phrase}",),
        facts=MappingProxyType({"title": title, "profession": profession(span)}),
    )
