"""Nights as tests walk through them: a dataset that changes, audited with and without a memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.runs.local import audit
from tests.runs.doors import request_for

Row = dict[str, Any]
Write = Callable[[Path, list[Row]], None]

REUSE = ("reused_slices", "reused_accounts", "judged_accounts", "reused_groups", "new_groups")

PASSING = ("run.json", "report.html")
"""What tells of times and, in its list of digests, of the other."""


def write_jsonl(path: Path, rows: list[Row]) -> None:
    """Rows as JSON lines."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.with_suffix(".jsonl").write_text("".join(lines), encoding="utf-8")


def write_csv(path: Path, rows: list[Row]) -> None:
    """Rows as a CSV file; lists and objects as JSON."""
    names = sorted({name for row in rows for name in row})
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names)
        writer.writeheader()
        for row in rows:
            plain = {
                key: json.dumps(value, ensure_ascii=False)
                if isinstance(value, list | dict)
                else value
                for key, value in row.items()
            }
            writer.writerow(plain)


def write_parquet(path: Path, rows: list[Row]) -> None:
    """Rows as a Parquet file with small row groups."""
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, path.with_suffix(".parquet"), row_group_size=7)


FORMS: dict[str, Write] = {"jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet}


@dataclass
class Town:
    """A dataset that is written anew before each night: files of posts by name."""

    directory: Path
    form: str = "jsonl"
    accounts: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)
    posts: dict[str, list[Row]] = field(default_factory=dict)

    def write(self) -> None:
        """Write all files, and remove those that are no more."""
        write = FORMS[self.form]
        folder = self.directory / "posts"
        folder.mkdir(parents=True, exist_ok=True)
        for path in [*folder.iterdir(), *self.directory.glob("*.*")]:
            path.unlink()
        write(self.directory / "accounts", self.accounts)
        if self.changes:
            write(self.directory / "changes", self.changes)
        for name, rows in self.posts.items():
            write(folder / name, rows)


def tables_of(run: Path) -> dict[str, bytes]:
    """The bytes of every file of a run but those that tell of times."""
    return {path.name: path.read_bytes() for path in run.iterdir() if path.name not in PASSING}


def record_of(run: Path) -> Row:
    """run.json without times, places and what is told of what was done again."""
    record = dict(json.loads((run / "run.json").read_text(encoding="utf-8")))
    for name in ("started_at", "finished_at", "timings_s", "command"):
        record.pop(name)
    record["counts"] = {key: n for key, n in record["counts"].items() if key not in REUSE}
    record["outputs"] = [file for file in record["outputs"] if file["path"] != "report.html"]
    return record


def reuse_of(run: Path) -> Row:
    """What run.json counts of reuse."""
    counts = json.loads((run / "run.json").read_text(encoding="utf-8"))["counts"]
    return {name: counts[name] for name in REUSE}


@dataclass
class Nights:
    """Audits one dataset again and again, each time beside a run that remembers nothing."""

    town: Town
    place: Path
    compiled: Compiled
    now: datetime = NOW
    count: int = 0
    more: Row = field(default_factory=dict)

    @property
    def kept(self) -> Path:
        """What is kept between the nights."""
        return self.place / "kept"

    def night(self, **more: Any) -> Row:
        """Audit both ways, compare all bytes, and return what run.json counts of reuse."""
        self.count += 1
        self.town.write()
        return self.again(**more)

    def again(self, **more: Any) -> Row:
        """The same over the files as they lie there."""
        given = {"now": self.now, **self.more, **more}
        whole = self.place / f"whole-{self.count}"
        after = self.place / f"night-{self.count}"
        self.count += 1
        audit(request_for(self.compiled, self.town.directory, whole, **given))
        given["kept"] = self.kept
        audit(request_for(self.compiled, self.town.directory, after, **given))
        assert tables_of(after) == tables_of(whole)
        assert record_of(after) == record_of(whole)
        return reuse_of(after)

    def passes(self, **given: float) -> None:
        """Let time pass."""
        self.now += timedelta(**given)
