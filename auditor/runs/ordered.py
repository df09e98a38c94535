"""Findings and the accounts that have some, on their way to the reports: put in order on disk.

Where a rule speaks of every account, findings do not fit into memory, twelve thousand bytes each:
runs of them are sorted and written as they come, and merged by every report that reads them. The
database does not sort them: rows of three thousand bytes it holds in memory to the last
(DuckDB 2.0.1: 60,000 of them failed within 256 MiB).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from auditor.errors import OutputError
from auditor.model import AccountRow, Finding, Value
from auditor.runs.ranking import account_order, finding_place
from auditor.sources import read_batches, write_batches

_RUN: Final = pa.schema([("key", pa.string()), ("row", pa.string())])
"""A row as JSON behind the key that it is sorted by: a JSON array of numbers and texts."""

RUN_BYTES: Final = 32 * 1024 * 1024
"""Text that is sorted at a time; a million findings are a hundred such runs."""

_BESIDE: Final = 400
"""Bytes that a row holds beside its text while it waits: its key, and what Python adds."""

_TOGETHER: Final = 64
"""Rows of each run that are in hand while all are merged."""


class Sorter:
    """Rows that come in any order and are read in that of their keys.

    Raises:
        OutputError: the disk is full or the place cannot be written; so does every call.
    """

    def __init__(self, directory: Path, run_bytes: int = RUN_BYTES) -> None:
        self._directory = directory
        self._most = run_bytes
        self._held: list[tuple[Sequence[Any], str]] = []
        self._bytes = self._runs = 0
        # What a killed run left is not of this one.
        shutil.rmtree(directory, ignore_errors=True)
        try:
            directory.mkdir(parents=True)
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", str(directory)) from error

    def add(self, key: Sequence[Any], value: Value) -> None:
        """Add a row; a key holds numbers and texts, of all rows in the same places."""
        row = value.model_dump_json()
        self._held.append((key, row))
        self._bytes += len(row) + _BESIDE
        if self._bytes >= self._most:
            self.flush()

    def flush(self) -> None:
        """Write what is held; called once more when no row is left."""
        if not self._held:
            return
        self._held.sort(key=itemgetter(0))
        path = self._directory / f"{self._runs:06d}.arrow"
        starts = range(0, len(self._held), _TOGETHER)
        write_batches(path, _RUN, (_batch(self._held[at : at + _TOGETHER]) for at in starts))
        self._held = []
        self._bytes, self._runs = 0, self._runs + 1


def _batch(rows: Sequence[tuple[Sequence[Any], str]]) -> pa.RecordBatch:
    keys = [json.dumps(key, ensure_ascii=False) for key, _ in rows]
    arrays = [pa.array(keys, pa.string()), pa.array([row for _, row in rows], pa.string())]
    return pa.RecordBatch.from_arrays(arrays, schema=_RUN)


def read_sorted(directory: Path) -> Iterator[str]:
    """Yield the rows that a ``Sorter`` wrote to ``directory``, by their keys.

    Raises:
        OutputError: they cannot be read back.
    """
    for _, row in merge(*map(_run, sorted(directory.glob("*.arrow"))), key=itemgetter(0)):
        yield row


def _run(path: Path) -> Iterator[tuple[list[Any], str]]:
    for batch in read_batches(path):
        keys, rows = (batch.column(name).to_pylist() for name in _RUN.names)
        yield from zip(map(json.loads, keys), rows, strict=True)


@dataclass(frozen=True)
class Ordered:
    """Findings, and accounts that have some, in the order of a review: read as often as asked.

    ``directory`` lies in the working directory.
    """

    directory: Path

    def write(self, accounts: Iterable[tuple[AccountRow, Sequence[Finding]]]) -> None:
        """Write accounts as they come, each with its findings, at least one.

        Raises:
            OutputError: the disk is full.
        """
        flagged, found = Sorter(self._accounts), Sorter(self._findings)
        for account, findings in accounts:
            key = account_order(findings, len(account.cues))
            flagged.add(key, account)
            for finding in findings:
                priority, *place = finding_place(finding)
                found.add((priority, *key, *place), finding)
        flagged.flush()
        found.flush()

    def findings(self) -> Iterator[Finding]:
        """Yield the findings in the order of findings.csv."""
        return map(Finding.model_validate_json, read_sorted(self._findings))

    def accounts(self) -> Iterator[AccountRow]:
        """Yield the accounts, each with its rank."""
        for rank, text in enumerate(read_sorted(self._accounts), start=1):
            row = AccountRow.model_validate_json(text)
            yield row.model_copy(update={"rank": rank})

    @property
    def _accounts(self) -> Path:
        return self.directory / "accounts"

    @property
    def _findings(self) -> Path:
        return self.directory / "findings"
