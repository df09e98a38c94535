"""A capture by itself: one that came late is placed in the history, one of two of an instant kept.

The database is asked for the whole history of the profile each time, which is slow and rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Text, cast, select, update

from auditor.store.captures import changes, fuller, known_values, place
from auditor.store.keyed import table_of
from auditor.store.tables import AccountTable, SnapshotTable
from auditor.store.views import (
    Capture,
    Snapshot,
    insert_new,
    insert_snapshots,
    record_changes,
    see_again,
    update_views,
)

_ACCOUNT = table_of(AccountTable)
_SNAPSHOT = table_of(SnapshotTable)


def settle(connection: Connection, capture: Capture) -> bool:
    """Keep one capture of a profile; whether it changed the current view."""
    kept = _kept(connection, capture)
    if kept is None:
        insert_new(connection, [capture])
        return True
    changed = bool(capture.digest != kept["digest"])
    match place(kept["fetched_at"], capture.at):
        case "newer":
            if changed:
                # What was seen at an unknown time is not known to have been before.
                if kept["fetched_at"] is not None:
                    record_changes(connection, changes(kept["known"], capture.account))
                insert_snapshots(connection, [Snapshot(capture, capture)])
            else:
                see_again(connection, [(capture.stamp, 1, *capture.key, capture.digest)])
            _show(connection, capture, kept)
        case "same":
            old = (str(kept["text"]), str(kept["digest"]))
            changed = changed and fuller(old, (capture.data, capture.digest))
            if changed:
                _place_back(connection, capture)
                _show(connection, capture, kept)
        case _:
            # The current view stays; only the history learns of it.
            _place_back(connection, capture)
            earliest = _earlier(kept["first_seen"], capture.at)
            statement = update(_ACCOUNT).where(*_same(_ACCOUNT.c, capture))
            connection.execute(statement.values(first_seen=earliest))
            changed = False
    return changed


def _kept(connection: Connection, capture: Capture) -> RowMapping | None:
    c = _ACCOUNT.c
    columns = (c.digest, c.fetched_at, c.first_seen, c.known, cast(c.data, Text).label("text"))
    statement = select(*columns).where(*_same(c, capture))
    return connection.execute(statement).mappings().first()


def _same(columns: Any, capture: Capture) -> tuple[Any, Any]:
    """That a row is of the profile of the capture."""
    platform, account_id = capture.key
    return columns.platform == platform, columns.account_id == account_id


def _show(connection: Connection, capture: Capture, kept: RowMapping) -> None:
    """Make a capture the current view."""
    update_views(connection, [(capture, known_values(kept["known"], capture.account))])


def _earlier(kept: datetime | None, new: datetime | None) -> datetime | None:
    known = [at for at in (kept, new) if at is not None]
    return min(known, default=None)


def _place_back(connection: Connection, capture: Capture) -> None:
    """Put a capture that came late where it belongs in the history, if it says anything new."""
    c, at = _SNAPSHOT.c, capture.at
    statement = select(c.snapshot_id, c.digest, c.first_seen, c.last_seen)
    ordered = statement.where(*_same(c, capture)).order_by(c.first_seen, c.snapshot_id)
    history = list(connection.execute(ordered).mappings())
    alike = [snapshot for snapshot in history if snapshot["digest"] == capture.digest]
    if any(_covers(snapshot, at) for snapshot in alike):
        return
    if at is not None and (neighbour := _neighbour(history, at, capture.digest)):
        number, moved = neighbour
        moving = update(_SNAPSHOT).where(c.snapshot_id == number)
        connection.execute(moving.values({moved: at, "seen_count": c.seen_count + 1}))
        return
    insert_snapshots(connection, [Snapshot(capture, capture)])


def _covers(snapshot: RowMapping, at: datetime | None) -> bool:
    first, last = snapshot["first_seen"], snapshot["last_seen"]
    return bool(first == at if at is None or first is None else first <= at <= last)


def _neighbour(history: Sequence[RowMapping], at: datetime, digest: str) -> tuple[int, str] | None:
    """The snapshot just before or after that shows the same, and which of its ends moves."""
    before = [row for row in history if row["last_seen"] is not None and row["last_seen"] < at]
    after = [row for row in history if row["first_seen"] is not None and row["first_seen"] > at]
    if before and (row := max(before, key=lambda row: row["last_seen"]))["digest"] == digest:
        return row["snapshot_id"], "last_seen"
    if after and (row := min(after, key=lambda row: row["first_seen"]))["digest"] == digest:
        return row["snapshot_id"], "first_seen"
    return None
