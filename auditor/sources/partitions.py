"""Any number of rows in any order -> parts that hold whole accounts and fit into memory."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from auditor.errors import OutputError
from auditor.model import InputFile
from auditor.sources.columns import Columns, columns_of
from auditor.sources.keys import account_keys, parts_of
from auditor.sources.schemas import KINDS, LOCATED, Kind
from auditor.sources.source import Reject, Source

BUFFER_BYTES = 64 * 1024 * 1024
"""Rows held back to be written together: batches of a few rows cost more than their rows."""

PART_BYTES = 256 * 1024 * 1024
"""A larger part is divided again before it is read; reading takes a small multiple of it."""


def write_partitions(
    source: Source, directory: Path, parts: int, reject: Reject, *, salt: int = 0
) -> tuple[Path, ...]:
    """Spread all rows over ``parts`` folders by account, each a set of Arrow IPC files.

    Returns:
        The folders that hold rows, in the order of their numbers.

    Raises:
        InputError: the source cannot be read.
        OutputError: the folders cannot be written.
    """
    try:
        # What an interrupted run left there would be read as rows of this one.
        for left in directory.glob("part-*"):
            shutil.rmtree(left)
        _allow_open_files(parts)
        for kind in KINDS:
            with _Writers(directory, kind, parts, salt) as writers:
                for batch in source.batches(kind, reject):
                    writers.add(batch)
    except OSError as error:
        raise OutputError(f"cannot be written ({error})", str(directory)) from error
    return tuple(path for number in range(parts) if (path := _folder(directory, number)).is_dir())


def _allow_open_files(parts: int) -> None:
    """Raise the soft limit, often 1,024, as far as the parts need and the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = parts + 256
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _folder(directory: Path, number: int) -> Path:
    return directory / f"part-{number:05d}"


class _Writers:
    """One file a part, opened at its first row."""

    def __init__(self, directory: Path, kind: Kind, parts: int, salt: int) -> None:
        self._directory = directory
        self._kind: Kind = kind
        self._parts = parts
        self._salt = salt
        self._held: list[pa.RecordBatch] = []
        self._bytes = 0
        self._open: dict[int, pa.RecordBatchWriter] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        with self._stack:
            if failure[0] is None:
                self._flush()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch; write when enough is held."""
        self._held.append(batch)
        self._bytes += batch.nbytes
        if self._bytes >= BUFFER_BYTES:
            self._flush()

    def _flush(self) -> None:
        if not self._held:
            return
        table = pa.Table.from_batches(self._held).combine_chunks()
        self._held, self._bytes = [], 0
        numbers = parts_of(account_keys(table), self._parts, self._salt)
        # Stable, so that the same input gives the same parts byte for byte.
        order = np.argsort(numbers, kind="stable")
        bounds = np.searchsorted(numbers[order], np.arange(self._parts + 1)).tolist()
        table = table.take(pa.array(order))
        for number, (start, stop) in enumerate(pairwise(bounds)):
            if start < stop:
                self._writer(number).write_table(table.slice(start, stop - start))

    def _writer(self, number: int) -> pa.RecordBatchWriter:
        if number not in self._open:
            folder = _folder(self._directory, number)
            folder.mkdir(parents=True, exist_ok=True)
            file = pa.OSFile(str(folder / f"{self._kind}.arrow"), "wb")
            writer = pa.ipc.new_file(
                self._stack.enter_context(file),
                LOCATED[self._kind],
                # The parts lie beside the input: 110 MB for 578 MB of JSONL when measured.
                options=pa.ipc.IpcWriteOptions(compression="lz4"),
            )
            self._open[number] = self._stack.enter_context(writer)
        return self._open[number]


class PartSource:
    """One part as a source, so that it can be divided again; its rows are good already."""

    incomplete = False

    def __init__(self, path: Path) -> None:
        self.path = path

    def batches(self, kind: Kind, reject: Reject) -> Iterator[pa.RecordBatch]:
        """Yield the rows as they were written."""
        del reject
        path = self.path / f"{kind}.arrow"
        if path.exists():
            with pa.OSFile(str(path), "rb") as file:
                reader = pa.ipc.open_file(file)
                for number in range(reader.num_record_batches):
                    yield reader.get_batch(number)

    def inputs(self) -> tuple[InputFile, ...]:
        """None: the files of a part are no inputs of a run."""
        return ()

    def unknown_fields(self) -> tuple[str, ...]:
        """None: a part holds the canonical columns only."""
        return ()

    def close(self) -> None:
        """Nothing is held open between batches."""


def read_partition(
    path: Path, reject: Reject, *, part_bytes: int = PART_BYTES
) -> Iterator[Columns]:
    """Read a part with duplicates settled and every order fixed; see ``Columns``.

    A part with more than ``part_bytes`` of rows comes in several pieces, each with whole accounts.
    One account is always one piece, so the account with most posts sets the least memory.

    Raises:
        OutputError: the part is gone or damaged, or cannot be divided.
    """
    yield from _read(path, reject, part_bytes, salt=1)


def _read(path: Path, reject: Reject, part_bytes: int, salt: int) -> Iterator[Columns]:
    source = PartSource(path)
    try:
        # Read without a memory map: mapped pages would count as ours for as long as they are used.
        tables = {kind: _table(source, kind, reject, part_bytes) for kind in KINDS}
    except (OSError, pa.ArrowException) as error:
        raise OutputError(f"cannot be read back ({error})", str(path)) from error
    whole = {kind: table for kind, table in tables.items() if table is not None}
    if len(whole) == len(KINDS):
        yield columns_of(whole["accounts"], whole["posts"], whole["changes"], reject)
        return
    del tables, whole
    pieces = path / "pieces"
    try:
        for piece in write_partitions(source, pieces, 8, reject, salt=salt):
            # Where one account alone is too large, dividing further would never end.
            deeper = part_bytes if salt < 4 else 2**62
            yield from _read(piece, reject, deeper, salt + 1)
    finally:
        shutil.rmtree(pieces, ignore_errors=True)


def _table(source: PartSource, kind: Kind, reject: Reject, most_bytes: int) -> pa.Table | None:
    """All rows of a kind, or ``None`` when they are too many."""
    batches: list[pa.RecordBatch] = []
    size = 0
    for batch in source.batches(kind, reject):
        batches.append(batch)
        size += batch.nbytes
        if size > most_bytes:
            return None
    return pa.Table.from_batches(batches, schema=LOCATED[kind])
