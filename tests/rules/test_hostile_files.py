"""Rule files as an attacker or bad luck would leave them: one line each, and the process lives."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.config import rulesets_directory
from auditor.errors import RulesetError
from auditor.rules import load_ruleset

LEXICON = "id: own-words\ntitle: {zh: 甲, en: b}\nsource: x\nas_of: '2026'\nwords: [甲乙]\n"


def make_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, ":1: not YAML: more than 50 levels deep"),
        ("a: 1\nb: " + "[" * 300 + "]" * 300, ":2: not YAML: more than 50 levels deep"),
        ("".join(f"{' ' * n}a:\n" for n in range(200)), "levels deep"),
        ("- " * 5_000, ":1: not YAML: more than 50 levels deep"),
        (LEXICON + "\0", ":6: not YAML: holds a control character"),
        (LEXICON + "# 甲\x07", ":6: not YAML: holds a control character"),
        ("a: 1\n? [a, b]\n: 1\n", ":2: not YAML: a key must be plain text"),
        ("? {a: 1}\n: 1\n", ":1: not YAML: a key must be plain text"),
        ("a: &a [1]\nb: [*a, *a]\n", "aliases are not allowed here"),
    ],
)
def test_a_hostile_file_is_one_line_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "own.yml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesetError) as fault:
        load_ruleset([rulesets_directory(), tmp_path])
    (line,) = str(fault.value).splitlines()
    assert line.startswith(f"{tmp_path.name}/lexicons/own.yml:")
    assert message in line


@pytest.mark.parametrize("make", [make_folder, os.mkfifo])
def test_what_is_no_file_is_told_and_not_waited_for(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    (tmp_path / "rules").mkdir()
    make(tmp_path / "rules" / "own.yml")
    with pytest.raises(RulesetError, match=r"own.yml:1: is no file"):
        load_ruleset([rulesets_directory(), tmp_path])


def test_an_overlay_without_any_rule_file_is_a_mistyped_directory(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match=r":1: holds no .yml under any of lexicons"):
        load_ruleset([rulesets_directory(), tmp_path])


def test_many_brackets_side_by_side_are_no_nesting(tmp_path: Path) -> None:
    (tmp_path / "lexicons").mkdir()
    text = LEXICON + "note: |\n  " + "[]" * 500 + "\n"
    (tmp_path / "lexicons" / "own.yml").write_text(text, encoding="utf-8")
    assert "own-words" in load_ruleset([rulesets_directory(), tmp_path]).lexicons
