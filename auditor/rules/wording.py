"""What machine text may say: the banned words, and the placeholders a template may use."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence

from auditor.rules.schema import Against, Bilingual, Rule

BANNED_ZH = (
    "违规", "违法", "造谣", "假冒", "仿冒", "冒充", "虚假",
    "不实", "伪造", "非法", "无资质", "水军", "恶意", "抄袭",
)  # fmt: skip
BANNED_EN = (
    "violation", "illegal", "fake", "false", "forged", "impersonat", "unlicensed", "unqualified",
    "malicious", "troll",
)  # fmt: skip
"""Fairness, section 3: banned in ids, titles, facts, questions and steps."""

COMMON = frozenset({"name", "quote", "v", "t", "ver", "steps", "field"})
"""Placeholders that every rule may use; detectors add their own (``provides``)."""


def banned_words(text: str) -> list[str]:
    """Return the banned words that stand in a text."""
    lowered = text.lower()
    return [word for word in (*BANNED_ZH, *BANNED_EN) if word in lowered]


def placeholders(template: str) -> set[str]:
    """Return the placeholder names of a template.

    Raises:
        ValueError: the template's braces do not pair, or a placeholder is not a plain name.
    """
    names: set[str] = set()
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"“{{{name}}}” is not a plain placeholder")
        names.add(name)
    return names


def rule_texts(rule: Rule) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text of a rule that the program prints, with its path in the file."""
    yield ("id",), rule.id
    yield from _bilingual(("title",), rule.title)
    yield from _bilingual(("question",), rule.question)
    yield from _bilingual(("fact",), rule.fact)
    if rule.fact_unknown:
        yield from _bilingual(("fact_unknown",), rule.fact_unknown)
    yield from note_texts(rule.against)


def note_texts(against: Sequence[Against]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the notes of counter-evidence with their paths."""
    for index, entry in enumerate(against):
        yield from _bilingual(("against", index, "note"), entry.note)


def _bilingual(
    path: tuple[str | int, ...], text: Bilingual
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield (*path, "zh"), text.zh
    yield (*path, "en"), text.en


def known_placeholders(rule: Rule) -> frozenset[str]:
    """Return what the templates of a rule may use: the common names and its detectors' own."""
    return COMMON.union(*(type(step).provides for step in rule.find))
