"""The schema: made by migrations alone, upgraded with a copy, and free of SQLite's ways."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from auditor.errors import UsageError
from auditor.model import Account
from auditor.store import open_store
from auditor.store.engines import engines
from auditor.store.migration import HEAD, SCRIPTS, migrate
from auditor.store.tables import Table

ACCOUNT = Account(platform="w", account_id="1", name="甲")
SECOND = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    with op.batch_alter_table("crawl") as batch:
        batch.add_column(sa.Column("note", sa.String(), nullable=True))
    {then}
"""


@pytest.fixture
def url(path: Path) -> str:
    """Its URL."""
    return f"sqlite:///{path}"


def scripts(directory: Path, then: str = "") -> Path:
    """The migrations of a later version of the program."""
    copy = directory / "migrations"
    shutil.copytree(SCRIPTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions/0003_note.py").write_text(SECOND.format(then=then))
    return copy


def test_the_newest_revision_is_the_one_that_the_program_wants() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_older_database_is_copied_and_upgraded(url: str, path: Path, tmp_path: Path) -> None:
    with open_store(url) as store:
        store.save_account(ACCOUNT)
    opened = engines(url)
    migrate(opened, "0003", scripts(tmp_path))
    migrate(opened, "0003", tmp_path / "migrations")
    opened.dispose()
    copy = path.with_name("audit.db.0002.bak")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as new, closing(sqlite3.connect(copy)) as old:
        assert new.execute("SELECT note FROM crawl").fetchall() == []
        for connection in (new, old):
            assert connection.execute("SELECT account_id FROM account").fetchall() == [("1",)]
        assert old.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    url: str, path: Path, tmp_path: Path
) -> None:
    with open_store(url) as store:
        store.save_account(ACCOUNT)
    opened = engines(url)
    with pytest.raises(ZeroDivisionError):
        migrate(opened, "0003", scripts(tmp_path, "1 / 0"))
    opened.dispose()
    with open_store(url) as store:
        assert list(store.list_accounts()) == [ACCOUNT]


def test_a_newer_database_is_left_alone(url: str, path: Path) -> None:
    open_store(url).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.commit()
    with pytest.raises(UsageError) as caught:
        open_store(url)
    assert str(caught.value) == (
        f"{path}: was written by a newer version of this program (schema 0999); update it"
    )


def test_every_constraint_has_a_name() -> None:
    for table in Table.metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints)


def test_the_upgrade_command_upgrades_and_explains_itself(url: str, path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "auditor.store", *words],
            env={"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    assert run("upgrade", url) == (0, "")
    assert run("upgrade", url) == (0, "")
    assert run() == (2, "usage: python -m auditor.store upgrade URL\n")
    path.write_text("text " * 100)
    assert run("upgrade", url)[0] == 2


def test_importing_the_store_is_free_of_the_database_library() -> None:
    code = (
        "import sys, auditor.store, auditor.sources;"
        "print([name for name in ('sqlmodel', 'alembic', 'pyarrow') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
