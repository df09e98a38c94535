"""Faults of one rule that its schema alone cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.detectors import Detector
from auditor.model import Item, Notice
from auditor.rules.schema import Against, Rule
from auditor.rules.wording import (
    banned_words,
    known_placeholders,
    note_texts,
    placeholders,
    rule_texts,
)
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
    texts = (entry for entry in rule_texts(rule) if entry[0][0] != "against")
    for path, text in texts:
        yield from text_faults(path, text, known if path[0] in ("fact", "fact_unknown") else None)
    yield from note_faults(rule.against, known)


def note_faults(against: Sequence[Against], known: frozenset[str]) -> Iterator[tuple[Path_, str]]:
    """Yield the faults of counter-evidence; a note may also use the words of its own step."""
    for path, text in note_texts(against):
        entry = against[int(path[1])]
        yield from text_faults(path, text, known | type(entry.step).provides)


def text_faults(
    path: Path_, text: str, known: frozenset[str] | None
) -> Iterator[tuple[Path_, str]]:
    """Yield banned words of a text and, of a template, placeholders that are not ``known``."""
    for word in banned_words(text):
        yield path, f"machine text never says “{word}” (rules state facts, not verdicts)"
    if known is None:
        return
    try:
        unknown = placeholders(text) - known
    except ValueError as error:
        yield path, f"the template is broken: {error}"
        return
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
    yield from list_faults(places, lexicons)


def list_faults(
    places: Sequence[tuple[Path_, Detector]], lexicons: set[str]
) -> Iterator[tuple[Path_, str]]:
    """Yield the word lists of steps that do not exist."""
    for path, step in places:
        for name in sorted((step.lexicons() | step.tables()) - lexicons):
            yield path, f"there is no lexicon “{name}” (lexicons/{name}.yml)"


def yielding_faults(rule: Rule, file: YamlFile, known: Mapping[str, Rule]) -> Iterator[str]:
    """Yield rules that do not exist among those it yields to, and those that yield back to it."""
    for index, name in enumerate(rule.yields_to):
        where = f"{file.name}:{file.line(('yields_to', index))}"
        if name not in known or name == rule.id:
            yield f"{where}: “{name}” is no other rule; known are {', '.join(sorted(known))}"
        elif rule.id in _yields(name, known):
            yield f"{where}: “{name}” yields to “{rule.id}” in turn, so neither would speak"


def _yields(name: str, known: Mapping[str, Rule]) -> set[str]:
    """Return all rules that a rule yields to, over any number of steps."""
    found: set[str] = set()
    asked = [name]
    while asked:
        rule = known.get(asked.pop())
        more = set(rule.yields_to if rule else ()) - found
        found |= more
        asked.extend(more)
    return found


def guard_faults(rule: Rule) -> Iterator[tuple[Path_, str]]:
    """Yield guards without a name, and verification guards without a sentence for the unknown."""
    for index, step in enumerate(rule.unless):
        if not step.guard:
            yield ("unless", index), "a guard names what it stands for: guard: G-…"
        if step.use == "verified_as" and rule.fact_unknown is None:
            yield ("unless", index), "a rule that asks for verification also needs fact_unknown"
