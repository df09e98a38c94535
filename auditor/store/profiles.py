"""Writing profiles: the current view, its snapshots and changes.

Nearly every capture is of a new profile, or newer than the one that is kept. Those are settled in
memory, and what comes of all of them is written together; the others one by one (``late``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Text, cast

from auditor.model import Account, Change
from auditor.store.captures import changes, known_values, place, plain
from auditor.store.keyed import rows_of, table_of
from auditor.store.late import settle
from auditor.store.tables import AccountTable
from auditor.store.views import (
    Capture,
    Key,
    Snapshot,
    insert_new,
    insert_snapshots,
    record_changes,
    see_again,
    update_views,
)


@dataclass(slots=True)
class _Story:
    """A profile that is there, and what newer captures make of it.

    ``seen`` and ``seen_last`` count those that show what the newest snapshot in the database does.
    """

    digest: str
    at: datetime | None
    known: dict[str, str]
    there: str = ""
    seen: int = 0
    seen_last: Capture | None = None
    view: Capture | None = None
    changed: int = 0
    snapshots: list[Snapshot] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def save_accounts(connection: Connection, accounts: Iterable[Account]) -> int:
    """Keep captures in their order; how many changed the current view."""
    first: dict[Key, Capture] = {}
    more: dict[Key, list[Capture]] = {}
    for account in accounts:
        capture = Capture.of(account)
        if first.setdefault(capture.key, capture) is not capture:
            more.setdefault(capture.key, []).append(capture)
    # Sorted, so that two writers of PostgreSQL lock rows in one order.
    keys = sorted(first)
    stories = _kept(connection, keys)
    new = {key: first[key] for key in keys if key not in stories}
    insert_new(connection, list(new.values()))
    late: list[Capture] = []
    for key in keys:
        captures = more.get(key, [])
        if key not in new:
            captures = [first[key], *captures]
        elif captures:
            stories[key] = _started(first[key])
        if captures and not _told(stories[key], captures):
            del stories[key]
            late.extend(captures)
    _write(connection, stories)
    changed = len(new) + sum(story.changed for story in stories.values())
    return changed + sum(settle(connection, capture) for capture in late)


def _kept(connection: Connection, keys: Sequence[Key]) -> dict[Key, _Story]:
    """The profiles that are there."""
    table = table_of(AccountTable).c
    columns = (table.platform, table.account_id, table.digest, table.fetched_at)
    key, known = (table.platform, table.account_id), cast(table.known, Text)
    found = rows_of(connection, (*columns, known), key, keys)
    return {
        (platform, name): _Story(digest, at, plain(values), there=digest)
        for platform, name, digest, at, values in found
    }


def _started(capture: Capture) -> _Story:
    """A profile as its first capture left it."""
    known = known_values({}, capture.account)
    return _Story(capture.digest, capture.at, known, there=capture.digest)


def _told(story: _Story, captures: Sequence[Capture]) -> bool:
    """Add captures to a story; whether each was the newest by then, or the newest once more."""
    for capture in captures:
        match place(story.at, capture.at):
            case "newer":
                _tell(story, capture)
            case "same" if capture.digest == story.digest:
                pass
            case _:
                return False
    return True


def _tell(story: _Story, capture: Capture) -> None:
    if capture.digest != story.digest:
        story.changed += 1
        # What was seen at an unknown time is not known to have been before.
        if story.at is not None:
            story.changes.extend(changes(story.known, capture.account))
        story.snapshots.append(Snapshot(capture, capture))
    elif story.snapshots:
        story.snapshots[-1].last = capture
        story.snapshots[-1].count += 1
    else:
        story.seen += 1
        story.seen_last = capture
    story.known = known_values(story.known, capture.account)
    story.digest, story.at, story.view = capture.digest, capture.at, capture


def _write(connection: Connection, stories: Mapping[Key, _Story]) -> None:
    told = [(key, story) for key, story in stories.items() if story.view is not None]
    update_views(connection, [(story.view, story.known) for _, story in told if story.view])
    # Before the new snapshots come: one of them may show the same again.
    see_again(
        connection,
        [
            (story.seen_last.stamp, story.seen, *key, story.there)
            for key, story in told
            if story.seen_last
        ],
    )
    insert_snapshots(connection, [snapshot for _, story in told for snapshot in story.snapshots])
    record_changes(connection, [change for _, story in told for change in story.changes])
