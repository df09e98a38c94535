"""What every detector is given and gives back: a view of a dossier, a match so far, hits."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import ClassVar, Literal, TypeVar, cast

from pydantic import Field

from auditor.detectors.anchors import Anchor as Anchor  # noqa: PLC0414 - every detector has one
from auditor.detectors.listed import Listed
from auditor.detectors.scanned import ScannedText
from auditor.model import NONE_SHOWN, Account, Change, Dossier, Hit, Post, Reference
from auditor.model.values import Value
from auditor.names import NameIndex, NameMatch
from auditor.references import References
from auditor.text import Folded, Identifier, Scanner, fold, fold_name, identifiers_folded
from auditor.titles import ROLES, TitleWords

Kept = TypeVar("Kept")
KnownNames = Mapping[str, tuple[NameMatch, ...]]
KnownTexts = Mapping[str, ScannedText]

Each = Literal["account", "change", "post"]
TextField = Literal[
    "name", "handle", "bio", "verified_label", "organisation", "text", "title", "before", "after"
]


@dataclass(frozen=True, slots=True)
class Missing:
    """A detector's answer when its input was not collected: neither a hit nor a pass."""

    field: str


@dataclass(frozen=True)
class Resources:
    """What the rules compare with, compiled once for a run."""

    scanner: Scanner
    names: NameIndex
    references: References
    lexicons: Mapping[str, frozenset[str]]
    _kept: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False)

    def kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what was made of these resources for a key, made once in a run."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("Kept", self._kept[key])

    def words(self, names: tuple[str, ...]) -> frozenset[str]:
        """Return the words of lists named as ``@id``; the same value whenever it is asked for."""
        return self.kept(
            names,
            lambda: frozenset[str]().union(*(self.lexicons[name] for name in lexicon_ids(names))),
        )

    @cached_property
    def places(self) -> frozenset[str]:
        """The full and short names of all divisions."""
        divisions = self.references.divisions
        return frozenset(name for one in divisions for name in (one.name, one.short_name))

    @cached_property
    def stems(self) -> Mapping[str, tuple[str, ...]]:
        """The short names of every full division name."""
        found: dict[str, set[str]] = {}
        for one in self.references.divisions:
            if len(one.short_name) > 1:
                found.setdefault(one.name, set()).add(one.short_name)
        return {name: tuple(sorted(stems)) for name, stems in found.items()}

    @cached_property
    def organ_forms(self) -> Mapping[str, tuple[str, ...]]:
        """What the operators of an account with a short organ word are called, folded."""
        return {
            fold_name(row.word).text: tuple(fold_name(form).text for form in row.forms)
            for row in self.references.organ_forms
        }

    @cached_property
    def body_words(self) -> frozenset[str]:
        """Words that end the name of a body or an outlet, folded."""
        rows = self.references.organ_words
        return frozenset(fold_name(r.word).text for r in rows if r.class_ in ("organ", "news"))

    @cached_property
    def title_words(self) -> TitleWords:
        """The lists by which titles are read."""
        lists = {role: self.words((f"@{name}",)) for role, name in ROLES.items()}
        return TitleWords.of(lists, self.places)

    @cached_property
    def listed(self) -> Listed:
        """Bodies, persons and closed accounts, to be found in texts."""
        return Listed(self.references)


@dataclass(frozen=True)
class Subject:
    """What one judgement is about: the account, one of its posts, or one of its changes."""

    each: Each
    account: Account
    post: Post | None = None
    post_index: int | None = None
    change: Change | None = None

    @property
    def key(self) -> str:
        """Stable name of the subject inside its account."""
        if self.post is not None:
            return self.post.key
        if self.change is not None:
            return f"{self.change.field}@{self.change.changed_at.isoformat()}"
        return self.account.key


@dataclass(frozen=True, slots=True)
class Match:
    """The hits of the steps so far; later steps and guards read what they are given here."""

    hits: tuple[Hit, ...] = ()

    @property
    def reference(self) -> Reference | None:
        """The entry that the last step with one was compared with."""
        return next((hit.reference for hit in reversed(self.hits) if hit.reference), None)

    @property
    def first(self) -> Hit:
        """The first step's hit: what the finding quotes."""
        return self.hits[0]

    def facts(self) -> dict[str, str]:
        """Return the template values of all steps, a later step winning."""
        merged: dict[str, str] = {}
        for hit in self.hits:
            merged.update(hit.facts)
        return merged

    def extended(self, hit: Hit) -> Match:
        """Return this match with one more hit."""
        return Match((*self.hits, hit))


@dataclass
class View:
    """One dossier as detectors see it: texts are folded and scanned once and kept.

    ``clock`` is the time of the run; detectors ask for it by ``now``, ``now_beside``, ``elapsed``
    or ``is_within``, so that it is known until when their answers hold (``until``).
    ``known_names`` are answers of the name index that were asked for many dossiers at once,
    ``known_texts`` what was folded and scanned so.
    """

    dossier: Dossier
    resources: Resources
    clock: datetime
    known_names: KnownNames = field(default_factory=dict)
    known_texts: KnownTexts = field(default_factory=dict)
    _texts: dict[str, ScannedText] = field(default_factory=dict)
    _squeezed: dict[str, ScannedText] = field(default_factory=dict)
    _names: dict[str, tuple[NameMatch, ...]] = field(default_factory=dict)
    _identifiers: dict[str, tuple[Identifier, ...]] = field(default_factory=dict)
    _answers: dict[tuple[int, str], Found] = field(default_factory=dict)
    _kept: dict[Hashable, object] = field(default_factory=dict)
    until: datetime | None = field(default=None, init=False)
    """Before when a later run finds the same in this dossier; ``None`` is for ever."""

    @property
    def now(self) -> datetime:
        """The time of the run; whoever asks so may find something else at any other time."""
        return self.now_beside((self.clock,))

    def now_beside(self, turns: Iterable[datetime]) -> datetime:
        """Return the time of the run, for a question whose answer can only turn at these times."""
        for turn in turns:
            if turn >= self.clock and (self.until is None or turn < self.until):
                self.until = turn
        return self.clock

    def elapsed(self, since: datetime, step: timedelta) -> int:
        """Return how many whole steps have passed since a moment, negative before it."""
        count = (self.clock - since) // step
        self._turn_after(since, step, count + 1)
        return count

    def is_within(self, since: datetime, span: timedelta) -> bool:
        """Tell whether a moment has passed, and is at most so long ago."""
        self.now_beside((since,))
        self._turn_after(since, span)
        return timedelta() <= self.clock - since <= span

    def _turn_after(self, since: datetime, step: timedelta, count: int = 1) -> None:
        # After the last year of the calendar nothing turns.
        with suppress(OverflowError):
            self.now_beside((since + count * step,))

    def kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what was made for a key of this dossier, made once; ``key`` names maker and input.

        Rules that share a step ask the same of one text.
        """
        if key not in self._kept:
            self._kept[key] = make()
        return cast("Kept", self._kept[key])

    def scanned(self, text: str) -> ScannedText:
        """Fold and scan a text once."""
        if text in self.known_texts:
            return self.known_texts[text]
        if text not in self._texts:
            self._texts[text] = self._scanned(text, fold(text))
        return self._texts[text]

    def scanned_name(self, name: str) -> ScannedText:
        """Fold a name as names are folded, without its signs and spaces, and scan it once."""
        if name not in self._squeezed:
            folded, running = fold_name(name), self.scanned(name)
            # Most names have no sign to lose: then the one scan tells all.
            is_same = folded.text == running.folded.text
            self._squeezed[name] = running if is_same else self._scanned(name, folded)
        return self._squeezed[name]

    def _scanned(self, text: str, folded: Folded) -> ScannedText:
        scanner = self.resources.scanner
        return ScannedText(text, folded, tuple(scanner.scan(folded.text)), scanner)

    def identifiers(self, text: str) -> tuple[Identifier, ...]:
        """Look for identifiers in a text once; several rules ask for them."""
        if text not in self._identifiers:
            scanned = self.scanned(text)
            found = () if scanned.is_plain else identifiers_folded(scanned.folded)
            self._identifiers[text] = found
        return self._identifiers[text]

    def name_matches(self, name: str) -> tuple[NameMatch, ...]:
        """Look a name up in the index once."""
        if name in self.known_names:
            return self.known_names[name]
        if name not in self._names:
            self._names[name] = self.resources.names.matches(name)
        return self._names[name]

    def answer(self, step: Detector, subject: Subject, given: Match) -> Found:
        """Ask a guard; one that does not read the match is asked once a subject.

        A text of a million characters may match ten thousand times; its guards are not read anew
        each time.
        """
        if step.reads_match(subject):
            return step.hits(self, subject, given)
        key = (id(step), subject.key)
        if key not in self._answers:
            self._answers[key] = step.hits(self, subject, given)
        return self._answers[key]


def text_of(subject: Subject, name: TextField) -> str | None:
    """Return a text of the subject; ``None`` is not collected, ``""`` is none shown."""
    if name in ("text", "title"):
        value = getattr(subject.post, name) if subject.post else None
        # Most posts have no title and their text is required: a missing title is no gap.
        value = "" if value is None and name == "title" and subject.post else value
    elif name in ("before", "after"):
        value = getattr(subject.change, name) if subject.change else None
    else:
        value = getattr(subject.account, name)
    return "" if value == NONE_SHOWN else value


Found = Sequence[Hit] | Missing


@cache
def lexicon_ids(words: tuple[str, ...]) -> frozenset[str]:
    """Return the ids of lexicons named as ``@id``.

    Kept, because every step asks at every text (measured: a fifth of judging); rules name few.
    """
    return frozenset(word.removeprefix("@") for word in words)


class Detector(Value):
    """One way of measuring: its fields are its parameters, its docstring is its documentation.

    ``guard`` names the guard of the specification that a step stands for when it is used under
    ``unless`` or ``against``.
    """

    provides: ClassVar[frozenset[str]] = frozenset()
    """Names that ``facts`` of its hits fill in templates."""

    words_alone: ClassVar[bool] = False
    """Whether the words of its fields alone decide: no clock, no list, no other row."""

    anchored: ClassVar[bool] = False
    """Whether of every subject it finds nothing where its anchor, a lexicon or a name, is not."""

    guard: str = Field(default="", pattern=r"^(G-[A-Z]+)?$")

    def anchor(self) -> Anchor:
        """Return the cheapest condition without which this step cannot hit."""
        raise NotImplementedError

    def post_anchor(self) -> Anchor | None:
        """Return which posts a step on an account reads: they wake, so that both doors see them."""
        return None

    def lexicons(self) -> frozenset[str]:
        """Return the lexicons whose phrases the one scan must look for."""
        return frozenset()

    def tables(self) -> frozenset[str]:
        """Return the lexicons looked up beside a hit: the scan need not know their words."""
        return frozenset()

    def names_asked(self, view: View, subject: Subject) -> Iterable[str]:
        """Return names that ``hits`` asks the index for, so that many may be asked at once."""
        del view, subject
        return ()

    def reads_match(self, subject: Subject) -> bool:
        """Tell whether the answer depends on the match so far, and not on the subject alone."""
        del subject
        return True

    def reads_posts(self) -> int:
        """Return how many of the account's last posts the step reads, whether they woke or not."""
        return 0

    def fewest_posts(self) -> int:
        """Return how many posts an account must have for a step that reads the last ones."""
        return 0

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return what this step finds on the subject, best first, or what was not collected."""
        raise NotImplementedError
