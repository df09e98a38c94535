"""Persons of the operator's list: claims to be one of them, and names that equal one."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

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
from auditor.detectors.leftovers import SIGNS, leftover
from auditor.detectors.listed import Named, person_reference
from auditor.detectors.scanned import PhraseSpan
from auditor.detectors.titles import longest
from auditor.model import Hit
from auditor.references.rows import Person
from auditor.text import fold_name, frame
from auditor.titles import clause_span


class PersonName(Detector):
    """Finds a name that is, but for words of ``beside`` (本人, 官方), the name of a listed person.

    A name alone is context and no row: many people share one. With ``like_match`` only the person
    of the match so far counts.
    """

    use: Literal["person_name"]
    field: TextField = "name"
    beside: tuple[str, ...] = ()
    like_match: bool = False

    provides: ClassVar[frozenset[str]] = frozenset({"person"})

    def tables(self) -> frozenset[str]:
        """Return the words that may stand beside the person's name."""
        return lexicon_ids(self.beside)

    def anchor(self) -> Anchor:
        """The field is collected, or changed."""
        return Anchor("change" if self.field in ("before", "after") else "field", (self.field,))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a person whose name it is."""
        text = text_of(subject, self.field)
        if text is None:
            return Missing(self.field)
        reference = given.reference if self.like_match else None
        words = view.resources.words(self.beside)
        return [
            person_hit(self.field, text, (0, len(text)), person, "person_name")
            for person, _ in persons_named(view, text, words)
            if reference is None or reference.name == person.name
        ]


class PersonClaim(Detector):
    """Finds an account that says to be, or to speak for, a person of the operator's list.

    The claim stands beside the person's name (XX本人, XX官方账号) in the account name or the bio;
    or the account name is the person's and the bio makes a claim of ``standing`` (官方账号) that
    names nobody else. Bios are not read for officials: their names alone are protected.
    """

    use: Literal["person_claim"]
    words: tuple[str, ...] = Field(min_length=1)
    standing: tuple[str, ...] = Field(min_length=1)
    openers: tuple[str, ...] = ()

    provides: ClassVar[frozenset[str]] = frozenset({"person", "said"})

    def lexicons(self) -> frozenset[str]:
        """Return the words of claims."""
        return lexicon_ids((*self.words, *self.standing))

    def tables(self) -> frozenset[str]:
        """Return the words that may stand before a claim."""
        return lexicon_ids(self.openers)

    def anchor(self) -> Anchor:
        """A word of a claim stands in the name or the bio."""
        return Anchor("lexicon", ("name", "bio"), self.lexicons())

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a claim, the name before the bio."""
        name, bio = text_of(subject, "name"), text_of(subject, "bio")
        if name is None:
            return Missing("name")
        found = list(self._in_name(view, name, bio or ""))
        if bio is not None:
            found.extend(self._in_bio(view, bio))
        return Missing("bio") if bio is None and not found else found

    def _in_name(self, view: View, name: str, bio: str) -> Iterator[Hit]:
        words = view.resources.words((*self.words, *self.standing))
        for person, is_bare in persons_named(view, name, words):
            if not is_bare:
                yield person_hit("name", name, (0, len(name)), person, "person_claim")
            elif person.kind != "official":
                claim = next(self._claims(view, bio, name), None)
                if claim is not None:
                    yield person_hit("bio", bio, claim, person, "person_claim")

    def _claims(self, view: View, bio: str, name: str) -> Iterator[tuple[int, int]]:
        """Yield the claims of a bio that name nobody but the account."""
        for span in longest(view.scanned(bio).spans(lexicon_ids(self.standing))):
            if self._is_own(view, bio, span.start, span, name):
                yield span.start, span.end

    def _in_bio(self, view: View, bio: str) -> Iterator[Hit]:
        scanned = view.scanned(bio)
        spans = longest(scanned.spans(self.lexicons()))
        persons = list(view.resources.listed.persons.find(scanned.folded)) if spans else []
        for named in persons:
            claim = next((s for s in spans if self._follows(view, bio, named, s)), None)
            if claim is not None and self._counts(view, named.entry):
                yield person_hit("bio", bio, (named.start, claim.end), named.entry, "person_claim")

    def _follows(self, view: View, bio: str, named: Named[Person], span: PhraseSpan) -> bool:
        between = bio[named.end : span.start]
        joined = span.start >= named.end and not SIGNS.sub("", between).strip("的")
        return joined and self._is_own(view, bio, named.start, span, "")

    @staticmethod
    def _counts(view: View, person: Person) -> bool:
        return person.kind != "official" and person.in_force(view.now.date())

    def _is_own(self, view: View, bio: str, start: int, span: PhraseSpan, name: str) -> bool:
        first, last = clause_span(bio, start, span.end)
        allowed = view.resources.words((*self.openers, *self.words, *self.standing))
        if leftover(bio[first:start] + bio[span.end : last], allowed, name):
            return False
        said = frame(bio, start, span.end, profile=True)
        # Nothing but claims and callings stands in the clause: 演员 there supposes nothing.
        return not any((said.negated, said.quoted, said.question, said.reported))


def persons_named(view: View, name: str, words: frozenset[str]) -> Iterator[tuple[Person, bool]]:
    """Yield the persons whose name an account name is; true where nothing stands beside it."""
    folded = fold_name(name)
    for start, end, person in view.resources.listed.persons.find(folded):
        rest = name[:start] + name[end:]
        if person.in_force(view.now.date()) and not leftover(rest, words):
            yield person, not SIGNS.sub("", rest)


def person_hit(field: str, text: str, span: tuple[int, int], person: Person, step: str) -> Hit:
    """Return the hit of one person who is named."""
    return Hit(
        field=field,
        quote=text[span[0] : span[1]],
        span=span,
        reference=person_reference(person),
        steps=(f"{step}:{person.name}",),
        facts=MappingProxyType({"person": person.name, "said": text[span[0] : span[1]]}),
    )
