"""The stages of a run as tasks: a directory that says what is asked and, at the end, what came.

A task that is done is never done again: that is how a killed run goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.errors import OutputError
from auditor.runs.work import write_whole

TASK = "task.json"
DONE = "done"


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
    write_whole(path / DONE, json.dumps(result, ensure_ascii=False))


def is_done(path: Path) -> bool:
    """Tell whether a task is finished."""
    return (path / DONE).exists()


def read_result(path: Path) -> dict[str, Any]:
    """Return what came of a finished task."""
    return _read(path / DONE)


def left(paths: Sequence[Path]) -> list[Path]:
    """Return the tasks that are not finished, in their order."""
    return [path for path in paths if not is_done(path)]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot be read back ({error})", str(path)) from error
    return dict(found)
