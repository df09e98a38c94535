"""Labelled profiles and posts, all invented; ``data/README.md`` says how they came about."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"
Labelled = Callable[[str], list[dict[str, str]]]


@pytest.fixture(scope="session")
def labelled() -> Labelled:
    """Read a labelled file of ``data/`` as rows by column."""

    def read(name: str) -> list[dict[str, str]]:
        return list(_rows(DATA / name))

    return read


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
