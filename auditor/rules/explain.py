"""Why each rule spoke or stayed silent on one account, step by step, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auditor.detectors import Subject, View
from auditor.detectors.titles import TitleClaim
from auditor.model import Dossier
from auditor.rules.compile import Compiled
from auditor.rules.findings import finding_of
from auditor.rules.points import points_of
from auditor.rules.sentences import GUARDS
from auditor.rules.trace import Silenced, StepTrace, Trace, subjects, trace_rule, yielded
from auditor.text import mask

MOST_ASIDE = 3
"""Names set aside that are told of one account, the nearest first."""

WHY_NOT: dict[str, str] = {
    "somebody": "the words beside it are those of somebody else, as 读者 and 我爱",
    "boundary": "its edge lies inside a word",
    "neutral": "the words beside it say nothing of who speaks",
    "unexplained": "one edit apart, and no likeness explains the edit",
}
"""Why a name is set aside, by the index's word for it (decision record 0006)."""

READ_AS: dict[str, str] = {
    "claim": "claimed by its author",
    "organisation": "of an organisation or a group",
    "audience": "of those who are sought, spoken to or written of",
    "relation": "of kin, or of somebody beside its holder",
    "nickname": "a nickname, a brand or a figure",
    "honorific": "a courtesy; no word of the trade stands beside it",
    "former": "given up",
    "trainee": "not held yet",
    "negated": "denied",
    "quoted": "somebody else's words",
    "asked": "asked",
    "mention": "mentioned, and claimed by nobody",
}
"""How a title is read, in words (auditor.titles)."""

OUTCOMES = {
    "fired": "spoke",
    "silenced": "matched, and a guard silenced it",
    "no_match": "no match",
    "not_evaluated": "not evaluated",
}


def explain(
    compiled: Compiled, dossier: Dossier, now: datetime, rule_id: str | None = None
) -> Iterator[str]:
    """Yield the lines that explain every rule (or one) on one dossier."""
    view = View(dossier, compiled.resources, now)
    if rule_id is None:
        yield from _set_aside(compiled, dossier.account.name or "")
        yield from _titles(compiled, view, dossier)
    traces = [
        trace_rule(rule, view, subject)
        for rule in compiled.rules
        for subject in subjects(dossier, rule.each)
    ]
    for trace in yielded(traces):
        if rule_id is None or trace.rule.id == rule_id:
            yield from _lines(compiled, trace, view, always=rule_id is not None)


def _set_aside(compiled: Compiled, name: str) -> Iterator[str]:
    """Yield what the name index saw in a name that makes no row, and why it does not."""
    for match in compiled.resources.names.aside(name)[:MOST_ASIDE]:
        body = match.reference.name if match.reference else match.value
        near = f" ({match.score_value:g} of 100 alike)" if match.tier == "F" else ""
        yield f"name · seen and set aside: “{match.value}”, {body}{near}"
        yield f"    tier {match.tier}: {WHY_NOT[match.why_not]}"


def _titles(compiled: Compiled, view: View, dossier: Dossier) -> Iterator[str]:
    """Yield every title in the name and the bio, with whom it is said of and what decided it."""
    steps = (step for rule in compiled.rules for step in rule.find if isinstance(step, TitleClaim))
    step = next(steps, None)
    if step is None:
        return
    subject = Subject("account", dossier.account)
    every = step.model_copy(update={"titles": tuple(f"@{name}" for name in step.known())})
    for field, text in (("name", dossier.account.name), ("bio", dossier.account.bio)):
        for span, reading in every.readings(view, subject, field, text or ""):
            title = (text or "")[span.start : span.end]
            because = f": “{mask(reading.because)}”" if reading.because else ""
            yield f"title · {field} · “{mask(title)}”: {READ_AS[reading.kind]}{because}"


def _lines(compiled: Compiled, trace: Trace, view: View, *, always: bool) -> Iterator[str]:
    if trace.rule.each != "account" and trace.outcome == "no_match" and not always:
        return
    yield f"{trace.rule.id} · {trace.subject.key} · {OUTCOMES[trace.outcome]}"
    for step in trace.steps:
        yield f"    {step.part:<7} {step.step.use:<19} {_answer(step)}"
    yield from dict.fromkeys(map(_silenced, trace.silenced_by))
    if trace.outcome == "fired":
        kind = "cue" if trace.rule.is_cue else "row"
        finding = finding_of(compiled, trace, view.clock, points_of(compiled.ruleset.ranking, view))
        yield f"    {kind}: {finding.fact_zh}"
        yield f"    {kind}: {finding.fact_en}"
        yield from (f"    speaks for it: {note}" for note in finding.counter_evidence)
        if finding.rank_points is not None:
            parts = ", ".join(finding.rank_reasons) or "nothing"
            yield f"    look first: {finding.rank_points} points ({parts})"


def _silenced(silenced: Silenced) -> str:
    """Return which guard silenced a match, why in words, and the words it saw."""
    said = GUARDS.get(silenced.guard)
    why = f" ({said.zh} · {said.en})" if said else ""
    quotes = ", ".join(f"“{mask(quote)[:40]}”" for quote in silenced.quotes if quote)
    return f"    silenced by {silenced.guard}{why}: {silenced.field} {quotes}".rstrip()


def _answer(step: StepTrace) -> str:
    if step.missing:
        return f"{step.missing} was not collected"
    if not step.left:
        return "no hit"
    shown = ", ".join(f"“{mask(quote)[:40]}”" for quote in step.quotes)
    return f"{step.left} hit{'s' if step.left > 1 else ''}: {shown}"
