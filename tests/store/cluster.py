"""A PostgreSQL server for tests and measurements: one that is named, or a throw-away one."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

NAMED = "AUDITOR_TEST_POSTGRES"
"""The variable that names a server by URL; its user may create databases and roles."""

MISSING = (
    f"no PostgreSQL: install the Debian package postgresql, or name a server with {NAMED} "
    "(a URL whose user may create databases and roles)"
)
_SECONDS = 60
# Ends the server when its standard input closes, so also when the tests were killed.
_UNTIL_CLOSED = '"$@" </dev/null & read _; kill -INT $!; wait $!'


def programs() -> Path | None:
    """The directory of initdb and postgres, the newest first; Debian keeps them off the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return kept[-1].parent if kept else None


@contextmanager
def server() -> Iterator[URL | None]:
    """Yield the URL of a server's own database, or ``None`` where there is no server to be had."""
    if named := os.environ.get(NAMED):
        yield make_url(named).set(drivername="postgresql+psycopg")
    elif (found := programs()) is not None:
        with _throw_away(found) as url:
            yield url
    else:
        yield None


@contextmanager
def database(url: URL, name: str) -> Iterator[URL]:
    """Yield the URL of a new database of the server, which is dropped afterwards."""
    _say(url, f'CREATE DATABASE "{name}"')
    try:
        yield url.set(database=name)
    finally:
        _say(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _say(url: URL, words: str) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        connection.execute(words.encode())


@contextmanager
def _throw_away(binaries: Path) -> Iterator[URL]:
    """Run a server on a socket in a directory of its own; nothing of it is left."""
    # Not below pytest's directory: the path of a socket has 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        user = _user()
        if user:
            shutil.chown(name, user["user"], user["group"])
        data = Path(name) / "data"
        # Sorted as Chinese is, where a server may differ from SQLite.
        words = ["-A", "trust", "-U", "auditor", "-E", "UTF8", "--no-sync"]
        words += ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh"]
        subprocess.run(
            [binaries / "initdb", "-D", data, *words], check=True, capture_output=True, **user
        )
        settings = ["listen_addresses=", f"unix_socket_directories={name}", "fsync=off"]
        options = [word for setting in settings for word in ("-c", setting)]
        with (Path(name) / "log").open("wb") as log:
            process = subprocess.Popen(
                ["sh", "-c", _UNTIL_CLOSED, "sh", binaries / "postgres", "-D", data, *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                **user,
            )
        url = URL.create("postgresql+psycopg", "auditor", database="postgres", query={"host": name})
        try:
            _wait(process, url, Path(name) / "log")
            yield url
        finally:
            process.communicate(timeout=_SECONDS)


def _user() -> dict[str, Any]:
    """Whom the server runs as: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in known else "nobody"
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def _wait(process: subprocess.Popen[bytes], url: URL, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            _say(url, "SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            return
