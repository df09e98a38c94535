"""The rows of a profile: its current view, its snapshots, its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic_core import to_json
from sqlalchemy import Connection

from auditor.model import Account, Change
from auditor.store.bulk import Cells, insert_rows, run_rows
from auditor.store.captures import digest_of, render_capture
from auditor.store.keyed import rows_of, table_of
from auditor.store.tables import AccountTable, ChangeTable, SnapshotTable

Key = tuple[str, str]
Seen = tuple[datetime | None, int, str, str, str]
"""Last seen, how many times more, platform, id, digest."""

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


@dataclass(slots=True)
class Capture:
    """A capture of a profile, rendered for the database."""

    account: Account
    digest: str
    data: bytes

    @classmethod
    def of(cls, account: Account) -> Capture:
        """Render one."""
        return cls(account, digest_of(account), render_capture(account))

    @property
    def key(self) -> Key:
        """Platform and id."""
        return self.account.platform, self.account.account_id

    @property
    def at(self) -> datetime | None:
        """When it was taken."""
        return self.account.fetched_at


@dataclass(slots=True)
class Snapshot:
    """A profile as it stayed from ``first`` to ``last``, seen ``count`` times."""

    capture: Capture
    last: datetime | None
    count: int = 1

    def cells(self) -> Cells:
        """Its row."""
        capture = self.capture
        times = (capture.at, self.last, self.count)
        return (*capture.key, capture.digest, capture.data, *times)


def insert_views(
    connection: Connection, views: Sequence[tuple[Capture, datetime | None, dict[str, str]]]
) -> None:
    """Insert the current views of new profiles: newest capture, first seen, known values."""
    rows: list[Cells] = [
        (*view.key, view.digest, view.at, first, to_json(known), view.data)
        for view, first, known in views
    ]
    insert_rows(connection, table_of(AccountTable), _VIEW, rows)


def insert_snapshots(connection: Connection, snapshots: Sequence[Snapshot]) -> None:
    """Insert snapshots."""
    rows = [snapshot.cells() for snapshot in snapshots]
    insert_rows(connection, table_of(SnapshotTable), _SNAPSHOT, rows)


def update_views(connection: Connection, views: Sequence[tuple[Capture, dict[str, str]]]) -> None:
    """Make captures the current views of profiles that are there, with the known values."""
    rows: list[Cells] = [
        (view.digest, view.at, to_json(known), view.data, *view.key) for view, known in views
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
    there = {tuple(row) for row in rows_of(connection, columns, key, accounts)}
    fresh = dict.fromkeys(tuple(getattr(change, name) for name in _CHANGE) for change in found)
    rows = [row for row in fresh if row not in there]
    insert_rows(connection, table, _CHANGE, rows)
    return len(rows)
