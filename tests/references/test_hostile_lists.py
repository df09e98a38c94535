"""Lists that are no files, and names that show nothing: one line each, with its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import RulesetError
from auditor.references import SHIPPED, load_references

HEADER = "name,kind,source,as_of\n"


def make_folder(path: Path) -> None:
    path.mkdir()


def make_dangling(path: Path) -> None:
    path.symlink_to(path.parent / "gone")


@pytest.mark.parametrize("make", [make_folder, make_dangling, os.mkfifo])
def test_what_is_no_file_is_told_and_not_waited_for(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "organisations.csv")
    with pytest.raises(RulesetError, match=r"organisations.csv:1: is no file, or leads to none$"):
        load_references([SHIPPED, tmp_path])


@pytest.mark.parametrize("name", [" ", "\u3000", "\u200b\u200b", "\u202e"])
def test_a_name_that_shows_nothing_is_no_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "organisations.csv"
    path.write_text(f"{HEADER}{name},company,x,2026\n", encoding="utf-8")
    with pytest.raises(RulesetError, match=r"csv:2: name: holds nothing that can be seen$"):
        load_references([SHIPPED, tmp_path])
