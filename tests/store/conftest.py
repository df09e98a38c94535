"""A database for each test, of SQLite and of PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, text

from auditor.store import Store, open_store
from auditor.store.engines import engines
from tests.store.cluster import MISSING, database, server

KINDS = ("sqlite", "postgresql")
NewDatabase = Callable[[], str]
Look = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A server; where none is to be had, the tests that need it say so instead of passing."""
    with server() as url:
        if url is None and os.environ.get("AUDITOR_REQUIRE_ALL"):
            pytest.fail(MISSING)
        if url is None:
            pytest.skip(MISSING)
        yield url


@pytest.fixture(params=KINDS)
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Make the URL of another empty database of one kind."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path}/{uuid4().hex}.db"
        return
    running: URL = request.getfixturevalue("postgres")
    with ExitStack() as stack:

        def new() -> str:
            made = stack.enter_context(database(running, f"auditor_{uuid4().hex}"))
            return made.render_as_string(hide_password=False)

        yield new


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    """The URL of a database."""
    return new_database()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database lies in the tests of SQLite alone."""
    return tmp_path / "audit.db"


@pytest.fixture
def look(url: str) -> Look:
    """Ask the database of ``url`` past the store."""

    def look(words: str) -> list[tuple[object, ...]]:
        opened = engines(url)
        try:
            with opened.reader.connect() as connection:
                return [tuple(row) for row in connection.execute(text(words))]
        finally:
            opened.dispose()

    return look


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(url, busy_seconds=0.2) as opened:
        yield opened
