"""Writing profiles: the current view, its snapshots and changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlmodel import col

from auditor.model import Account, Change
from auditor.store.captures import changes, digest_of, fuller, known_values, place, plain
from auditor.store.keyed import rows_of, table_of
from auditor.store.tables import AccountTable, ChangeTable, SnapshotTable

Key = tuple[str, str]


def save_accounts(connection: Connection, accounts: Sequence[Account]) -> int:
    """Keep captures in their order; how many changed the current view."""
    kept = _kept(connection, {_key(account) for account in accounts})
    first: dict[Key, int] = {}
    for number, account in enumerate(accounts):
        if _key(account) not in kept:
            first.setdefault(_key(account), number)
    _insert(connection, [accounts[number] for number in first.values()])
    # Captures of different profiles do not touch each other: only a second one must be compared.
    numbers = set(first.values())
    later = [account for number, account in enumerate(accounts) if number not in numbers]
    kept |= _kept(connection, {_key(account) for account in later} & first.keys())
    changed = [True] * len(first)
    for account in later:
        changed.append(_settle(connection, account, kept[_key(account)]))
        kept |= _kept(connection, {_key(account)})
    return sum(changed)


def _key(account: Account) -> Key:
    return account.platform, account.account_id


def _kept(connection: Connection, keys: set[Key]) -> dict[Key, RowMapping]:
    rows = rows_of(connection, AccountTable, ("platform", "account_id"), sorted(keys))
    return {(row["platform"], row["account_id"]): row for row in rows}


def _insert(connection: Connection, accounts: Sequence[Account]) -> None:
    if not accounts:
        return
    rows = [_view(account) | {"first_seen": account.fetched_at} for account in accounts]
    for row, account in zip(rows, accounts, strict=True):
        row["known"] = known_values({}, account)
    connection.execute(insert(AccountTable), rows)
    connection.execute(insert(SnapshotTable), [_snapshot(account) for account in accounts])


def _view(account: Account) -> dict[str, object]:
    data = plain(account)
    return {
        "platform": account.platform,
        "account_id": account.account_id,
        "digest": digest_of(data),
        "fetched_at": account.fetched_at,
        "data": data,
    }


def _snapshot(account: Account) -> dict[str, object]:
    at = account.fetched_at
    view = {name: item for name, item in _view(account).items() if name != "fetched_at"}
    return {**view, "first_seen": at, "last_seen": at, "seen_count": 1}


def _settle(connection: Connection, account: Account, kept: RowMapping) -> bool:
    view = _view(account)
    changed = bool(view["digest"] != kept["digest"])
    match place(kept["fetched_at"], account.fetched_at):
        case "newer":
            if changed:
                # What was seen at an unknown time is not known to have been before.
                if kept["fetched_at"] is not None:
                    record_changes(connection, changes(kept["known"], account))
                connection.execute(insert(SnapshotTable), [_snapshot(account)])
            else:
                _see_again(connection, account, str(kept["digest"]))
            _update(connection, view | {"known": known_values(kept["known"], account)})
        case "same":
            changed = changed and fuller(kept["data"], plain(account))
            if changed:
                _place_back(connection, account)
                _update(connection, view | {"known": known_values(kept["known"], account)})
        case _:
            # The current view stays; only the history learns of it.
            _place_back(connection, account)
            earliest = _earlier(kept["first_seen"], account.fetched_at)
            _update(connection, _keys(account) | {"first_seen": earliest})
            changed = False
    return changed


def _earlier(kept: datetime | None, new: datetime | None) -> datetime | None:
    known = [at for at in (kept, new) if at is not None]
    return min(known, default=None)


def _keys(account: Account) -> dict[str, object]:
    return {"platform": account.platform, "account_id": account.account_id}


def _update(connection: Connection, values: dict[str, object]) -> None:
    connection.execute(
        update(AccountTable)
        .where(
            col(AccountTable.platform) == values["platform"],
            col(AccountTable.account_id) == values["account_id"],
        )
        .values(values)
    )


def _see_again(connection: Connection, account: Account, digest: str) -> None:
    """Lengthen the newest snapshot, which shows the same, to this capture."""
    newest = (
        select(col(SnapshotTable.snapshot_id))
        .where(
            col(SnapshotTable.platform) == account.platform,
            col(SnapshotTable.account_id) == account.account_id,
            col(SnapshotTable.digest) == digest,
        )
        .order_by(col(SnapshotTable.last_seen).desc().nulls_last())
        .limit(1)
    )
    connection.execute(
        update(SnapshotTable)
        .where(col(SnapshotTable.snapshot_id) == connection.execute(newest).scalar())
        .values(last_seen=account.fetched_at, seen_count=SnapshotTable.seen_count + 1)
    )


def _place_back(connection: Connection, account: Account) -> None:
    """Put a capture that came late where it belongs in the history, if it says anything new."""
    row, at, table = _snapshot(account), account.fetched_at, SnapshotTable
    history = list(
        connection.execute(
            select(table_of(table))
            .where(
                col(table.platform) == account.platform,
                col(table.account_id) == account.account_id,
            )
            .order_by(col(table.first_seen), col(table.snapshot_id))
        ).mappings()
    )
    alike = [snapshot for snapshot in history if snapshot["digest"] == row["digest"]]
    if any(_covers(snapshot, at) for snapshot in alike):
        return
    if at is not None and (neighbour := _neighbour(history, at, str(row["digest"]))):
        number, moved = neighbour
        connection.execute(
            update(table)
            .where(col(table.snapshot_id) == number)
            .values({moved: at, "seen_count": table.seen_count + 1})
        )
        return
    connection.execute(insert(table), [row])


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


def record_changes(connection: Connection, found: Sequence[Change]) -> int:
    """Add changes that are not there yet; the number added."""
    fresh: list[dict[str, object]] = []
    for change in found:
        row = change.model_dump()
        same = select(col(ChangeTable.change_id)).filter_by(**row).limit(1)
        if row not in fresh and connection.execute(same).first() is None:
            fresh.append(row)
    if fresh:
        connection.execute(insert(ChangeTable), fresh)
    return len(fresh)
