"""One crawl at a time of one spider into one database."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from auditor.errors import LockedError, UsageError


@contextmanager
def held_lock(db: str, spider: str) -> Iterator[None]:
    """Hold the lock of a database and a spider; it goes with the process, however that ends.

    Raises:
        LockedError: another crawl holds it.
        UsageError: ``db`` is no database URL.
    """
    path = lock_path(db, spider)
    with path.open("a+") as file:
        path.chmod(0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read(20).strip()
            raise LockedError(f"process {holder} is crawling {spider} into {db}") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def lock_path(db: str, spider: str) -> Path:
    """Return the lock file: beside an SQLite file, else in the temporary directory by digest."""
    try:
        url = make_url(db)
    except ArgumentError:
        raise UsageError(f"not a database URL: {db}") from None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).resolve().with_suffix(f".{spider}.lock")
    digest = hashlib.sha256(url.render_as_string(hide_password=True).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"auditor-{digest}.{spider}.lock"
