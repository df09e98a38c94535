"""Rules and lists laid over the shipped ones, so that what one more of them costs can be seen."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from auditor.references import SHIPPED, load_references
from bench.bodies import listed, widened

_WORDS = 5


def write_lexical(directory: Path, count: int, persons: Sequence[str]) -> Path:
    """Write an overlay of ``count`` rules that look for words in posts.

    The words are names of the invented persons beside another's surname: a handful of posts in a
    million hold one, as with the shipped rules.
    """
    for number in range(count):
        some = persons[number * _WORDS : (number + 1) * _WORDS]
        words = [f"{person}和{other[0]}" for person, other in zip(some, some[::-1], strict=True)]
        name = f"bench-words-{number:03d}"
        _write(directory / "rules" / f"{name}.yml", _lexical(name, words[0]))
        _write(directory / "lexicons" / f"{name}.yml", _list(name, words))
    return directory


def write_references(directory: Path, count: int) -> Path:
    """Write a list of organisations that brings the shipped names to ``count``."""
    shipped = load_references([SHIPPED])
    known = set(listed(shipped))
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "organisations.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("name", "kind", "source", "as_of"))
        for one in widened(shipped, count).organisations:
            if one.name not in known:
                writer.writerow((one.name, "institution", "bench", "2026-11-01"))
    return directory


def _list(name: str, words: Sequence[str]) -> dict[str, Any]:
    return {
        "id": name,
        "title": {"zh": "测量用语", "en": "Words that measure what a rule costs"},
        "source": "made for the benchmark",
        "as_of": "2026-11-01",
        "words": list(words),
    }


def _lexical(name: str, word: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": {"zh": "出现所列用语", "en": "A listed word stands in a post"},
        "each": "post",
        "items": ["AI22-forbid"],
        "class": "assist",
        "evidence": {"grade": "E3", "strength": "weak"},
        "priority": 5,
        "question": {"zh": "该用语与本行有关吗？", "en": "Does the word bear on the row?"},
        "false_positives": ["everything: the rule measures what a rule costs"],
        "find": [{"use": "phrases", "words": [f"@{name}"], "fields": ["text"]}],
        "fact": {"zh": "该帖出现用语“{phrase}”。", "en": "The post holds the word “{phrase}”."},
        "examples": [
            {"case": "the word", "hit": True, "posts": [{"text": word}]},
            {"case": "another word", "hit": False, "posts": [{"text": "今天下雨"}]},
            {"case": "a greeting", "hit": False, "posts": [{"text": "早安"}]},
        ],
    }


def _write(path: Path, rule: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(rule, allow_unicode=True, sort_keys=False), encoding="utf-8")
