"""What was said of each account, kept by account: said again while the account is as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pydantic import BaseModel

from auditor.errors import OutputError
from auditor.model import AccountRow
from auditor.rules import Judgement
from auditor.runs.kept import Kept, Next
from auditor.runs.tables import Tables
from auditor.runs.tasks import finish_task

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

ACCOUNTS: Final = "accounts.parquet"
"""The file of ``KEPT_ACCOUNTS`` among what is kept."""

FINDINGS_TEXT: Final = ("findings", "accounts", "clusters")
RULES: Final = ("fired", "silenced", "open")

TOLD = pa.schema(
    [
        ("account", pa.string()),
        ("judged", pa.int64()),
        ("until", pa.int64()),
        *((name, pa.string()) for name in FINDINGS_TEXT),
        *((name, pa.list_(pa.string())) for name in (*RULES, "gaps")),
    ]
)
"""A row an account: its rows as JSON lines, and rule ids as they are counted. It was
``judged`` at a time (microseconds since 1970), and holds before ``until``, or for ever."""

KEPT_ACCOUNTS = pa.schema([*TOLD, ("state", pa.string())])
"""``TOLD`` with what it was told of (``sql/states.sql``)."""

_TONIGHT = """
    SELECT t.*, s.state FROM told t JOIN states s ON t.account = s.account
    UNION ALL
    SELECT k.* FROM kept_accounts k JOIN unchanged u ON k.account = u.account
"""
_AGAIN = "SELECT k.* FROM kept_accounts k JOIN unchanged u ON k.account = u.account ORDER BY 1"


def told_row(judged: Judgement, row: AccountRow, now: datetime) -> dict[str, Any]:
    """Return a row of ``TOLD``."""
    return {
        "account": row.account_id,
        "judged": micros(now),
        "until": micros(judged.until) if judged.until else None,
        "findings": _lines(judged.findings),
        "accounts": _lines([row]),
        "clusters": _lines(judged.clusters),
        "fired": judged.fired,
        "silenced": judged.silenced,
        "open": judged.open,
        "gaps": judged.not_evaluated,
    }


def micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def told_batches(rows: Sequence[dict[str, Any]]) -> list[pa.RecordBatch]:
    """Return rows of ``TOLD`` as batches."""
    return pa.Table.from_pylist(list(rows), schema=TOLD).to_batches()


def say_again(path: Path, tables: Tables) -> None:
    """Write what the unchanged accounts gave, by id, as a finished part.

    Raises:
        OutputError: the disk is full.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in RULES}
    gaps: Counter[tuple[str, ...]] = Counter()
    accounts = 0
    try:
        path.mkdir(parents=True, exist_ok=True)
        files = [(path / f"{name}.jsonl").open("w", encoding="utf-8") for name in FINDINGS_TEXT]
        for batch in tables.stream(_AGAIN):
            for row in batch.to_pylist():
                accounts += 1
                for name, file in zip(FINDINGS_TEXT, files, strict=True):
                    file.write(row[name])
                for name in RULES:
                    counts[name].update(row[name])
                gaps[tuple(row["gaps"])] += 1
        for file in files:
            file.close()
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", str(path)) from error
    told = {name: dict(counts[name]) for name in RULES}
    named = [[list(key), count] for key, count in sorted(gaps.items())]
    finish_task(path, {**told, "gaps": named, "accounts": accounts, "posts": 0, "failures": []})


def keep_told(kept: Kept, tables: Tables, parts: Sequence[Path], following: Next) -> None:
    """Keep what was said of every awake account tonight."""
    tables.read("told", TOLD, parts)
    (count,) = tables.rows(
        "SELECT (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM unchanged) AS again,"
        " (SELECT count(*) FROM kept_accounts) AS kept"
    ).to_pylist()
    if not count["told"] and count["again"] == count["kept"] and kept.paths(ACCOUNTS):
        following.add(kept.path / ACCOUNTS, ACCOUNTS)
        return
    tables.write(_TONIGHT, following.path / ACCOUNTS)
    following.note(ACCOUNTS)


def _lines(values: Sequence[BaseModel]) -> str:
    return "".join(f"{value.model_dump_json()}\n" for value in values)
