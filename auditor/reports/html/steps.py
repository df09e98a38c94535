"""The machine-readable steps of a match, said in words."""

from __future__ import annotations

import re

from auditor.reports.html.wording import Wording

_PAIR = re.compile(r"(?P<found>.*)→(?P<expected>.*?)(?:@(?P<index>\d+))?")


def explained(steps: str, wording: Wording) -> tuple[str, ...]:
    """Return each step as a sentence; a step without a wording of its own stays as it is.

    ``fold:full_width; glyph:曰→日@2`` is two steps; the index counts from 0 (contracts, section 4).
    """
    named = [step for step in steps.split("; ") if step]
    compared = [step.removeprefix("equal:") for step in named if step.startswith("equal:")]
    reference = compared[-1] if compared else ""
    return tuple(_sentence(step, wording, reference, len(named)) for step in named)


def _sentence(step: str, wording: Wording, reference: str, steps: int) -> str:
    head, _, value = step.partition(":")
    if head == "equal" and steps > 1:
        # Beside other steps it says what the name comes to, not that it is spelt so.
        return wording("step.equal.otherwise", value=value)
    pair = _PAIR.fullmatch(value)
    if pair is not None and f"step.pair.{head}" in wording:
        return _pair(head, pair, wording, reference)
    if head == "fold" and f"step.fold.{value}" in wording:
        return wording(f"step.fold.{value}")
    if value and f"step.value.{head}" in wording:
        if head == "identifier" and value == "person":
            value = "named_person"  # "person" alone is also a kind of verification
        return wording(f"step.value.{head}", value=wording.choice("word", value))
    if not value and f"step.plain.{head}" in wording:
        return wording(f"step.plain.{head}")
    return step


def _pair(head: str, pair: re.Match[str], wording: Wording, reference: str) -> str:
    """Say what stands for what; where, only if the reference has it there."""
    found, expected = pair["found"] or "∅", pair["expected"] or "∅"
    said = wording(f"step.pair.{head}", found=found, expected=expected)
    index = int(pair["index"] or 0)
    if pair["index"] and pair["expected"] and reference.startswith(pair["expected"], index):
        return wording("step.at", place=index + 1) + said
    return said
