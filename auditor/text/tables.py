"""The only place of this room that reads files: packaged tables and word lists, each read once."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import RulesetError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where libyaml is there: six times as fast."""


def parsed_yaml(text: str) -> Any:
    """Return the value of a YAML document of ours.

    Raises:
        yaml.YAMLError: the text is not YAML.
    """
    loader = LOADER(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def rulesets_directory() -> Path:
    """Return the packaged ``rulesets/``: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "rulesets"
    return packaged if packaged.is_dir() else package.parent / "rulesets"


def read_rows(name: str) -> list[dict[str, str]]:
    """Read a packaged table ``rulesets/tables/<name>.csv``.

    Raises:
        RulesetError: the table is not there or not UTF-8.
    """
    path = rulesets_directory() / "tables" / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as fault:
        raise RulesetError(
            f"the table cannot be read ({fault}); install anew", str(path)
        ) from fault


@cache
def _word_lists() -> dict[str, tuple[str, ...]]:
    lists = {}
    for path in sorted((rulesets_directory() / "lexicons").glob("text-*.yml")):
        try:
            entries = parsed_yaml(path.read_text(encoding="utf-8"))
            lists.update({entry["id"]: tuple(map(str, entry["words"])) for entry in entries})
        except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as fault:
            raise RulesetError(
                f"must be a list of word lists with `id` and `words` ({fault!r})", str(path)
            ) from fault
    return lists


def word_list(name: str) -> tuple[str, ...]:
    """Return the words of a packaged list of ``rulesets/lexicons/text-*.yml``.

    Raises:
        RulesetError: there is no such list, or its file cannot be read.
    """
    try:
        return _word_lists()[name]
    except KeyError:
        raise RulesetError(
            f"there is no word list “{name}” in text-*.yml", str(rulesets_directory() / "lexicons")
        ) from None


def alternation(*names: str) -> str:
    """Return the words of lists as one pattern, longer words first."""
    words = {word for name in names for word in word_list(name)}
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
