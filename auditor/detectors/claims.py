"""What a profile says it is to a listed body: run by it, authorised by it, on its staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    Resources,
    Subject,
    TextField,
    View,
    lexicon_ids,
    text_of,
)
from auditor.detectors.leftovers import SIGNS, leftover, wide_clause
from auditor.detectors.names import CAUTIONS
from auditor.detectors.scanned import PhraseSpan
from auditor.detectors.titles import covers, longest
from auditor.model import Hit, Reference
from auditor.text import fold, frame, on_word_boundaries
from auditor.titles import clause_span

Kind = Literal[
    "party", "government", "military", "institution", "media", "group", "charity", "international"
]

NO_GAP = re.compile(r"[，,。；;！!？?、\n]")
LONGEST_GAP = 12
LONGEST_LINK = 3
LONGEST_PATTERN = 20
LONGEST_PERSON = 4

DOUBT = (
    "所述为主管、隶属或授权关系，不等于称由该机构运营",
    "to be supervised, attached or authorised is not to be run by the body",
)
WHERE = {
    "name": ("名称", "name"),
    "bio": ("简介", "bio"),
    "verified_label": ("认证文字", "mark"),
    "after": ("新的简介", "new bio"),
}
LISTED = ("“{body.name}”为参照表所列名称", "“{body.name}” is on the reference list")
PATTERN = (
    "“{body.name}”由地名“{body.place}”与职务或机构用语“{body.organ}”组成，参照表未列该名称",
    "“{body.name}” joins the place “{body.place}” and the word “{body.organ}” and is on no list",
)


class Body(NamedTuple):
    """A body named in a text; ``reference`` is ``None`` for one that is known by its pattern."""

    start: int
    end: int
    name: str
    reference: Reference | None = None
    place: str = ""
    organ: str = ""
    doubt: str = ""


class BodyClaim(Detector):
    """Finds a text in which its author claims to be, or to belong to, a named body.

    A phrase of ``words`` stands behind the body (XX官方账号, XX主办, XX记者), or one of ``leading``
    before it (隶属于XX). Between the two may stand signs, 的 or a part of the body (``parts``).
    The claim must be the clause's own: before it stand only ``openers`` (本号由), ``objects`` (what
    an account is called) and the account's own name; it closes its clause, goes on with a word of
    ``onward``, or 的 and one of ``objects``. Quoted, denied, asked or reported it does not count,
    nor beside a word of ``beside`` (关注, 转自, 曾任), nor before one of ``address`` (请帮我). A
    phrase of ``doubted`` carries its doubt with it. In a name, a person of ``surnames`` may follow.
    With ``patterns`` a place and organ word count as a body too. With ``like_match`` only the body
    of the match so far counts.
    """

    use: Literal["body_claim"]
    words: tuple[str, ...] = Field(min_length=1)
    leading: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    onward: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = Field(min_length=1)
    patterns: bool = False
    like_match: bool = False
    fields: tuple[TextField, ...] = ("bio",)

    provides: ClassVar[frozenset[str]] = frozenset(
        {"reference", "said", "place", "organ", "where", "where_en", "basis", "basis_en"}
    )

    anchored: ClassVar[bool] = True

    def lexicons(self) -> frozenset[str]:
        """Return the words of claims, and those that speak against one."""
        return lexicon_ids((*self.words, *self.leading, *self.beside, *self.doubted))

    def tables(self) -> frozenset[str]:
        """Return the lists that are looked up around a claim."""
        return lexicon_ids(
            (
                *self.openers,
                *self.objects,
                *self.parts,
                *self.onward,
                *self.address,
                *self.surnames,
            )
        )

    def anchor(self) -> Anchor:
        """A word of a claim stands in one of the fields; a mark that is absent has no text."""
        lexicons = lexicon_ids((*self.words, *self.leading))
        mark = frozenset({"verified_label"})
        # Nearly every mark of an organisation says 官方账号; few name a body before it.
        return Anchor("lexicon", self.fields, lexicons, optional=mark, asked=mark)

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a claim, in the order of the fields."""
        found: list[Hit] = []
        missing: str | None = None
        for name in self.fields:
            text = text_of(subject, name)
            if text is None:
                missing = missing or (name if name != "verified_label" else None)
                continue
            if view.scanned(text).holds(lexicon_ids((*self.words, *self.leading))):
                reading = _Reading(self, view, subject, name, text)
                found.extend(hit for hit in reading.hits() if self._wants(hit, given))
        return Missing(missing) if missing and not found else found

    def names_asked(self, view: View, subject: Subject) -> Iterator[str]:
        """Yield what stands before a claim, where a place and organ word may."""
        for name in self.fields:
            text = text_of(subject, name)
            if text and view.scanned(text).holds(lexicon_ids(self.words)):
                yield from _Reading(self, view, subject, name, text).names()

    def _wants(self, hit: Hit, given: Match) -> bool:
        return not self.like_match or hit.facts["reference"] == given.facts().get("reference")


class _Words(NamedTuple):
    """The lists that are looked up around a claim, as a step names them."""

    before: frozenset[str]
    parts: tuple[str, ...]
    objects: tuple[str, ...]
    onward: tuple[str, ...]
    address: tuple[str, ...]
    surnames: tuple[str, ...]

    @classmethod
    def of(cls, step: BodyClaim, resources: Resources) -> _Words:
        """Look the lists up; a run does so once for a step."""
        words = resources.words
        lists = (step.parts, step.objects, step.onward, step.address, step.surnames)
        return cls(words((*step.openers, *step.objects)), *(tuple(sorted(words(w))) for w in lists))


class _Reading:
    """One text read for claims."""

    def __init__(
        self, step: BodyClaim, view: View, subject: Subject, field: str, text: str
    ) -> None:
        name = fold(subject.account.name or "").text
        self.step, self.view, self.field, self.text = step, view, field, text
        lists = (step.openers, step.objects, step.parts, step.onward, step.address, step.surnames)
        self.around = view.resources.kept(lists, lambda: _Words.of(step, view.resources))
        self.scanned = view.scanned(text)
        self.words = longest(self.scanned.spans(lexicon_ids(step.words)))
        self.beside = self.scanned.spans(lexicon_ids(step.beside))
        self.doubted = lexicon_ids(step.doubted)
        # What may stand before a claim says nothing of its own.
        self.own = name if len(name) > 1 and field != "name" else ""

    def hits(self) -> Iterator[Hit]:
        """Yield the claims of a bio, in order."""
        for word in self.words:
            if self._closes(word.end):
                body = next(self._before(word), None)
                if body is not None:
                    yield self._hit(body, word, body.start, word.end)
        for word in longest(self.scanned.spans(lexicon_ids(self.step.leading))):
            body = next(self._after(word), None)
            if body is not None:
                yield self._hit(body, word, word.start, body.end)

    def _before(self, word: PhraseSpan) -> Iterator[Body]:
        """Yield the bodies whose claim a word closes, the nearest first."""
        named = [body for body in self._named() if body.end <= word.start]
        for body in sorted(named, key=lambda body: -body.end):
            if self._joins(self.text[body.end : word.start]) and self._is_own(body, word.end):
                yield body
        if self.step.patterns:
            yield from self._patterns(word)

    def _after(self, word: PhraseSpan) -> Iterator[Body]:
        for body in self._named():
            between = self.text[word.end : body.start]
            linked = 0 <= body.start - word.end <= LONGEST_LINK and not NO_GAP.search(between)
            if linked and not SIGNS.sub("", between).strip("为是于由：") and self._closes(body.end):
                whole = body._replace(start=word.start)
                if self._is_own(whole, body.end):
                    yield body

    def _named(self) -> Iterator[Body]:
        for start, end, entry in self.view.resources.listed.bodies.find(self.scanned.folded):
            if entry.kind in self.step.kinds:
                yield Body(start, end, entry.name, entry)

    def _joins(self, gap: str) -> bool:
        """Tell whether only signs, 的 or a part of the body stand between it and the word."""
        words = SIGNS.sub("", fold(gap).text).removesuffix("的")
        if not words:
            return len(gap) <= LONGEST_LINK and not NO_GAP.search(gap)
        return (
            len(gap) <= LONGEST_GAP and not NO_GAP.search(gap) and words.endswith(self.around.parts)
        )

    def _is_own(self, body: Body, end: int) -> bool:
        """Tell whether the clause says it of the account: nothing else stands before, or beside."""
        text, start = self.text, body.start
        first, _ = clause_span(text, start, end)
        if leftover(text[first:start], self.around.before, self.own) or self._spoken_against(
            start, end
        ):
            return False
        if body.reference is not None and not on_word_boundaries(text, start, end):
            return False
        said = frame(text, start, end, profile=True)
        return not any((said.negated, said.quoted, said.question, said.reported, said.supposed))

    def _spoken_against(self, start: int, end: int) -> bool:
        first, last = wide_clause(self.text, start, start)[0], clause_span(self.text, start, end)[1]
        claim = PhraseSpan("", (), start, end)
        return any(
            first <= other.start and other.end <= last and not covers(claim, other)
            for other in self.beside
        )

    def _closes(self, end: int) -> bool:
        """Tell whether a claim that ends here is said of the account and not of what follows."""
        following = {word.start: word.end for word in self.words}
        while (then := end + (self.text[end : end + 1] in ("、", "和", "与", "及"))) in following:
            end = following[then]
        rest = self.text[end : wide_clause(self.text, end, end)[1]]
        if not rest or SIGNS.match(rest):
            following_words = SIGNS.sub("", self.text[end : end + LONGEST_GAP])
            return not following_words.startswith(self.around.address)
        if rest.startswith("的"):
            clause = self.text[end : clause_span(self.text, end, end)[1]]
            return SIGNS.sub("", clause).endswith(self.around.objects)
        if self.field == "name":
            return len(rest) <= LONGEST_PERSON and rest.startswith(self.around.surnames)
        return rest.startswith(self.around.onward)

    def _patterns(self, word: PhraseSpan) -> Iterator[Body]:
        """Yield the place and organ words that stand directly before a word."""
        for start in self._starts(word):
            body = self._pattern(start, word)
            if body is not None and self._is_own(body, word.end):
                yield body

    def _starts(self, word: PhraseSpan) -> Iterator[int]:
        """Yield where a body that stands directly before a word may begin."""
        first, _ = clause_span(self.text, word.start, word.end)
        for start in range(max(first, word.start - LONGEST_PATTERN), word.start):
            if leftover(self.text[first:start], self.around.before, self.own):
                break
            yield start

    def names(self) -> Iterator[str]:
        """Yield the names that the index is asked for, and perhaps a few more."""
        for word in self.words if self.step.patterns else ():
            yield from (self._name(start, word) for start in self._starts(word))

    def _name(self, start: int, word: PhraseSpan) -> str:
        return self.text[start : word.start].removesuffix("的")

    def _pattern(self, start: int, word: PhraseSpan) -> Body | None:
        name = self._name(start, word)
        end = start + len(name)
        for match in self.view.name_matches(name):
            whole = match.tier == "D" and match.span == (0, len(name)) and not match.remainder
            if whole and match.place and match.kind in self.step.kinds:
                found = (match.value, None, match.place, match.organ, match.doubt)
                return Body(start, end, *found)
        # 平遥县县长: the office takes up the last word of the place.
        if name in self.view.resources.places and word.phrase.removeprefix("副")[:1] == name[-1]:
            return Body(start, end, name, None, name, word.phrase)
        return None

    def _hit(self, body: Body, word: PhraseSpan, start: int, end: int) -> Hit:
        said = self.text[start:end]
        where = WHERE.get(self.field, WHERE["bio"])
        basis = LISTED if body.reference else PATTERN
        facts = {
            "reference": body.name, "said": said, "place": body.place, "organ": body.organ,
            "where": where[0], "where_en": where[1],
            "basis": basis[0].format(body=body), "basis_en": basis[1].format(body=body),
        }  # fmt: skip
        doubtful = self.doubted.intersection(word.lexicons)
        return Hit(
            field=self.field,
            quote=said,
            span=(start, end),
            reference=body.reference,
            steps=(f"body:{body.name}", f"claim:{word.phrase}"),
            facts=MappingProxyType(facts),
            caution=DOUBT if doubtful else CAUTIONS.get(body.doubt),
        )
