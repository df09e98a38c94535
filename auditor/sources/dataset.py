"""A dataset directory as a source (docs/dataset.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path

import pyarrow as pa

from auditor.errors import InputError
from auditor.model import InputFile, Rejection
from auditor.sources.blocks import Desk
from auditor.sources.delimited import read_csv
from auditor.sources.files import PARQUET, dataset_files, files_at, suffix_of
from auditor.sources.jsonl import read_jsonl
from auditor.sources.lines import BrokenError, TextFile
from auditor.sources.parquet import digest, read_parquet
from auditor.sources.schemas import Kind, shown_name
from auditor.sources.source import Reject


class DatasetSource:
    """The rows of the files of one dataset; paths are given relative to ``directory``."""

    def __init__(
        self, directory: Path, files: Mapping[Kind, tuple[Path, ...]], zone: tzinfo | None
    ) -> None:
        self.directory = directory
        self.incomplete = False
        self._files = files
        self._zone = zone
        self._inputs: dict[str, InputFile] = {}
        self._unknown: set[str] = set()

    def batches(self, kind: Kind, reject: Reject) -> Iterator[pa.RecordBatch]:
        """Yield validated rows, file after file; see ``Source``."""
        faults: list[Rejection] = []

        def note(rejection: Rejection) -> None:
            """Keep the first fault and pass every one on."""
            if not faults:
                faults.append(rejection)
            reject(rejection)

        kept = 0
        for path in self.files(kind):
            for batch in self.read_file(kind, path, note):
                kept += batch.num_rows
                yield batch
        check_kind(self.directory, kind, kept, faults[0] if faults else None)

    def files(self, kind: Kind) -> tuple[Path, ...]:
        """The files of a kind, in the order in which they are read."""
        return self._files[kind]

    def name_of(self, path: Path) -> str:
        """How the reports name a file."""
        return path.relative_to(self.directory).as_posix()

    def read_file(self, kind: Kind, path: Path, reject: Reject) -> Iterator[pa.RecordBatch]:
        """Yield the validated rows of one file.

        Raises:
            InputError: it cannot be read at all.
        """
        suffix = suffix_of(path) or ""
        desk = Desk(kind, self.name_of(path), self._zone, reject, self._unknown)
        text = TextFile(path)
        try:
            if suffix == PARQUET:
                yield from read_parquet(path, desk)
            elif suffix.startswith(".csv"):
                yield from read_csv(text, desk)
            else:
                yield from read_jsonl(text, desk)
        except BrokenError as error:
            desk.refuse_rest(error)
            self.incomplete = True
        # Parquet is not read from front to back, and a broken file not to its end.
        sha256 = text.sha256 if text.whole else digest(path)
        self._inputs[desk.file] = InputFile(path=desk.file, sha256=sha256, rows=desk.kept)

    def inputs(self) -> tuple[InputFile, ...]:
        """The files read so far; see ``Source``."""
        return tuple(self._inputs[name] for name in sorted(self._inputs))

    def unknown_fields(self) -> tuple[str, ...]:
        """Fields beyond the contract seen so far; see ``Source``."""
        return tuple(sorted(set(map(shown_name, self._unknown))))

    def close(self) -> None:
        """Nothing is held open between files."""


def check_kind(directory: Path, kind: Kind, kept: int, first: Rejection | None) -> None:
    """Refuse an input of which not one row of a kind can be read; ``first`` is one that cannot.

    Of the kind, not of the file: a last part that holds one bad row must not stop a run.

    Raises:
        InputError: no row was kept although there were some.
    """
    if first is not None and not kept:
        place = f"{directory / first.file}" + (f":{first.line}" if first.line else "")
        raise InputError(f"no row of {kind} can be read; the first: {first.reason}", place)


def open_dataset(directory: Path, *, timezone: tzinfo | None = None) -> DatasetSource:
    """Open a dataset directory; nothing is read yet.

    ``timezone`` is where times without an offset were written; without it their rows are rejected.

    Raises:
        InputError: the directory is missing, empty, or without accounts and posts.
    """
    return DatasetSource(directory, dataset_files(directory), timezone)


def open_file(path: Path, kind: Kind, *, timezone: tzinfo | None = None) -> DatasetSource:
    """Open one file, or one folder of parts, as a dataset of one kind.

    Raises:
        InputError: the file is missing or of no form that is read.
    """
    files: dict[Kind, tuple[Path, ...]] = {"accounts": (), "posts": (), "changes": ()}
    files[kind] = files_at(path)
    return DatasetSource(path.parent, files, timezone)
