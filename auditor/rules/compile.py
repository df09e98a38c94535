"""A ruleset and its references made ready: one automaton, one name index, one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditor.detectors import Anchor, Each, MayCount, Repeated, Resources, Step
from auditor.model import Account, Dossier, Item, Notice
from auditor.names import NameIndex
from auditor.references import References
from auditor.rules.gaps import profile_gaps
from auditor.rules.hearing import Hearing
from auditor.rules.loader import Ruleset
from auditor.rules.schema import Rule
from auditor.text import Scanner

Language = Literal["zh", "en"]

POST_FIELDS = ("text", "title")
PROFILE = frozenset(Account.model_fields)
"""The fields of a profile, texts and others."""


FirstStep = tuple[Each, int]
"""The first step of a rule, as its place among the different ones of ``Compiled.firsts``."""


@dataclass(frozen=True)
class Recent:
    """Which accounts are judged with their last posts, sleeping ones too, and with how many.

    ``count`` is the most that a step of any rule reads (0: none does), of accounts that have
    ``fewest`` posts or more. ``lexicons`` maps a field, of profile or post, to the word lists
    without which no such rule can fire; ``always`` says that there is one for which no list tells
    it, so that every account that wakes is read.
    """

    count: int = 0
    fewest: int = 0
    lexicons: Mapping[str, frozenset[str]] = field(default_factory=dict)
    always: bool = False


@dataclass(frozen=True)
class WakePlan:
    """What wakes an account or a post, taken from the first step of every rule.

    ``profile_lexicons`` and ``post_lexicons`` map a field to the word lists looked for in it;
    ``doubted`` are those of posts whose phrases wake only where the anchor's question agrees, by
    field and question, beside those that wake wherever they stand;
    ``repeats`` holds what each rule on equal texts asks for, ``near_repeats`` each on nearly equal
    ones.
    ``identifiers`` maps a field, of profile or post, to the kinds of identifier that wake in it,
    ``asked`` one of a profile to the word lists on which a step itself is asked whether it wakes.
    ``closed`` compares names with those of accounts recorded as closed. ``recent`` tells whose last
    posts are read beside those that woke.
    """

    profile_lexicons: Mapping[str, frozenset[str]]
    post_lexicons: Mapping[str, frozenset[str]]
    doubted: Mapping[str, Mapping[MayCount, frozenset[str]]]
    identifiers: Mapping[str, frozenset[str]]
    names: bool
    changes: bool
    repeats: tuple[Repeated, ...]
    near_repeats: tuple[Repeated, ...]
    fields: frozenset[str]
    closed: bool
    recent: Recent
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def lexicons(self, field: str) -> frozenset[str]:
        """Return the word lists that wake in a field, of profile or post."""
        wanted = self.post_lexicons if field in POST_FIELDS else self.profile_lexicons
        return wanted.get(field, frozenset())

    def looks_at(self, field: str) -> bool:
        """Tell whether a phrase or an identifier in a field can wake anything."""
        asked = (self.doubted, self.identifiers, self.recent.lexicons)
        return bool(self.lexicons(field)) or any(field in fields for fields in asked)


@dataclass(frozen=True)
class Waking:
    """The phrases that wake in a field; ``wakes`` and ``reads`` tell of each, by its number.

    ``reads`` are those without which no rule reads the account's last posts, ``doubted`` those that
    wake where a question agrees.
    """

    scanner: Scanner
    wakes: NDArray[np.bool_]
    reads: NDArray[np.bool_]
    doubted: tuple[tuple[MayCount, NDArray[np.bool_]], ...]


@dataclass(frozen=True)
class Asking:
    """The phrases in a field for which steps are asked; ``phrases`` tells which are each step's.

    One row a step of ``Compiled.asked``, by the number of the phrase.
    """

    scanner: Scanner
    phrases: tuple[NDArray[np.bool_], ...]


@dataclass(frozen=True)
class Compiled:
    """Everything that judging needs besides a dossier and the time."""

    ruleset: Ruleset = field(repr=False)
    resources: Resources = field(repr=False)
    language: Language = "zh"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force, by id."""
        return self.ruleset.rules

    @cached_property
    def plan(self) -> WakePlan:
        """What wakes."""
        read = (step.post_anchor() for rule in self.rules for step in rule.steps)
        anchors = [_waking_anchor(rule) for rule in self.rules]
        anchors += [anchor for anchor in read if anchor is not None]
        return wake_plan(anchors, recent_plan(self.rules))

    def waking(self, field: str) -> Waking | None:
        """Return what wakes in a field, of profile or post; nothing where no phrase does.

        The cheap pass asks whether a phrase that wakes stands in a text. The words that are read
        only in what woke (terms of a field, words of guards) are many and would cost it their hits.
        """
        if field not in self._wakers:
            words, wakes = self.resources.lexicons, self.plan.lexicons(field)
            reads = self.plan.recent.lexicons.get(field, frozenset())
            doubted = self.plan.doubted.get(field, {})
            names = wakes.union(reads, *doubted.values())
            scanner = Scanner({name: sorted(words[name]) for name in names})
            self._wakers[field] = Waking(
                scanner,
                scanner.members(wakes),
                scanner.members(reads),
                tuple((asked, scanner.members(lists)) for asked, lists in doubted.items()),
            )
        waking = self._wakers[field]
        return waking if len(waking.scanner) else None

    @cached_property
    def _wakers(self) -> dict[str, Waking]:
        return {}

    @cached_property
    def asking(self) -> dict[str, Asking]:
        """What stands in a field of a profile whose account a step is asked of."""
        words = self.resources.lexicons
        found = {}
        for name, lists in self.plan.asked.items():
            scanner = Scanner({one: sorted(words[one]) for one in lists})
            anchors = (step.anchor() for step in self.asked)
            own = (anchor.lexicons if name in anchor.asked else () for anchor in anchors)
            found[name] = Asking(scanner, tuple(map(scanner.members, own)))
        return found

    @cached_property
    def asked(self) -> tuple[Step, ...]:
        """The first steps that are asked themselves whether a profile wakes."""
        return tuple(step for step in self.firsts.get("account", ()) if step.anchor().asked)

    @cached_property
    def firsts(self) -> dict[Each, tuple[Step, ...]]:
        """The different steps that come first in rules, by what the rules are about."""
        found: dict[Each, list[Step]] = {}
        for rule in self.rules:
            steps = found.setdefault(rule.each, [])
            if rule.find[0] not in steps:
                steps.append(rule.find[0])
        return {each: tuple(steps) for each, steps in found.items()}

    @cached_property
    def before_posts(self) -> frozenset[tuple[Step, ...]]:
        """The steps that find something in a profile before a rule reads an account's last posts.

        Of each rule that does, in their order; empty where it reads posts first.
        """
        reading = (rule for rule in self.rules if any(step.reads_posts() for step in rule.steps))
        return frozenset(tuple(takewhile(_asks_profile, rule.find)) for rule in reading)

    @cached_property
    def order(self) -> tuple[tuple[Rule, FirstStep], ...]:
        """The rules in force, by id, each with its first step."""
        firsts = [(one.each, self.firsts[one.each].index(one.find[0])) for one in self.rules]
        return tuple(zip(self.rules, firsts, strict=True))

    @cached_property
    def begun(self) -> dict[FirstStep, tuple[int, ...]]:
        """The places in ``order`` of the rules that begin with each first step."""
        found: dict[FirstStep, list[int]] = {}
        for number, (_, first) in enumerate(self.order):
            found.setdefault(first, []).append(number)
        return {first: tuple(numbers) for first, numbers in found.items()}

    @cached_property
    def hearing(self) -> dict[Each, Hearing]:
        """Which first steps may speak of a subject, by what the rules are about."""
        return {each: Hearing.of(each, steps) for each, steps in self.firsts.items()}

    def gaps(self, dossier: Dossier) -> tuple[str, ...]:
        """Return ``rule_id:field`` for every first step whose input is missing from a dossier."""
        account = dossier.account
        lacks = (
            frozenset(name for name in self.first_fields if getattr(account, name) is None),
            dossier.posts_seen > 0,
        )
        # Few accounts of a run lack different fields.
        if lacks not in self._gaps:
            self._gaps[lacks] = profile_gaps(self.rules, lacks[0], has_posts=lacks[1])
        return self._gaps[lacks]

    @cached_property
    def _gaps(self) -> dict[tuple[frozenset[str], bool], tuple[str, ...]]:
        return {}

    @cached_property
    def first_fields(self) -> tuple[str, ...]:
        """The fields of an account that a first step reads."""
        fields = {name for rule in self.rules for name in rule.find[0].anchor().fields}
        return tuple(sorted(fields & Account.model_fields.keys()))

    @cached_property
    def citations(self) -> dict[str, tuple[tuple[Notice, Item], ...]]:
        """The items of every rule, standing notices first (fairness, section 1)."""
        found = {}
        for rule in self.rules:
            entries = [self.ruleset.item(item) for item in rule.items if self._is_loaded(item)]
            entries.sort(key=lambda entry: entry[0].validity == "ended")
            found[rule.id] = tuple(entries)
        return found

    def _is_loaded(self, item_id: str) -> bool:
        return any(
            item.item_id == item_id for notice in self.ruleset.notices for item in notice.items
        )


def compile_ruleset(
    ruleset: Ruleset, references: References, language: Language = "zh"
) -> Compiled:
    """Build the automaton over every phrase of every rule, and the name index."""
    steps = [step for rule in ruleset.rules for step in rule.steps]
    steps += [part.step for table in ruleset.ranking for part in table.parts]
    scanned = frozenset[str]().union(*(step.lexicons() for step in steps))
    used = scanned.union(*(step.tables() for step in steps))
    words = {name: frozenset(ruleset.lexicons[name].words) for name in sorted(used)}
    resources = Resources(
        scanner=Scanner({name: sorted(words[name]) for name in sorted(scanned)}),
        names=NameIndex.build(references),
        references=references,
        lexicons=words,
    )
    return Compiled(ruleset, resources, language)


def _waking_anchor(rule: Rule) -> Anchor:
    """Return what wakes a rule; only of an account can its step itself be asked beforehand."""
    anchor = rule.find[0].anchor()
    return anchor if rule.each == "account" else replace(anchor, asked=frozenset())


def _asks_profile(step: Step) -> bool:
    """Tell whether the words of a profile alone decide a step."""
    return step.words_alone and PROFILE.issuperset(step.anchor().fields)


def recent_plan(rules: Sequence[Rule]) -> Recent:
    """Return whose last posts the rules read: any step of ``find`` is a necessary condition."""
    count, always = 0, False
    fewest: list[int] = []
    lexicons: dict[str, frozenset[str]] = {}
    for rule in rules:
        reads = max(step.reads_posts() for step in rule.steps)
        count = max(count, reads)
        if not reads:
            continue
        fewest.append(min(step.fewest_posts() for step in rule.steps if step.reads_posts()))
        anchors = [step.anchor() for step in rule.find]
        first = next((anchor for anchor in anchors if anchor.kind == "lexicon"), None)
        always = always or first is None
        for name in first.fields if first else ():
            lexicons[name] = lexicons.get(name, frozenset()) | (first.lexicons if first else set())
    return Recent(count, min(fewest, default=0), lexicons, always)


def wake_plan(anchors: list[Anchor], recent: Recent) -> WakePlan:
    """Merge the anchors of all rules."""
    profile: dict[str, frozenset[str]] = {}
    post: dict[str, frozenset[str]] = {}
    doubted: dict[str, dict[MayCount, frozenset[str]]] = {}
    identifiers: dict[str, frozenset[str]] = {}
    asked_of: dict[str, frozenset[str]] = {}
    fields: set[str] = set()
    for anchor in anchors:
        for name in anchor.fields:
            if anchor.kind == "lexicon" and name in anchor.asked:
                asked_of[name] = asked_of.get(name, frozenset()) | anchor.lexicons
            elif anchor.kind == "lexicon" and name in POST_FIELDS and anchor.may_count:
                asked = doubted.setdefault(name, {})
                known = asked.get(anchor.may_count, frozenset())
                asked[anchor.may_count] = known | anchor.lexicons
            elif anchor.kind == "lexicon":
                target = post if name in POST_FIELDS else profile
                target[name] = target.get(name, frozenset()) | anchor.lexicons
            elif anchor.kind == "identifier":
                identifiers[name] = identifiers.get(name, frozenset()) | anchor.kinds
            elif anchor.kind == "field":
                fields.add(name)
    kinds = {anchor.kind for anchor in anchors}
    return WakePlan(
        profile_lexicons=profile,
        post_lexicons=post,
        doubted=doubted,
        identifiers=identifiers,
        names="name" in kinds,
        changes="change" in kinds,
        repeats=tuple(a.repeated for a in anchors if a.kind == "repeat" and a.repeated),
        near_repeats=tuple(a.repeated for a in anchors if a.kind == "near_repeat" and a.repeated),
        fields=frozenset(fields),
        closed="closed" in kinds,
        recent=recent,
        asked=asked_of,
    )
