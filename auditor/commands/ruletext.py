"""A rule as a page of text, for people who do not read JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.detectors import Detector
from auditor.model import Item, Notice
from auditor.rules import Rule
from auditor.rules.schema import Example

QUOTABLE = ("seen", "seen_fragment")
"""Wordings that were read in the original; others are given in our words."""


def render_rule(rule: Rule, citations: Sequence[tuple[Notice, Item]], location: str) -> str:
    """Return a rule with its sentences, steps, citations and examples."""
    return "\n".join(_lines(rule, citations, location)) + "\n"


def _lines(rule: Rule, citations: Sequence[tuple[Notice, Item]], location: str) -> Iterator[str]:
    yield f"{rule.id} · version {rule.version} · {rule.status} · {location}"
    yield f"  {rule.title.zh}"
    yield f"  {rule.title.en}"
    yield (
        f"  one row a {rule.each} · {rule.class_} · evidence {rule.evidence.grade} "
        f"{rule.evidence.strength} · priority {rule.priority}"
    )
    for heading, text in (
        ("fact", rule.fact),
        ("fact, verification not collected", rule.fact_unknown),
        ("question", rule.question),
    ):
        if text is not None:
            yield from (f"\n{heading}", f"  {text.zh}", f"  {text.en}")
    yield from _steps("find: all of these", rule.find)
    if rule.guards:
        yield f"\nguards shared with other rules, printed below\n  {', '.join(rule.guards)}"
    yield from _steps("unless: any of these silences the row", rule.unless)
    if rule.against:
        yield "\nagainst: printed as counter-evidence"
    for entry in rule.against:
        yield _step(entry.step) + ("  (lowers the strength)" if entry.lowers else "")
        yield from (f"    {entry.note.zh}", f"    {entry.note.en}")
    if rule.yields_to:
        yield f"\nyields to: no row where one of these speaks\n  {', '.join(rule.yields_to)}"
    yield "\ncites"
    for notice, item in citations:
        yield f"  {item.item_id} · {notice.title_zh} · {notice.validity}"
        yield f"    {item.text_zh if item.zh_status in QUOTABLE else item.gist_zh}"
        yield f"    {item.gist_en}"
        yield from (f"    limits: {text}" for text in (item.why_not, item.why_not_en) if text)
    yield "\nexamples"
    yield from map(_example, rule.examples)
    if rule.false_positives:
        yield "\nmay mislead"
        yield from (f"  {text}" for text in rule.false_positives)


def _steps(heading: str, steps: Sequence[Detector]) -> Iterator[str]:
    if steps:
        yield f"\n{heading}"
    yield from map(_step, steps)


def _step(step: Detector) -> str:
    given = step.model_dump(mode="json", exclude={"use", "guard"}, exclude_defaults=True)
    words = "; ".join(f"{name}: {_value(value)}" for name, value in given.items())
    guard = f"{step.guard} " if step.guard else ""
    return f"  {guard}{step.model_dump()['use']}{f' ({words})' if words else ''}"


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _example(example: Example) -> str:
    gap = f" (known gap: {example.known_gap})" if example.known_gap else ""
    return f"  {'hit ' if example.hit else 'none'}  {example.case}{gap}"
