"""Faults of one rule that its schema alone cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.detectors import Detector
from auditor.model import Item, Notice
from auditor.rules.schema import Rule
from auditor.rules.wording import banned_words, known_placeholders, placeholders, rule_texts
from auditor.rules.yamlfile import Path_, YamlFile

NOT_FOR_MACHINES = ("human_only", "procedural")


def rule_faults(
    rule: Rule,
    file: YamlFile,
    lexicons: set[str],
    items: Mapping[str, tuple[Notice, Item]],
) -> list[str]:
    """Return every fault of a rule as ``file:line: message``."""
    found = [
        *wording_faults(rule),
        *item_faults(rule, items),
        *lexicon_faults(rule, lexicons),
        *guard_faults(rule),
    ]
    return [f"{file.name}:{file.line(path)}: {message}" for path, message in found]


def wording_faults(rule: Rule) -> Iterator[tuple[Path_, str]]:
    """Yield banned words, and placeholders that no step fills."""
    known = known_placeholders(rule)
    for path, text in rule_texts(rule):
        for word in banned_words(text):
            yield path, f"machine text never says “{word}” (rules state facts, not verdicts)"
        if path[0] not in ("fact", "fact_unknown", "against"):
            continue
        try:
            unknown = placeholders(text) - known
        except ValueError as error:
            yield path, f"the template is broken: {error}"
            continue
        for name in sorted(unknown):
            yield path, f"no step fills “{{{name}}}”; known are {', '.join(sorted(known))}"


def item_faults(
    rule: Rule, items: Mapping[str, tuple[Notice, Item]]
) -> Iterator[tuple[Path_, str]]:
    """Yield unknown items, and items that no rule may cite (fairness, section 1)."""
    for index, item_id in enumerate(rule.items):
        if item_id not in items:
            yield ("items", index), f"no loaded notice has the item “{item_id}”"
        elif items[item_id][1].coverage in NOT_FOR_MACHINES:
            coverage = items[item_id][1].coverage
            yield ("items", index), f"the item “{item_id}” is {coverage}: no rule may cite it"


def lexicon_faults(rule: Rule, lexicons: set[str]) -> Iterator[tuple[Path_, str]]:
    """Yield word lists that do not exist."""
    places: list[tuple[Path_, Detector]] = [
        *((("find", index), step) for index, step in enumerate(rule.find)),
        *((("unless", index), step) for index, step in enumerate(rule.unless)),
        *((("against", index), entry.step) for index, entry in enumerate(rule.against)),
    ]
    for path, step in places:
        for name in sorted((step.lexicons() | step.tables()) - lexicons):
            yield path, f"there is no lexicon “{name}” (lexicons/{name}.yml)"


def guard_faults(rule: Rule) -> Iterator[tuple[Path_, str]]:
    """Yield guards without a name, and verification guards without a sentence for the unknown."""
    for index, step in enumerate(rule.unless):
        if not step.guard:
            yield ("unless", index), "a guard names what it stands for: guard: G-…"
        if step.use == "verified_as" and rule.fact_unknown is None:
            yield ("unless", index), "a rule that asks for verification also needs fact_unknown"
