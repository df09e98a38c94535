"""The working directory of an unfinished run: partitions, what each produced, and the lock."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from auditor.errors import LockedError, OutputError, UsageError

log = logging.getLogger(__name__)

WORK = ".work"
HALF = ".part"
"""How the name of a file ends that is being written."""

STATE = "state.json"

Model = TypeVar("Model", bound=BaseModel)


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[bool]:
    """Hold the run directory, and tell whether it is new; the lock vanishes with the process.

    Raises:
        UsageError: it is a file, or can be the name of nothing.
        LockedError: another run holds it.
        OutputError: the directory cannot be written.
    """
    try:
        is_new = not directory.exists()
        if not is_new and not directory.is_dir():
            raise UsageError("is a file; name a directory with --out", str(directory))
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory, os.O_RDONLY)
    except ValueError as error:  # a zero byte, in auditor.toml
        raise UsageError("is no name of a directory", str(directory)) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise UsageError("is too long a name for a directory", str(directory)) from error
        raise OutputError(f"cannot write here: {error.strerror}", str(directory)) from error
    try:
        _lock(handle, directory)
        yield is_new
    finally:
        os.close(handle)


def _lock(handle: int, directory: Path) -> None:
    # The directory itself is locked: a lock file would be left behind by a killed run.
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        message = "another run writes here; wait for it to end"
        raise LockedError(message, str(directory)) from error


def open_work(directory: Path, identity: str) -> tuple[Path, bool]:
    """Return the working directory and whether an unfinished run of the same command is resumed.

    Raises:
        UsageError: the directory holds something else than such a run.
    """
    work = directory / WORK
    state = read_state(work)
    others = [path.name for path in directory.iterdir() if path.name != WORK]
    # Tasks name files by the paths that were given.
    there = "" if directory.is_absolute() else str(Path.cwd())
    here = {"identity": identity, "place": [str(directory), there, str(directory.resolve())]}
    if state is None and not others and _is_fresh(work):
        _make(work)
        write_state(work, here)
        return work, False
    if state is not None and state.get("identity") == identity:
        # A kill while a report was written leaves it half beside its place.
        for half in directory.glob(f".*{HALF}"):
            half.unlink()
        if state == here:
            return work, True
        log.warning("%s has another path than it had: what was done is done again", directory)
        # What an earlier run found stays: this one may have been recorded since (runs.history).
        for path in work.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
        write_state(work, here)
        return work, False
    what = "other files"
    if state is not None:
        what = (
            "an unfinished run of another command or version, "
            "or with other rules, references or input"
        )
    raise UsageError(f"holds {what}; name an empty or a new directory", str(directory))


def _is_fresh(work: Path) -> bool:
    """Whether there is no run: nothing, or what a run left that was killed in its first moment."""
    if not work.exists():
        return True
    return work.is_dir() and all(path.name == f"{STATE}{HALF}" for path in work.iterdir())


def _make(work: Path) -> None:
    try:
        work.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write here: {error.strerror}", str(work.parent)) from error


def read_state(work: Path) -> dict[str, Any] | None:
    """Return the state of an unfinished run, or ``None`` when there is none."""
    try:
        state = json.loads((work / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return state if isinstance(state, dict) else None


def write_state(work: Path, state: dict[str, Any]) -> None:
    """Replace the state in one step."""
    write_whole(work / STATE, json.dumps(state, ensure_ascii=False))


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and rename it, so that it is never half there.

    Raises:
        OutputError: the disk is full or the place cannot be written.
    """
    _write_pieces(path, (text,))


def _write_pieces(path: Path, pieces: Iterable[str]) -> None:
    beside = path.with_name(f"{path.name}{HALF}")
    try:
        with beside.open("w", encoding="utf-8") as handle:
            handle.writelines(pieces)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise OutputError(f"cannot be written: {error.strerror}", str(path)) from error


def write_values(path: Path, values: Sequence[BaseModel]) -> None:
    """Write values as JSON lines, whole or not at all."""
    _write_pieces(path, (f"{value.model_dump_json()}\n" for value in values))


@contextlib.contextmanager
def values_file(path: Path) -> Iterator[Callable[[BaseModel], None]]:
    """Open a file of JSON lines for values that come one by one, and are not held.

    Raises:
        OutputError: the disk is full or the place cannot be written.
    """
    with _written(path):
        handle = path.open("w", encoding="utf-8")

    def add(value: BaseModel) -> None:
        """Write a value as the next line."""
        with _written(path):
            handle.write(f"{value.model_dump_json()}\n")

    try:
        yield add
    finally:
        with _written(path):
            handle.close()


@contextlib.contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", str(path)) from error


def read_values(path: Path, model: type[Model]) -> Iterator[Model]:
    """Yield the values of a JSON lines file that ``write_values`` wrote.

    Raises:
        OutputError: it is gone or damaged.
    """
    try:
        with path.open(encoding="utf-8") as handle:
            for line in handle:
                yield model.model_validate_json(line)
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0]
        raise OutputError(f"cannot be read back ({told})", str(path)) from error


def remove_work(directory: Path) -> None:
    """Remove the working directory of a finished run."""
    shutil.rmtree(directory / WORK, ignore_errors=True)
