"""One rule on one subject, step by step: judging and explaining are the same walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from auditor.detectors import Each, Found, Match, Missing, Step, Subject, View
from auditor.model import Dossier, Hit
from auditor.rules.schema import Against, Rule

Outcome = Literal["fired", "silenced", "no_match", "not_evaluated"]


@dataclass(frozen=True, slots=True)
class StepTrace:
    """What one step answered: how many matches were left, or which field was not collected."""

    part: Literal["find", "unless", "against"]
    step: Step
    left: int
    missing: str | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """An entry of ``against`` that spoke, with the first hit that fills its note."""

    entry: Against
    hit: Hit


@dataclass(frozen=True, slots=True)
class Silenced:
    """What a guard saw when it silenced a match; ``quotes`` are words of ``field``."""

    guard: str
    field: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A match that all steps let through, with what was known for and against it."""

    match: Match
    checked: tuple[str, ...]
    unknown: tuple[str, ...]
    against: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole walk of one rule over one subject."""

    rule: Rule
    subject: Subject
    outcome: Outcome
    steps: tuple[StepTrace, ...]
    judged: tuple[Judged, ...] = ()
    silenced_by: tuple[Silenced, ...] = ()
    missing: str | None = None


NOTED = 100
"""Steps kept for ``explain``; a text that matches thousands of times is not told to its end."""


def subjects(dossier: Dossier, each: Each) -> Iterator[Subject]:
    """Yield what a rule is asked about: the account, each post or each change."""
    if each == "account":
        yield Subject("account", dossier.account)
    elif each == "post":
        for index, post in enumerate(dossier.posts):
            yield Subject("post", dossier.account, post=post, post_index=index)
    else:
        for change in dossier.changes:
            yield Subject("change", dossier.account, change=change)


def trace_rule(rule: Rule, view: View, subject: Subject, first: Found | None = None) -> Trace:
    """Walk one rule over one subject; ``first`` is the answer of its first step, if it is known."""
    steps: list[StepTrace] = []
    matches = [Match()]
    for step in rule.find:
        known = None if steps else first
        matches, trace = _find(step, view, subject, matches, known)
        steps.append(trace)
        if not matches:
            outcome: Outcome = "not_evaluated" if trace.missing else "no_match"
            return Trace(rule, subject, outcome, tuple(steps), missing=trace.missing)
    judged: list[Judged] = []
    silenced: list[Silenced] = []
    for match in matches:
        guarded = _guard(rule, view, subject, match, steps)
        if isinstance(guarded, Silenced):
            silenced.append(guarded)
        else:
            judged.append(_weigh(rule, view, subject, guarded, steps))
            # One subject makes one row, and its best match that stands speaks for it.
            break
    return Trace(
        rule,
        subject,
        "fired" if judged else "silenced",
        tuple(steps),
        tuple(judged),
        tuple(silenced),
    )


def yielded(traces: Sequence[Trace]) -> list[Trace]:
    """Return the traces of one account; a rule is silenced where one that it yields to speaks."""
    fired = {trace.rule.id: trace for trace in traces if trace.outcome == "fired"}
    return [_yielding(trace, fired) if trace.outcome == "fired" else trace for trace in traces]


def _yielding(trace: Trace, fired: Mapping[str, Trace]) -> Trace:
    others = (fired[name] for name in trace.rule.yields_to if name in fired)
    told = next((other for other in others if _of_one_claim(trace, other)), None)
    if told is None:
        return trace
    by = Silenced("G-TOLD", told.rule.id, (told.judged[0].match.first.quote,))
    return replace(trace, outcome="silenced", judged=(), silenced_by=(by,))


def _of_one_claim(one: Trace, other: Trace) -> bool:
    """Tell whether two rows are about one profession, or one of them is about none in particular.

    A lawyer's row does not tell of a doctor claimed in a post.
    """
    said = {trace.judged[0].match.facts().get("profession", "") for trace in (one, other)} - {""}
    return len(said) <= 1


def _find(
    step: Step, view: View, subject: Subject, matches: list[Match], known: Found | None
) -> tuple[list[Match], StepTrace]:
    left: list[Match] = []
    missing: str | None = None
    for match in matches:
        found = step.hits(view, subject, match) if known is None else known
        if isinstance(found, Missing):
            missing = found.field
        else:
            left.extend(match.extended(hit) for hit in found)
    quotes = tuple(match.hits[-1].quote for match in left[:3])
    return left, StepTrace("find", step, len(left), missing if not left else None, quotes)


def _guard(
    rule: Rule, view: View, subject: Subject, match: Match, steps: list[StepTrace]
) -> Judged | Silenced:
    """Return the match with what its guards knew, or the guard that silences it."""
    checked: list[str] = []
    unknown: list[str] = []
    for step in rule.unless:
        found = view.answer(step, subject, match)
        if isinstance(found, Missing):
            _note(steps, StepTrace("unless", step, 0, found.field))
            unknown.append(found.field)
            continue
        quotes = tuple(hit.quote for hit in found[:3])
        _note(steps, StepTrace("unless", step, len(found), None, quotes))
        checked.append(step.guard)
        if found:
            return Silenced(step.guard, found[0].field, tuple(dict.fromkeys(quotes)))
    return Judged(match, tuple(dict.fromkeys(checked)), tuple(dict.fromkeys(unknown)))


def _note(steps: list[StepTrace], step: StepTrace) -> None:
    if len(steps) < NOTED:
        steps.append(step)


def _weigh(
    rule: Rule, view: View, subject: Subject, judged: Judged, steps: list[StepTrace]
) -> Judged:
    """Return the match with the counter-evidence that speaks against it."""
    speaking: list[Spoken] = []
    unknown = list(judged.unknown)
    checked = list(judged.checked)
    for entry in rule.against:
        found = entry.step.hits(view, subject, judged.match)
        if isinstance(found, Missing):
            unknown.append(found.field)
            continue
        quotes = tuple(hit.quote for hit in found[:3])
        steps.append(StepTrace("against", entry.step, len(found), None, quotes))
        checked.append(entry.step.guard)
        if found:
            speaking.append(Spoken(entry, found[0]))
    unknown_fields = tuple(dict.fromkeys(unknown))
    checked_guards = tuple(dict.fromkeys(guard for guard in checked if guard))
    return Judged(judged.match, checked_guards, unknown_fields, tuple(speaking))
