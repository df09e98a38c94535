"""The database of a run: how much memory it gets of the budget of its process."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.runs.facts import TABLES
from auditor.runs.tables import database_mib, open_tables

NO_FACTS = {name: () for schemas in TABLES.values() for name in schemas}


@pytest.mark.parametrize(("budget", "limit"), [(128, 192), (1024, 192), (1280, 448), (4096, 3264)])
def test_rules_and_lists_come_first(budget: int, limit: int) -> None:
    assert database_mib(budget) == limit


def test_the_limit_is_the_database_s(tmp_path: Path) -> None:
    with open_tables(tmp_path, NO_FACTS, 1024, 1) as tables:
        told = tables.rows("SELECT current_setting('memory_limit') AS given").to_pylist()
    assert told == [{"given": "192.0 MiB"}]
