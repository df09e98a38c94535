"""What goes wrong with a server: one clear line, and what was saved before is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL

from auditor.errors import AuditorError, LockedError, OutputError, UsageError
from auditor.model import Account, Post
from auditor.store import open_store
from tests.store.cluster import database

ACCOUNT = Account(platform="w", account_id="1", name="甲")
MANY = [Post(platform="w", account_id="1", post_id=str(n), text="字" * 9) for n in range(20)]
TURN = "SELECT pg_advisory_xact_lock(7215903664)"
LOST = "the server ended the connection; what was saved before is kept"


@pytest.fixture
def base(postgres: URL) -> Iterator[URL]:
    """A database of its own."""
    with database(postgres, f"auditor_{uuid4().hex}") as url:
        yield url


@pytest.fixture
def url(base: URL) -> str:
    """Its URL, as the program is told it."""
    return base.render_as_string(hide_password=False)


def said(base: URL, *words: str) -> None:
    """Say something to the database past the store."""
    plain = base.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        for each in words:
            connection.execute(each.encode())


def test_a_url_without_a_driver_means_the_one_that_is_an_extra(base: URL) -> None:
    plain = base.set(drivername="postgresql").render_as_string(hide_password=False)
    with open_store(plain) as store:
        assert store.save_account(ACCOUNT)
        assert list(store.list_accounts()) == [ACCOUNT]


def test_a_password_is_in_no_message(base: URL) -> None:
    wrong = base.set(username="auditor", password="secret", database="nowhere")  # noqa: S106
    with pytest.raises(UsageError, match="is not there; create the database first") as caught:
        open_store(wrong.render_as_string(hide_password=False))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "kind", "message"),
    [
        ("postgresql://nobody@127.0.0.1:1/a", OutputError, "cannot be reached; see that the"),
        ("postgresql://u@/a?host=/nowhere", OutputError, "cannot be reached; see that the server"),
        ("postgresql://u@nowhere.invalid/a", OutputError, "cannot be reached; see the name of"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told(
    url: str, kind: type[AuditorError], message: str
) -> None:
    with pytest.raises(kind, match=message) as caught:
        open_store(url)
    assert "\n" not in str(caught.value)


def test_a_database_of_another_program_is_left_alone(base: URL, url: str) -> None:
    said(base, "CREATE TABLE thing (x int)")
    with pytest.raises(UsageError, match="is the database of another program"):
        open_store(url)


def test_another_writer_is_waited_for_and_then_told(base: URL, url: str) -> None:
    plain = base.set(drivername="postgresql").render_as_string(hide_password=False)
    with open_store(url, busy_seconds=0.1) as store, closing(psycopg.connect(plain)) as other:
        other.execute(TURN)
        with pytest.raises(LockedError, match="is being written by another process"):
            store.save_account(ACCOUNT)
        assert list(store.list_accounts()) == []
        other.rollback()
        assert store.save_account(ACCOUNT)


def test_a_connection_that_was_cut_between_two_writes_is_made_anew(base: URL, url: str) -> None:
    with open_store(url) as store:
        store.save_account(ACCOUNT)
        said(
            base,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        assert list(store.list_accounts()) == [ACCOUNT]
        assert store.save_posts(MANY) == 20


def test_a_connection_that_is_cut_in_a_write_loses_nothing_that_was_saved(
    base: URL, url: str
) -> None:
    with open_store(url) as store:
        store.save_posts(MANY[:3])
        said(
            base,
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
            "CREATE TRIGGER cut BEFORE INSERT ON post "
            "FOR EACH ROW WHEN (NEW.post_id = '7') EXECUTE FUNCTION cut()",
        )
        with pytest.raises(OutputError, match=LOST) as caught:
            store.save_posts(MANY[3:])
        assert caught.value.exit_code == 74
        assert len(list(store.list_posts())) == 3
        said(base, "DROP TRIGGER cut ON post")
        assert store.save_posts(MANY) == 17


FAULTS = [
    ("53100", OutputError, "cannot grow, the disk is full; what was saved before is kept"),
    ("53200", OutputError, "the server has no memory or no connection left"),
    ("57P01", OutputError, LOST),
    ("25006", OutputError, "is read-only; make it writable"),
    ("42501", OutputError, "is not to be written by this user"),
    ("40P01", LockedError, "is being written by another process"),
    ("XX001", OutputError, "is damaged; restore it from a copy"),
    ("22000", OutputError, "the database failed (told)"),
]


@pytest.mark.parametrize(("state", "kind", "message"), FAULTS)
@pytest.mark.parametrize("again", [False, True])
def test_a_server_that_fails_is_one_clear_line_and_all_or_none(
    base: URL, url: str, state: str, kind: type[AuditorError], message: str, again: bool
) -> None:
    with open_store(url) as store:
        store.save_posts(MANY[:1])
        said(
            base,
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'told' USING ERRCODE = '{state}', DETAIL = '字字'; END $$",
            "CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON post "
            "FOR EACH ROW WHEN (NEW.post_id IN ('0', '19')) EXECUTE FUNCTION fail()",
        )
        posts = [MANY[0].model_copy(update={"title": "t"})] if again else MANY[1:]
        with pytest.raises(kind) as caught:
            store.save_posts(posts)
        assert message in str(caught.value)
        assert "字" not in f"{caught.value}{caught.value.__cause__ if not again else ''}"
        assert list(store.list_posts()) == MANY[:1]


def test_a_role_that_may_only_read_is_told(base: URL, url: str) -> None:
    role = f"reader_{uuid4().hex}"
    with open_store(url) as store:
        store.save_account(ACCOUNT)
    said(
        base,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
    )
    try:
        with open_store(base.set(username=role).render_as_string(hide_password=False)) as store:
            assert list(store.list_accounts()) == [ACCOUNT]
            with pytest.raises(OutputError, match="is not to be written by this user"):
                store.save_posts(MANY)
    finally:
        said(base, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_table_that_is_gone_is_told(base: URL, url: str) -> None:
    with open_store(url) as store:
        said(base, "DROP TABLE post")
        with pytest.raises(OutputError, match=r'failed \(relation "post" does not exist\)'):
            store.save_posts(MANY)


def test_what_is_copied_keeps_its_time_wherever_the_server_is(base: URL, url: str) -> None:
    said(base, f"ALTER DATABASE \"{base.database}\" SET timezone = 'Asia/Shanghai'")
    at = "2026-01-01T00:00:00.000005+08:00"
    account = Account.model_validate({**ACCOUNT.model_dump(), "fetched_at": at})
    with open_store(url) as store:
        store.save_account(account)
        store.save_account(account)
        assert list(store.list_accounts()) == [account]
    plain = base.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain)) as connection:
        rows = connection.execute("SELECT fetched_at FROM account").fetchall()
    assert rows == [(account.fetched_at,)]


def test_the_program_without_the_driver_says_what_is_missing(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"not installed.*auditor\[postgres\]"):
        open_store(url)
