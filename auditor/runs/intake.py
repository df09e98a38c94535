"""The input of a run, cut into partitions once; a resumed run knows what was read before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.model import InputFile, Rejection
from auditor.runs.request import AuditRequest
from auditor.runs.work import WORK, read_state, read_values, write_state, write_values
from auditor.sources import Source, write_partitions

Progress = Callable[[str, int, int], None]

PART_BYTES = 6 * 1024 * 1024
"""Bytes of text a partition holds at a budget of 1 GiB; a worker needs a small multiple of it."""

LARGE_BYTES = 1 << 30
REJECTED = "rejected.jsonl"


@dataclass(frozen=True)
class Intake:
    """What was read: the partitions, the rows that were not taken, and what the reports say of it.

    ``incomplete`` is true when a file broke off part-way.
    """

    parts: tuple[Path, ...]
    rejected: tuple[Rejection, ...]
    inputs: tuple[InputFile, ...]
    unknown_fields: tuple[str, ...]
    incomplete: bool


def take_in(request: AuditRequest, source: Source, work: Path, progress: Progress) -> Intake:
    """Partition the input once; a resumed run finds the partitions already there.

    Raises:
        InputError: the input cannot be read.
        OutputError: the disk is full.
    """
    state = read_state(work) or {}
    directory = work / "parts"
    if "intake" not in state:
        progress("read", 0, 1)
        rejected: list[Rejection] = []
        count = part_count(input_bytes(request), request.memory_mib)
        write_partitions(source, directory, count, rejected.append)
        write_values(work / REJECTED, rejected)
        state["intake"] = _noted(source)
        write_state(work, state)
        progress("read", 1, 1)
    return _intake(work, directory, state["intake"])


def _noted(source: Source) -> dict[str, Any]:
    # A run that is killed and resumed does not read the input again, and must say the same of it.
    return {
        "inputs": [file.model_dump(mode="json") for file in source.inputs()],
        "unknown_fields": list(source.unknown_fields()),
        "incomplete": source.incomplete,
    }


def _intake(work: Path, directory: Path, noted: dict[str, Any]) -> Intake:
    parts = sorted(directory.iterdir()) if directory.is_dir() else []
    return Intake(
        parts=tuple(path for path in parts if path.is_dir()),
        rejected=tuple(read_values(work / REJECTED, Rejection)),
        inputs=tuple(InputFile.model_validate(file) for file in noted["inputs"]),
        unknown_fields=tuple(noted["unknown_fields"]),
        incomplete=noted["incomplete"],
    )


def input_bytes(request: AuditRequest) -> int:
    """Return the size of the input on disk; a database that is no file counts as large."""
    if request.dataset is not None:
        return sum(path.stat().st_size for path in _files(request.dataset))
    path = Path((request.db or "").removeprefix("sqlite:///"))
    return path.stat().st_size if path.is_file() else LARGE_BYTES


def input_state(request: AuditRequest) -> str:
    """Return a digest of names, sizes and times of the dataset's files, empty for a database.

    What a resumed run has read already must still be what lies there. A database may grow under a
    run: what is audited is what was read from it.
    """
    if request.dataset is None:
        return ""
    seen = []
    for path in _files(request.dataset):
        status = path.stat()
        seen.append((path.as_posix(), status.st_size, status.st_mtime_ns))
    return hashlib.sha256(json.dumps(sorted(seen)).encode()).hexdigest()


def _files(dataset: Path) -> Iterator[Path]:
    # The run directory may lie inside the dataset.
    for path in dataset.rglob("*"):
        if path.is_file() and WORK not in path.parts:
            yield path


def part_count(size_bytes: int, memory_mib: int) -> int:
    """Return how many partitions an input is cut into, so that one fits the memory budget."""
    share = PART_BYTES * memory_mib // 1024
    # A gzip or Parquet file holds about four times its size; parts that are too small cost little.
    size_bytes *= 4
    return max(1, min(4096, -(-size_bytes // max(share, 1))))
