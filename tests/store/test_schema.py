"""The schema in both databases: made by the migrations, taken back by them, sorted by bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from auditor.errors import UsageError
from auditor.model import Account, Finding, Post
from auditor.store import Store, open_store
from auditor.store.__main__ import main
from auditor.store.engines import engines
from auditor.store.migration import SCRIPTS, upgrade
from tests.store.conftest import Look
from tests.store.test_records import finding, run

# By bytes; a server that sorts as Chinese or English is read puts them otherwise.
IDS = ["10", "2", "A", "B", "a", "b", "ä", "丙", "乙", "甲"]


def migrations(url: str, do: Callable[[Config], None]) -> None:
    """Run a command of Alembic in one transaction."""
    config, opened = Config(), engines(url)
    config.set_main_option("script_location", str(SCRIPTS))
    try:
        with opened.writer.begin() as connection:
            config.attributes["connection"] = connection
            do(config)
    finally:
        opened.dispose()


def tables(url: str) -> list[str]:
    opened = engines(url)
    try:
        return sorted(inspect(opened.reader).get_table_names())
    finally:
        opened.dispose()


def test_the_migrations_make_the_tables_of_the_program(url: str) -> None:
    open_store(url).close()
    migrations(url, command.check)


def test_the_migrations_can_be_taken_back(url: str) -> None:
    open_store(url).close()
    migrations(url, lambda config: command.downgrade(config, "base"))
    assert tables(url) == ["alembic_version"]


def test_findings_outlive_the_change_of_their_form_and_its_taking_back(
    url: str, look: Look
) -> None:
    migrations(url, lambda config: command.upgrade(config, "0001"))
    old = finding("old", citation_zh="第二条", quote="“甲”")
    data = json.dumps(old.model_dump(mode="json"), ensure_ascii=False)
    opened = engines(url)
    with opened.writer.begin() as connection:
        for words in (
            f"INSERT INTO run VALUES ('r1', '2026', 0, '{run().model_dump_json()}')",  # noqa: S608
            f"INSERT INTO finding VALUES ('r1','old',0,'weibo:1','r',2,'new','new','{data}')",  # noqa: S608
        ):
            connection.exec_driver_sql(words)
        connection.exec_driver_sql("UPDATE finding SET rule_id = 'name-look-alike'")
    upgrade(opened)
    opened.dispose()
    new = finding("new", citation_zh="第二条", quote="'", account_name="", rank_points=0)
    with open_store(url) as store:
        store.save_findings("r1", [new])
        assert list(store.list_findings("r1")) == [old, new]
    migrations(url, lambda config: command.downgrade(config, "0001"))
    kept = [json.loads(str(row[0])) for row in look("SELECT CAST(data AS TEXT) FROM finding")]
    assert sorted(map(Finding.model_validate, kept), key=str) == sorted([old, new], key=str)


def test_lists_are_sorted_by_bytes(store: Store) -> None:
    store.save_accounts(Account(platform="w", account_id=name, name="n") for name in IDS[::-1])
    store.save_posts(
        Post(platform="w", account_id="1", post_id=name, text="t") for name in IDS[::-1]
    )
    assert [row.account_id for row in store.list_accounts()] == sorted(IDS) == IDS
    assert [row.post_id for row in store.list_posts()] == IDS


def test_a_sorted_list_follows_the_index(store: Store, look: Look) -> None:
    store.save_account(Account(platform="w", account_id="1", name="n"))
    explain = "EXPLAIN" if store.where.startswith("postgresql") else "EXPLAIN QUERY PLAN"
    asked = "SELECT data FROM account ORDER BY platform, account_id LIMIT 1"
    plan = str(look(f"{explain} {asked}"))
    assert "pk_account" in plan or "sqlite_autoindex_account_1" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("field", list(Finding.model_fields))
def test_a_field_that_is_left_out_where_it_is_none_is_none_by_default(field: str) -> None:
    held: Any = Finding.model_fields[field]
    assert held.is_required() or held.default is None or "None" not in str(held.annotation)


def test_an_older_server_is_left_to_its_operator(url: str, capsys: Any) -> None:
    migrations(url, lambda config: command.upgrade(config, "0001"))
    if url.startswith("postgresql"):
        with pytest.raises(UsageError, match="has the older schema 0001; back it up, then run "):
            open_store(url)
    assert main(["upgrade", url]) == 0
    assert capsys.readouterr().err == ""
    open_store(url).close()
