"""Rows of the input that were not read: counted as they come, and put in order on disk.

An export whose every second row is of another shape has more of them than fit into memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from auditor.model import Rejection
from auditor.runs.ordered import Sorter, read_sorted

REFUSED: Final = "refused"
"""The directory of a run's ``Refused``, in the working directory."""


class Refused:
    """The rows of rejected.csv, in the order of the file whenever they are read.

    ``total`` counts them; ``firsts`` holds the first of each kind by file and line. Rows are read
    when the last one was added.

    Raises:
        OutputError: the disk is full or the place cannot be written; so does every call.
    """

    def __init__(self, directory: Path, rows: Iterable[Rejection] = ()) -> None:
        self._directory = directory
        self._sorter = Sorter(directory)
        self.total = 0
        self.firsts: dict[str, Rejection] = {}
        self.add(rows)

    def add(self, rows: Iterable[Rejection]) -> None:
        """Add rows, in any order."""
        for row in rows:
            self.total += 1
            self._sorter.add(_place(row), row)
            first = self.firsts.get(row.kind)
            if first is None or _place(row) < _place(first):
                self.firsts[row.kind] = row

    def __iter__(self) -> Iterator[Rejection]:
        self._sorter.flush()
        return map(Rejection.model_validate_json, read_sorted(self._directory))


def _place(row: Rejection) -> tuple[str, int, str, str]:
    return (row.file, row.line or 0, row.kind, row.reason)
