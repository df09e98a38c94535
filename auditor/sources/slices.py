"""An input cut into slices that can be read apart from each other, and again.

A slice is a run of row groups of a Parquet file. Text files and stores cannot be entered in the
middle: their rows are settled once and laid down as Arrow files, each of which is a slice. Posts
stay in the order and place they came in; nothing is shuffled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from auditor.errors import InputError, OutputError
from auditor.sources.blocks import Desk
from auditor.sources.files import absolute
from auditor.sources.keys import Numbers
from auditor.sources.lines import BrokenError
from auditor.sources.parquet import group_rows, pick_parquet, read_parquet
from auditor.sources.schemas import LOCATED, Kind
from auditor.sources.source import Reject

ROWS = 131_072
"""Rows a slice holds at least, where the input has as many; a row group is never divided."""

WRITING: Final[dict[str, Any]] = {
    "compression": "lz4",
    "use_dictionary": False,
    "write_statistics": False,
}
"""How Parquet files of facts are written: hardly a value stands twice, and dictionaries that are
given up on the way take twice the time and a fifth more room (measured: 0.8 and 0.4 CPU s for a
million posts). Nobody asks for the least and greatest values of a column: a sixth of the rest."""

CHANGED: Final = "the input changed while it was read"


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of one file, in its order.

    ``path`` is the Parquet file, of which row groups ``groups`` (end exclusive) are meant and
    ``before`` rows stand before them; or, without ``groups``, an Arrow file of settled rows.
    ``file`` is how the reports name the input. ``number`` counts the slices of one kind. ``key``
    names the content, in a run that keeps what it made of it.
    """

    kind: Kind
    number: int
    path: Path
    file: str
    rows: int
    groups: tuple[int, int] | None = None
    before: int = 0
    key: str = ""

    @property
    def name(self) -> str:
        """The name of the tasks on this slice."""
        return f"{self.kind}-{self.number:06d}"

    def record(self) -> dict[str, Any]:
        """Return the slice as plain values for JSON."""
        return asdict(self) | {"path": str(self.path)}

    @classmethod
    def of(cls, record: dict[str, Any]) -> Self:
        """Return the slice that ``record`` told."""
        groups = tuple(record["groups"]) if record["groups"] else None
        return cls(**record | {"path": Path(record["path"]), "groups": groups})

    def laid_down(self, path: Path) -> Self:
        """Return the slice whose settled rows stand in an Arrow file, some or all of them."""
        return replace(self, path=path, groups=None, before=0)

    def desk(self, zone: tzinfo | None, reject: Reject) -> Desk:
        """Return the desk that settles the rows of this slice."""
        return Desk(self.kind, self.file, zone, reject, set())


def parquet_slices(kind: Kind, path: Path, file: str, first: int) -> list[Slice]:
    """Cut a Parquet file into slices of whole row groups, numbered from ``first``.

    Raises:
        InputError: the file is none, or lacks a column, or gives one twice.
    """
    found: list[Slice] = []
    start = before = rows = 0
    counts = group_rows(path, kind)
    for group, count in enumerate(counts):
        rows += count
        if rows >= ROWS or group == len(counts) - 1:
            groups = (start, group + 1)
            found.append(Slice(kind, first + len(found), path, file, rows, groups, before))
            start, before, rows = group + 1, before + rows, 0
    return found


def lay_down(
    kind: Kind, file: str, batches: Iterable[pa.RecordBatch], directory: Path, first: int
) -> list[Slice]:
    """Write settled rows as Arrow files of about ``ROWS`` rows, numbered from ``first``.

    Raises:
        OutputError: the disk is full or the place cannot be written.
    """
    found: list[Slice] = []
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROWS:
            found.append(_laid(kind, file, held, directory, first + len(found)))
            held, rows = [], 0
    if rows:
        found.append(_laid(kind, file, held, directory, first + len(found)))
    return found


def _laid(
    kind: Kind, file: str, batches: list[pa.RecordBatch], directory: Path, number: int
) -> Slice:
    path = directory / f"{kind}-{number:06d}.arrow"
    write_batches(path, LOCATED[kind], batches)
    return Slice(kind, number, path, file, sum(batch.num_rows for batch in batches))


def write_batches(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches as one Arrow file, compressed: they lie beside the input for a while.

    Raises:
        OutputError: the disk is full or the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with (
            pa.OSFile(str(path), "wb") as file,
            pa.ipc.new_file(file, schema, options=options) as w,
        ):
            for batch in batches:
                w.write_batch(batch)
    except OSError as error:
        raise OutputError(f"cannot be written ({error})", str(path)) from error


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches as a Parquet file that the global stage reads.

    Raises:
        OutputError: the disk is full or the place cannot be written.
    """
    try:
        with pa.parquet.ParquetWriter(absolute(path), schema, **WRITING) as file:
            for batch in batches:
                file.write_batch(batch)
    except OSError as error:
        raise OutputError(f"cannot be written ({error})", str(path)) from error


def read_batches(path: Path, places: list[int] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the batches of an Arrow file that ``write_batches`` wrote, or columns of them.

    ``places`` are those of the columns in the schema, from 0.

    Raises:
        OutputError: it is gone or damaged.
    """
    options = pa.ipc.IpcReadOptions(included_fields=places)
    try:
        with pa.OSFile(str(path), "rb") as file:
            reader = pa.ipc.open_file(file, options=options)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)
    except (OSError, pa.ArrowException) as error:
        raise OutputError(f"cannot be read back ({error})", str(path)) from error


def read_slice(
    slice_: Slice, desk: Desk, unchecked: Collection[str] = ()
) -> Iterator[pa.RecordBatch]:
    """Yield the settled rows of a slice; faults of its rows go to the desk.

    Texts of the fields ``unchecked`` may be no UTF-8, or hold U+0000, for callers who see that
    themselves.

    Raises:
        InputError: the file cannot be read at all.
        BrokenError: it breaks off part-way; what came before was yielded.
        OutputError: what was laid down is gone or damaged.
    """
    if slice_.groups is None:
        yield from read_batches(slice_.path)
    else:
        groups, before = slice_.groups, slice_.before
        yield from read_parquet(
            slice_.path, desk, groups=groups, before=before, unchecked=unchecked
        )


def fetch_rows(
    slice_: Slice, lines: Numbers, zone: tzinfo | None, fields: Collection[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a slice that stand at ``lines`` (ascending), in their order.

    The lines are those of rows that were read before: none of them is rejected. With ``fields``
    others may be null, but for those that every row needs.

    Raises:
        OutputError: the slice cannot be read again, or holds less than it did.
    """
    if slice_.groups is None:
        for batch in read_batches(slice_.path):
            wanted = np.isin(batch.column("row_line").to_numpy(), lines)
            if wanted.any():
                yield batch.filter(pa.array(wanted))
        return
    groups, before, left = slice_.groups, slice_.before, len(lines)
    desk = slice_.desk(zone, _nothing)
    try:
        for batch in pick_parquet(
            slice_.path, desk, lines, groups=groups, before=before, fields=fields
        ):
            left -= batch.num_rows
            yield batch
    except (BrokenError, InputError) as error:
        # It was whole when it was screened: what it tells now is no fault of its own.
        said = error.message if isinstance(error, InputError) else str(error)
        raise OutputError(f"{CHANGED} ({said})", str(slice_.path)) from error
    if left:
        raise OutputError(f"{CHANGED} ({left} rows are not there any more)", str(slice_.path))


def _nothing(rejection: object) -> None:
    del rejection
