"""The input of a run, cut into slices; a resumed run knows what was read before."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from auditor import sources
from auditor.config import time_zone
from auditor.errors import InputError, OutputError
from auditor.model import InputFile
from auditor.runs.request import AuditRequest
from auditor.runs.tasks import finish_task, plan_tasks, read_result, read_task
from auditor.runs.work import values_file
from auditor.sources import Kind, Slice, Source, lay_down, open_dataset, parquet_slices
from auditor.sources.dataset import DatasetSource
from auditor.sources.files import PARQUET, dataset_files
from auditor.sources.parquet import digest

Progress = Callable[[str, int, int], None]

REJECTED = "rejected.jsonl"
KINDS: tuple[Kind, ...] = get_args(Kind)


_CHANGED = "changed while it was audited, so that nothing is written; run the same command again"

FileState = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds; -1 where there is no file."""


@dataclass(frozen=True)
class Intake:
    """The slices of the input, and what laying them down told of it already.

    ``digests`` maps the files that are read in place to their SHA-256, ``places`` to how they lay
    there; the others stand in ``inputs``. ``rejected`` are files of rows that were not read.
    """

    slices: tuple[Slice, ...]
    rejected: tuple[Path, ...]
    inputs: tuple[InputFile, ...]
    digests: dict[str, str]
    places: dict[Path, FileState]
    unknown_fields: frozenset[str]
    incomplete: bool

    def changed(self) -> OutputError | None:
        """Return what to say where a file that is read in place is not as it was.

        Its rows are read again for judging: they would be of another file than its digest tells.
        Other files are laid down before anything is made of them, and may grow.
        """
        for path, state in self.places.items():
            if file_state(path) != state:
                return OutputError(_CHANGED, str(path))
        return None


@contextmanager
def held_to(intake: Intake | None, give_up: Callable[[], None]) -> Iterator[None]:
    """Hold what is done within to the files that the run began with.

    Where one of them changed meanwhile, ``give_up`` removes what was made: none of it could be gone
    on with.

    Raises:
        OutputError: a file changed.
    """
    try:
        yield
    except Exception as error:  # whatever rows of another file led to is no fault of its own
        _refuse_changed(intake, give_up, error)
        raise
    _refuse_changed(intake, give_up, None)


def _refuse_changed(
    intake: Intake | None, give_up: Callable[[], None], error: Exception | None
) -> None:
    changed = intake.changed() if intake else None
    if changed is not None:
        give_up()
        raise changed from error


def file_state(path: Path) -> FileState:
    """Return how a file lies there."""
    try:
        status = path.stat()
    except OSError:
        return (-1, -1)
    return (status.st_size, status.st_mtime_ns)


def open_source(request: AuditRequest) -> Source:
    """Open the dataset, or the store when no dataset is given.

    Raises:
        InputError: there is neither, or it cannot be opened.
    """
    if request.dataset is not None:
        return open_dataset(request.dataset, timezone=time_zone(request.timezone))
    if request.db is None:
        raise InputError("name a dataset directory, or a database with --db", "audit")
    # Looked up here, so that a run over a dataset does not load the database libraries.
    return sources.open_store_source(request.db)


def reading_tasks(request: AuditRequest, work: Path) -> tuple[Path, ...]:
    """Return one task for each file that cannot be entered in the middle, or for the store.

    Raises:
        InputError: there is no dataset.
        OutputError: the working directory cannot be written.
    """
    if request.dataset is None:
        return plan_tasks(work / "read", {"store": {}})
    records = {
        f"{kind}-{number:06d}": {"kind": kind, "path": str(path)}
        for kind, number, path in text_files(request.dataset)
    }
    return plan_tasks(work / "read", records)


def text_files(dataset: Path) -> list[tuple[Kind, int, Path]]:
    """Return the files that cannot be entered in the middle, by kind, each with its number."""
    return [
        (kind, number, path)
        for kind, paths in dataset_files(dataset).items()
        for number, path in enumerate(paths)
        if path.suffix.lower() != PARQUET
    ]


def lay_down_input(request: AuditRequest, path: Path) -> None:
    """Do one reading task: settle the rows of a file or of the store, and lay them down.

    Raises:
        InputError: the file cannot be read at all.
        OutputError: the disk is full, or the database was lost.
    """
    task = read_task(path)
    with values_file(path / REJECTED) as reject:
        if task:
            source = file_source(request, task["kind"], Path(task["path"]))
            file = Path(task["path"])
            batches = source.read_file(task["kind"], file, reject)
            slices = lay_down(task["kind"], source.name_of(file), batches, path, 0)
            told: Any = source
        else:
            told = stored = sources.open_store_source(request.db or "")
            slices = []
            for kind in KINDS:
                batches = stored.batches(kind, reject)
                slices += lay_down(kind, f"store/{kind}", batches, path, 0)
            stored.close()
    finish_task(
        path,
        {
            "slices": [each.record() for each in slices],
            "inputs": [file.model_dump(mode="json") for file in told.inputs()],
            "unknown_fields": list(told.unknown_fields()),
            "incomplete": told.incomplete,
        },
    )


def file_source(request: AuditRequest, kind: Kind, path: Path) -> DatasetSource:
    """Open one file of the dataset, named as in the whole of it."""
    files: dict[Kind, tuple[Path, ...]] = dict.fromkeys(KINDS, ())
    files[kind] = (path,)
    return DatasetSource(request.dataset or path.parent, files, time_zone(request.timezone))


def take_in(request: AuditRequest, tasks: Sequence[Path]) -> Intake:
    """Gather the slices of the whole input, those of Parquet files read in place among them.

    Raises:
        InputError: a Parquet file is none, or lacks a column.
        OutputError: a task cannot be read back.
    """
    results = list(map(read_result, tasks))
    slices = [Slice.of(record) for result in results for record in result["slices"]]
    digests = {}
    places = {}
    if request.dataset is not None:
        source = open_dataset(request.dataset)
        for kind in KINDS:
            for path in source.files(kind):
                if path.suffix.lower() == PARQUET:
                    name = source.name_of(path)
                    places[path] = file_state(path)
                    slices += parquet_slices(kind, path, name, 0)
                    digests[name] = digest(path)
    return Intake(
        slices=tuple(_numbered(slices)),
        rejected=tuple(path / REJECTED for path in tasks),
        inputs=tuple(InputFile.model_validate(f) for r in results for f in r["inputs"]),
        digests=digests,
        places=places,
        unknown_fields=frozenset(name for r in results for name in r["unknown_fields"]),
        incomplete=any(result["incomplete"] for result in results),
    )


def _numbered(slices: Iterable[Slice]) -> Iterator[Slice]:
    """Number the slices of each kind, in the order of their files."""
    count: Counter[Kind] = Counter()
    for each in sorted(slices, key=lambda each: (each.kind, each.file, each.before, each.number)):
        yield replace(each, number=count[each.kind])
        count[each.kind] += 1


def input_state(request: AuditRequest) -> str:
    """Return a digest of names, sizes and times of the dataset's files, empty for a database.

    What a resumed run has read already must still be what lies there. A database may grow under a
    run: what is audited is what was read from it.
    """
    if request.dataset is None:
        return ""
    files = chain.from_iterable(dataset_files(request.dataset).values())
    seen = sorted((path.as_posix(), *file_state(path)) for path in files)
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
