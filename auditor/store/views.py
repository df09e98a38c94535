"""The rows of a profile: its current view, its snapshots, its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from pydantic_core import to_json
from sqlalchemy import Connection

from auditor.model import Account, Change
from auditor.store.bulk import Cells, insert_rows, run_rows, stamp
from auditor.store.captures import digest_of, known_values, render_capture
from auditor.store.keyed import rows_of, table_of
from auditor.store.tables import AccountTable, ChangeTable, SnapshotTable

Key = tuple[str, str]
Seen = tuple[str | None, int, str, str, str]
"""Last seen (a stamp), how many times more, platform, id, digest."""

_VIEW = ("platform", "account_id", "digest", "fetched_at", "first_seen", "known", "data")
_SNAPSHOT = (*_VIEW[:3], "data", "first_seen", "last_seen", "seen_count")
_UPDATE = (
    "UPDATE account SET digest = {}, fetched_at = {}, known = {json}, data = {json} "
    "WHERE platform = {} AND account_id = {}"
)
_SEEN = (
    "UPDATE profile_snapshot SET last_seen = {}, seen_count = seen_count + {} "
    "WHERE snapshot_id = (SELECT snapshot_id FROM profile_snapshot "
    "WHERE platform = {} AND account_id = {} AND digest = {} "
    "ORDER BY last_seen DESC NULLS LAST LIMIT 1)"
)
_CHANGE = ("platform", "account_id", "field", "before", "after", "changed_at")
_values = attrgetter(*_CHANGE[:-1])


@dataclass(slots=True)
class Capture:
    """A capture of a profile, rendered for the database; ``stamp`` is its time."""

    key: Key
    account: Account
    digest: str
    data: bytes
    stamp: str | None

    @classmethod
    def of(cls, account: Account) -> Capture:
        """Render one."""
        key, at = (account.platform, account.account_id), stamp(account.fetched_at)
        return cls(key, account, digest_of(account), render_capture(account), at)

    @property
    def at(self) -> datetime | None:
        """When it was taken."""
        return self.account.fetched_at


@dataclass(slots=True)
class Snapshot:
    """A profile as it stayed from ``capture`` to ``last``, seen ``count`` times."""

    capture: Capture
    last: Capture
    count: int = 1

    def cells(self) -> Cells:
        """Its row."""
        capture = self.capture
        times = (capture.stamp, self.last.stamp, self.count)
        return (*capture.key, capture.digest, capture.data, *times)


def insert_new(connection: Connection, captures: Sequence[Capture]) -> None:
    """Insert profiles that are not there, each as one capture shows it."""
    views: list[Cells] = []
    snapshots: list[Cells] = []
    for capture in captures:
        platform, name = capture.key
        digest, data, at = capture.digest, capture.data, capture.stamp
        known = to_json(known_values({}, capture.account))
        views.append((platform, name, digest, at, at, known, data))
        snapshots.append((platform, name, digest, data, at, at, 1))
    insert_rows(connection, table_of(AccountTable), _VIEW, views)
    insert_rows(connection, table_of(SnapshotTable), _SNAPSHOT, snapshots)


def insert_snapshots(connection: Connection, snapshots: Sequence[Snapshot]) -> None:
    """Insert snapshots of profiles that are there."""
    rows = [snapshot.cells() for snapshot in snapshots]
    insert_rows(connection, table_of(SnapshotTable), _SNAPSHOT, rows)


def update_views(connection: Connection, views: Sequence[tuple[Capture, dict[str, str]]]) -> None:
    """Make captures the current views of profiles that are there, with the known values."""
    rows: list[Cells] = [
        (view.digest, view.stamp, to_json(known), view.data, *view.key) for view, known in views
    ]
    run_rows(connection, _UPDATE, rows)


def see_again(connection: Connection, seen: Sequence[Seen]) -> None:
    """Lengthen the newest snapshots that show the same."""
    run_rows(connection, _SEEN, seen)


def record_changes(connection: Connection, found: Sequence[Change]) -> int:
    """Add changes that are not there yet; the number added."""
    if not found:
        return 0
    table = table_of(ChangeTable)
    key = (table.c.platform, table.c.account_id)
    accounts = sorted({(change.platform, change.account_id) for change in found})
    columns = [table.c[name] for name in _CHANGE]
    there = {(*row[:-1], stamp(row[-1])) for row in rows_of(connection, columns, key, accounts)}
    fresh = dict.fromkeys((*_values(change), stamp(change.changed_at)) for change in found)
    rows: list[Cells] = [row for row in fresh if row not in there]
    insert_rows(connection, table, _CHANGE, rows)
    return len(rows)
