"""docs/references.md says what the lists are; here it is held to it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from auditor.names.sounds import readings
from auditor.references import LISTS, SHIPPED, load_references
from auditor.references.checking import Kind, check_rows
from auditor.references.lines import load_placed_rows
from auditor.references.rows import Row

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "references.md").read_text("utf-8")


def row_of(name: str) -> list[str]:
    """Return the cells of a list in the English table, which has the columns."""
    found = re.findall(rf"^\| `{name}` \|(.+)\|$", PAGE, re.MULTILINE)
    return [cell.strip() for cell in found[-1].split("|")]


@pytest.mark.parametrize("name", LISTS)
def test_every_column_of_every_list_is_named(name: str) -> None:
    fields = LISTS[name].row.model_fields.items()
    own = [(field.alias or key, field.is_required()) for key, field in fields if key not in COMMON]
    assert row_of(name)[1] == ", ".join(f"`{key}`" + "\\*" * needed for key, needed in own)


COMMON = Row.model_fields


@pytest.mark.parametrize("name", COMMON)
def test_the_columns_of_all_lists_are_named(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_numbers_of_entries_are_about_those_that_ship() -> None:
    entries = {one.name: one.entries for one in load_references([SHIPPED]).lists}
    for name in LISTS:
        told = row_of(name)[0]
        assert (told == "–") == (entries[name] == 0), name
        if entries[name]:
            assert float(told.replace(",", "")) == pytest.approx(entries[name], rel=0.1), name
            assert PAGE.count(f"| `{name}` | {told} |") == 2


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_concern_is_explained_in_both_languages(kind: str) -> None:
    assert PAGE.count(f"| `{kind}` |") == 2


def test_the_example_is_what_the_check_says(tmp_path: Path) -> None:
    (written,) = re.findall(r"```csv\n(.+?)```", PAGE, re.DOTALL)
    (told,) = re.findall(r"```text\n(.+?)```", PAGE, re.DOTALL)
    path = tmp_path / "organisations.csv"
    path.write_text(written, encoding="utf-8")
    rows = load_placed_rows([SHIPPED, tmp_path])
    found = check_rows(rows, date(2026, 11, 25), sounds=readings)
    lines = [
        f"{one.severity:<6} {one.kind:<10} {one.where.removeprefix(f'{tmp_path}/')}  {one.what}"
        for one in found
        if one.where.startswith(str(path))
    ]
    assert lines == told.splitlines()
