"""The stages of a run as tasks: a directory that says what is asked and, at the end, what came.

A task that is done is never done again: that is how a killed run goes on. Where a machine lost its
power, what was written last may be gone although the end was noted: such a task is done again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.errors import OutputError
from auditor.runs.work import HALF, write_whole

TASK = "task.json"
DONE = "done"
_SIZES = "sizes"
"""In ``DONE``: the bytes of every other file of the task, by name."""


def plan_tasks(directory: Path, records: Mapping[str, Mapping[str, Any]]) -> tuple[Path, ...]:
    """Lay out one directory a record, by name; those that are there already stay as they are.

    Raises:
        OutputError: the place cannot be written.
    """
    paths = []
    for name, record in records.items():
        path = directory / name
        if not (path / TASK).exists():
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"cannot be written: {error.strerror}", str(path)) from error
            write_whole(path / TASK, json.dumps(record, ensure_ascii=False))
        paths.append(path)
    return tuple(paths)


def read_task(path: Path) -> dict[str, Any]:
    """Return what a task is asked."""
    return _read(path / TASK)


def finish_task(path: Path, result: Mapping[str, Any]) -> None:
    """Say what came of a task; everything else of it must be written before."""
    found = {**result, _SIZES: _sizes(path)}
    write_whole(path / DONE, json.dumps(found, ensure_ascii=False))


def is_done(path: Path) -> bool:
    """Tell whether a task is finished, and its files are as long as they were then."""
    if not (path / DONE).exists():
        return False
    try:
        return bool(_read(path / DONE).get(_SIZES) == _sizes(path))
    except OutputError:
        return False


def _sizes(path: Path) -> dict[str, int]:
    """Return the bytes of each file but those that ``write_whole`` makes, half ones among them."""
    return {
        entry.name: entry.stat().st_size
        for entry in os.scandir(path)
        if entry.name not in (TASK, DONE) and not entry.name.endswith(HALF)
    }


def read_result(path: Path) -> dict[str, Any]:
    """Return what came of a finished task."""
    found = _read(path / DONE)
    found.pop(_SIZES, None)
    return found


def left(paths: Sequence[Path]) -> list[Path]:
    """Return the tasks that are not finished, in their order."""
    return [path for path in paths if not is_done(path)]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot be read back ({error})", str(path)) from error
    return dict(found)
