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
from auditor.sources.files import dataset_files, files_at, suffix_of
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
        kept = 0
        faults: list[Rejection] = []

        def note(rejection: Rejection) -> None:
            """Keep the first fault and pass every one on."""
            if not faults:
                faults.append(rejection)
            reject(rejection)

        for path in self._files[kind]:
            name = path.relative_to(self.directory).as_posix()
            desk = Desk(kind, name, self._zone, note, self._unknown)
            yield from self._read(path, desk)
            kept += desk.kept
        # Of the kind, not of the file: a last part that holds one bad row must not stop a run.
        if faults and not kept:
            first = faults[0]
            place = f"{self.directory / first.file}" + (f":{first.line}" if first.line else "")
            raise InputError(f"no row of {kind} can be read; the first: {first.reason}", place)

    def _read(self, path: Path, desk: Desk) -> Iterator[pa.RecordBatch]:
        suffix = suffix_of(path) or ""
        text = TextFile(path)
        try:
            if suffix == ".parquet":
                yield from read_parquet(path, desk)
            elif suffix.startswith(".csv"):
                yield from read_csv(text, desk)
            else:
                yield from read_jsonl(text, desk)
        except BrokenError as error:
            self.incomplete = True
            desk.refuse(error.line, f"{error}; what stands before was read")
        # Parquet is not read from front to back, and a broken file not to its end.
        sha256 = text.sha256 if text.whole else digest(path)
        self._inputs[desk.file] = InputFile(path=desk.file, sha256=sha256, rows=desk.kept)

    def inputs(self) -> tuple[InputFile, ...]:
        """The files read so far; see ``Source``."""
        return tuple(self._inputs[name] for name in sorted(self._inputs))

    def unknown_fields(self) -> tuple[str, ...]:
        """Fields beyond the contract seen so far; see ``Source``."""
        return tuple(sorted(set(map(shown_name, self._unknown))))


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
