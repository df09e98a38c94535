"""Writing profiles: the current view, its snapshots and changes.

Nearly every capture is of a new profile or newer than the one that is kept. The captures of such a
profile are settled in memory, and all of them written together; the others one by one (``late``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Text, cast

from auditor.model import Account, Change
from auditor.store.captures import changes, known_values, place, plain
from auditor.store.keyed import rows_of, table_of
from auditor.store.late import settle
from auditor.store.tables import AccountTable
from auditor.store.views import (
    Capture,
    Key,
    Seen,
    Snapshot,
    insert_snapshots,
    insert_views,
    record_changes,
    see_again,
    update_views,
)


class _Kept(NamedTuple):
    """What the database holds of a profile."""

    digest: str
    fetched_at: datetime | None
    known: str


@dataclass(slots=True)
class _Story:
    """What captures of one profile, in their order, make of it."""

    digest: str
    at: datetime | None
    known: dict[str, str]
    view: Capture | None = None
    first: datetime | None = None
    changed: int = 0
    seen: tuple[datetime | None, int] = (None, 0)
    snapshots: list[Snapshot] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def save_accounts(connection: Connection, accounts: Sequence[Account]) -> int:
    """Keep captures in their order; how many changed the current view."""
    captures: dict[Key, list[Capture]] = {}
    for account in accounts:
        capture = Capture.of(account)
        captures.setdefault(capture.key, []).append(capture)
    kept = _kept(connection, sorted(captures))
    stories: dict[Key, _Story] = {}
    late: list[Key] = []
    # Sorted, so that two writers of PostgreSQL lock rows in one order.
    for key in sorted(captures):
        story = _story(kept.get(key), captures[key])
        if story is None:
            late.append(key)
        else:
            stories[key] = story
    _write(connection, stories, kept)
    changed = sum(story.changed for story in stories.values())
    return changed + sum(settle(connection, each) for key in late for each in captures[key])


def _kept(connection: Connection, keys: Sequence[Key]) -> Mapping[Key, _Kept]:
    table = table_of(AccountTable).c
    columns = (table.platform, table.account_id, table.digest, table.fetched_at)
    key, known = (table.platform, table.account_id), cast(table.known, Text)
    found = rows_of(connection, (*columns, known), key, keys)
    return {(row[0], row[1]): _Kept(row[2], row[3], row[4]) for row in found}


def _story(kept: _Kept | None, captures: Sequence[Capture]) -> _Story | None:
    """Settle captures of one profile, or ``None`` where one of them is not the newest by then."""
    if kept is None:
        first, *rest = captures
        known = known_values({}, first.account)
        story = _Story(first.digest, first.at, known, first, first.at, changed=1)
        story.snapshots.append(Snapshot(first, first.at))
    else:
        rest = list(captures)
        story = _Story(kept.digest, kept.fetched_at, plain(kept.known))
    for capture in rest:
        match place(story.at, capture.at):
            case "newer":
                _tell(story, capture)
            case "same" if capture.digest == story.digest:
                pass
            case _:
                return None
    return story


def _tell(story: _Story, capture: Capture) -> None:
    """Add a newer capture."""
    if capture.digest != story.digest:
        story.changed += 1
        # What was seen at an unknown time is not known to have been before.
        if story.at is not None:
            story.changes.extend(changes(story.known, capture.account))
        story.snapshots.append(Snapshot(capture, capture.at))
    elif story.snapshots:
        story.snapshots[-1].last = capture.at
        story.snapshots[-1].count += 1
    else:
        story.seen = (capture.at, story.seen[1] + 1)
    story.known = known_values(story.known, capture.account)
    story.digest, story.at, story.view = capture.digest, capture.at, capture


def _write(
    connection: Connection, stories: Mapping[Key, _Story], kept: Mapping[Key, _Kept]
) -> None:
    views: list[tuple[Capture, datetime | None, dict[str, str]]] = []
    again: list[tuple[Capture, dict[str, str]]] = []
    seen: list[Seen] = []
    for key, story in stories.items():
        view = story.view
        if view is None:
            continue
        if key not in kept:
            views.append((view, story.first, story.known))
            continue
        again.append((view, story.known))
        if story.seen[1]:
            seen.append((*story.seen, *key, kept[key].digest))
    insert_views(connection, views)
    update_views(connection, again)
    # Before the new ones: one of them may show the same again.
    see_again(connection, seen)
    insert_snapshots(
        connection, [snapshot for story in stories.values() for snapshot in story.snapshots]
    )
    record_changes(connection, [change for story in stories.values() for change in story.changes])
