"""What a rule, its examples and a word list are; docs/rules.md explains every field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from auditor.detectors import Each, Step
from auditor.model.values import EvidenceGrade, FindingClass, Strength, Text, Value
from auditor.references.rows import ClosedAccount, Event, Person, RegistryEntry

Status = Literal["experimental", "test", "stable", "retired"]
RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]


def _date_as_text(value: object) -> object:
    # YAML reads 2026-11-21 as a date; the list keeps the text.
    return str(value) if not isinstance(value, str) else value


AsOf = Annotated[Text, BeforeValidator(_date_as_text), Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""The day, month or year as of which a list holds."""


class Bilingual(Value):
    """One text in Chinese and in English; both are required."""

    zh: Annotated[Text, Field(min_length=1)]
    en: Annotated[Text, Field(min_length=1)]


class Evidence(Value):
    """How firm a row of the rule is (specification, evidence grades)."""

    grade: EvidenceGrade
    strength: Strength


class Against(Value):
    """A step that never silences: its ``note`` is printed as counter-evidence.

    With ``lowers`` the strength of the row drops one step.
    """

    step: Step
    note: Bilingual
    lowers: bool = False


def _with_provenance(row: object) -> object:
    """Fill in what every row of a list must say and an example need not."""
    return {"source": "example", "as_of": "2026", **row} if isinstance(row, dict) else row


class ExampleLists(Value):
    """Rows of the operator's lists that an example needs; the shipped lists hold none."""

    persons: tuple[Annotated[Person, BeforeValidator(_with_provenance)], ...] = ()
    events: tuple[Annotated[Event, BeforeValidator(_with_provenance)], ...] = ()
    closed_accounts: tuple[Annotated[ClosedAccount, BeforeValidator(_with_provenance)], ...] = ()
    registry: tuple[Annotated[RegistryEntry, BeforeValidator(_with_provenance)], ...] = ()


class Example(Value):
    """A case inside the rule: what it is, whether the rule must speak, and the input.

    ``known_gap`` says why the rule does not yet do what ``hit`` asks; it must fail as long as it
    is written there. ``account``, ``posts`` and ``changes`` hold only what matters; platform and
    ids are filled in. ``lists`` stand in for the operator's.
    """

    case: Annotated[Text, Field(min_length=1)]
    hit: bool
    account: dict[str, Any] = Field(default_factory=dict)
    posts: tuple[dict[str, Any], ...] = ()
    changes: tuple[dict[str, Any], ...] = ()
    lists: ExampleLists = ExampleLists()
    steps: str | None = None
    known_gap: str | None = None


class Rule(Value):
    """One rule: what to find, what silences it, what it says, and its own examples.

    ``yields_to`` names rules that tell the same and more of an account: where one of them speaks
    this one does not.
    """

    id: RuleId
    version: Annotated[str, Field(pattern=r"^\d+$")] = "1"
    title: Bilingual
    each: Each = "account"
    items: Annotated[tuple[Text, ...], Field(min_length=1)]
    class_: FindingClass = Field(alias="class")
    evidence: Evidence
    priority: Annotated[int, Field(ge=1, le=5)] = 3
    status: Status = "test"
    question: Bilingual
    false_positives: Annotated[tuple[Text, ...], Field(min_length=1)]
    find: Annotated[tuple[Step, ...], Field(min_length=1)]
    guards: tuple[RuleId, ...] = ()
    unless: tuple[Step, ...] = ()
    against: tuple[Against, ...] = ()
    yields_to: tuple[RuleId, ...] = ()
    fact: Bilingual
    fact_unknown: Bilingual | None = None
    disposition: Bilingual | None = None
    examples: tuple[Example, ...]

    @field_validator("examples")
    @classmethod
    def _enough_examples(cls, examples: tuple[Example, ...]) -> tuple[Example, ...]:
        hits = sum(example.hit and example.known_gap is None for example in examples)
        misses = sum(not example.hit and example.known_gap is None for example in examples)
        if hits < 1 or misses < 2:
            raise ValueError(
                "needs at least one example that hits and two that must not "
                f"(has {hits} and {misses})"
            )
        cases = [example.case for example in examples]
        for case in cases:
            if cases.count(case) > 1:
                raise ValueError(f"the example “{case}” stands twice")
        return examples

    @property
    def is_cue(self) -> bool:
        """An E4 rule is a cue: it reorders rows and makes none (fairness, section 1)."""
        return self.evidence.grade == "E4"

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps: what is found, what silences, what speaks against."""
        return (*self.find, *self.unless, *(entry.step for entry in self.against))


class Bundle(Value):
    """Guards and counter-evidence that several rules share; a rule names it under ``guards``."""

    id: RuleId
    title: Bilingual
    note: Text = ""
    unless: tuple[Step, ...] = ()
    against: tuple[Against, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of the bundle."""
        return (*self.unless, *(entry.step for entry in self.against))


class RankPart(Value):
    """One part of the points that order rows: what is looked at, and what it adds.

    ``each: score`` multiplies the points by the score of the hit (powers of ten of followers).
    ``claim`` marks what the account states of itself; no part that counts may reach its points.
    """

    id: Annotated[Text, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]
    step: Step
    points: Annotated[int, Field(ge=1, le=50)]
    each: Literal["once", "score"] = "once"
    claim: bool = False
    reason: Bilingual

    @property
    def most(self) -> int:
        """The most points that the part can add."""
        return self.points * getattr(self.step, "most", 1) if self.each == "score" else self.points


class RankTable(Value):
    """The points of rows on names, with where the weights come from (docs/ranking.md)."""

    id: RuleId
    title: Bilingual
    source: Annotated[Text, Field(min_length=1)]
    as_of: AsOf
    note: Text = ""
    parts: Annotated[tuple[RankPart, ...], Field(min_length=1)]

    @field_validator("parts")
    @classmethod
    def _claims_come_first(cls, parts: tuple[RankPart, ...]) -> tuple[RankPart, ...]:
        ids = [part.id for part in parts]
        if double := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"parts stand twice: {', '.join(double)}")
        claims = [part.points for part in parts if part.claim]
        for part in parts:
            # A large account is not for that reason more of a concern than one that claims much.
            if part.each == "score" and claims and part.most >= min(claims):
                raise ValueError(
                    f"{part.id} may add {part.most} points and would outrank a stated claim "
                    f"({min(claims)})"
                )
        return parts


class Lexicon(Value):
    """A word list with its provenance."""

    id: RuleId
    title: Bilingual
    source: Annotated[Text, Field(min_length=1)]
    as_of: AsOf
    note: Text = ""
    words: Annotated[
        tuple[Annotated[Text, Field(min_length=1, max_length=60)], ...], Field(min_length=1)
    ]

    @field_validator("words")
    @classmethod
    def _no_duplicates(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        double = sorted({word for word in words if words.count(word) > 1})
        if double:
            raise ValueError(f"words stand twice: {'、'.join(double)}")
        return words
