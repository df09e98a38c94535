"""Databases another hand has written to, and URLs that hold a secret and a mistake."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from auditor.errors import OutputError, UsageError
from auditor.model import Account
from auditor.store import open_store


@pytest.fixture
def url(path: Path) -> str:
    """Its URL."""
    return f"sqlite:///{path}"


@pytest.mark.parametrize("data", ["not json", '{"platform": "secret"}', "[]", '"x"', "\x00"])
def test_a_damaged_row_is_one_clear_line_without_what_it_holds(
    url: str, path: Path, data: str
) -> None:
    with open_store(url) as store:
        store.save_account(Account(platform="w", account_id="1", name="甲"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE account SET data = ?", (data,))
        connection.commit()
    with open_store(url) as store, pytest.raises(OutputError) as fault:
        list(store.list_accounts())
    assert str(fault.value) == f"{path}: holds a row that is damaged; restore it from a copy"


@pytest.mark.parametrize(
    "url", ["postgresql://u:secret@127.0.0.1:port/db", "postgresql//u:secret@host/db"]
)
def test_a_mistaken_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(UsageError, match="is no database URL such as") as fault:
        open_store(url)
    assert "secret" not in str(fault.value)
