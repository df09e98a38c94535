"""Parquet files -> blocks of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from auditor.errors import InputError
from auditor.sources.blocks import ROWS, Desk
from auditor.sources.conform import unknown_columns
from auditor.sources.files import absolute
from auditor.sources.keys import Numbers
from auditor.sources.lines import BrokenError
from auditor.sources.marks import whole
from auditor.sources.rows import Row, RowError
from auditor.sources.schemas import FIELDS, TIME, Kind, missing_names, repeated
from auditor.sources.views import without_views

BLOCK_BYTES = 16 << 20
"""Bytes of a block, as far as the file tells: long texts come a few at a time."""

MOST_ROWS = 32_768
"""Rows of a block at most. Every look at a column has a price of its own: validation of posts costs
a third less than in blocks of 8,192, and more rows gain nothing (measured)."""

_FEWEST_ROWS = 256

_ASCII = 0x80
_PIECE = 1 << 20
"""Bytes that are read at once for a digest."""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Some rows of a table; who reads them sees to the bytes of the texts ``unchecked``."""

    kind: Kind
    table: pa.Table
    numbers: Sequence[int]
    unchecked: Collection[str] = ()

    def columns(self) -> pa.Table:
        """The table itself, once its texts are seen to be UTF-8 (Parquet does not promise it)."""
        self.table.validate()
        for name in self.table.column_names:
            column = self.table.column(name)
            # Of other types of text more than UTF-8 is looked at, such as numbers of a dictionary.
            spared = name in self.unchecked and pa.types.is_string(column.type)
            column.validate(full=not spared and not _is_ascii(column))
        return self.table

    def unknown(self, table: pa.Table) -> set[str]:
        """Names of the columns beyond the contract."""
        return unknown_columns(self.kind, table.schema)

    def row(self, index: int) -> Row:
        """One row as Python values."""
        row: dict[str, object] = {}
        for name in self.table.column_names:
            try:
                row[name] = self.table.column(name)[index].as_py()
            # Wrong types are judged by ``rows``; these three cannot even be shown to it.
            except UnicodeDecodeError:
                raise RowError(f"{name}: is not UTF-8") from None
            except (ValueError, OverflowError):
                raise RowError(f"{name}: is outside what can be held") from None
            except KeyError:
                raise RowError(f"{name}: names a time zone that is not known") from None
        return row

    def suspects(self) -> Sequence[int]:
        """None: the columns of a file are of one type each."""
        return ()

    def pick(self, indexes: Sequence[int]) -> Self:
        """Some of the rows."""
        numbers = [self.numbers[index] for index in indexes]
        table = self.table.take(pa.array(indexes))
        return type(self)(self.kind, table, numbers, self.unchecked)


def _is_ascii(column: pa.ChunkedArray) -> bool:
    """Tell whether a column is of texts in ASCII alone: one look at all bytes, not one at each."""
    if not pa.types.is_string(column.type):
        return False
    written = (chunk.buffers()[2] for chunk in column.chunks)
    texts = (np.frombuffer(memoryview(data), np.uint8) for data in written if data is not None)
    return all(int(text.max(initial=0)) < _ASCII for text in texts)


def group_rows(path: Path, kind: Kind) -> list[int]:
    """Return how many rows each row group of a file holds.

    Raises:
        InputError: the file is none, or lacks a column, or gives one twice.
    """
    with _opened(path, kind) as file:
        return [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]


def read_parquet(
    path: Path,
    desk: Desk,
    *,
    groups: tuple[int, int] | None = None,
    before: int = 0,
    unchecked: Collection[str] = (),
) -> Iterator[pa.RecordBatch]:
    """Yield the settled rows of a file, or of row groups ``groups`` (end exclusive) of it.

    ``before`` rows stand before those groups. Texts of the fields ``unchecked`` may be no UTF-8, or
    hold U+0000.

    Raises:
        InputError: the file cannot be read at all.
        BrokenError: it breaks off part-way; what came before was yielded.
    """
    with _opened(path, desk.kind, groups) as file:
        desk.unknown |= unknown_columns(desk.kind, file.schema_arrow)
        for first, batch in _batches(file, list(FIELDS[desk.kind]), groups, before):
            numbers = range(first, first + batch.num_rows)
            yield desk.settle(TableBlock(desk.kind, in_micros([batch]), numbers, unchecked))


def read_columns(
    path: Path, kind: Kind, names: Collection[str], groups: tuple[int, int]
) -> Iterator[TableBlock]:
    """Yield columns of row groups of a file as they stand there, those of ``names`` that it has.

    Raises:
        InputError: the file cannot be read at all.
        BrokenError: it breaks off part-way; what came before was yielded.
    """
    with _opened(path, kind, groups) as file:
        for first, batch in _batches(file, names, groups, 0):
            numbers = range(first, first + batch.num_rows)
            yield TableBlock(kind, in_micros([batch]), numbers)


def pick_parquet(
    path: Path,
    desk: Desk,
    only: Numbers,
    *,
    groups: tuple[int, int],
    before: int,
    fields: Collection[str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the settled rows numbered ``only`` (ascending, from 1) of row groups of a file.

    With ``fields`` no others are read but those that every row needs; the others are null. Row
    groups in which none of the rows stands are not decoded, nor missed where they are damaged.

    Raises:
        InputError: the file cannot be read at all.
        BrokenError: it breaks off part-way.
    """
    asked = [
        field.name
        for field in FIELDS[desk.kind].values()
        if fields is None or field.required or field.name in fields
    ]
    held: list[pa.RecordBatch] = []
    numbers: list[int] = []
    with _opened(path, desk.kind, groups) as file:
        most = block_rows(file.metadata, range(*groups))
        for first, batch in _batches(file, asked, groups, before, only):
            start, stop = np.searchsorted(only, (first, first + batch.num_rows))
            # Few rows of each batch are wanted: they are settled together.
            if held and len(numbers) + stop - start > most:
                yield desk.settle(TableBlock(desk.kind, in_micros(held), numbers))
                held, numbers = [], []
            if start < stop:
                held.append(batch.take(pa.array(only[start:stop] - first)))
                numbers += only[start:stop].tolist()
            # Nor is what stands behind the last one.
            if stop == len(only):
                break
    if held:
        yield desk.settle(TableBlock(desk.kind, in_micros(held), numbers))


def _batches(
    file: pa.parquet.ParquetFile,
    asked: Collection[str],
    groups: tuple[int, int] | None,
    before: int,
    only: Numbers | None = None,
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield rows as they stand in the file, and the number of the first; of columns it has.

    Of runs of row groups in which no row of ``only`` (ascending) stands none is yielded.
    """
    known = [name for name in file.schema_arrow.names if name in asked]
    chosen = range(*groups) if groups else range(file.num_row_groups)
    rows, first = block_rows(file.metadata, chosen), before + 1
    for run in _runs(file.metadata, chosen):
        behind = first + sum(file.metadata.row_group(group).num_rows for group in run)
        if only is not None and np.searchsorted(only, first) == np.searchsorted(only, behind):
            first = behind
            continue
        batches = file.iter_batches(
            batch_size=rows, row_groups=run, columns=known, use_threads=False
        )
        while True:
            try:
                batch = next(batches, None)
                batch = None if batch is None else without_views(batch)
            except (OSError, pa.ArrowException) as error:
                broken = BrokenError(f"the Parquet data is damaged ({_first_line(error)})")
                broken.line = first
                raise broken from error
            if batch is None:
                break
            yield first, batch
            first += batch.num_rows


def _runs(metadata: pa.parquet.FileMetaData, groups: Sequence[int]) -> Iterator[list[int]]:
    """Put small row groups together, and no others: where one is damaged few before it are lost."""
    run: list[int] = []
    rows = 0
    for group in groups:
        run.append(group)
        rows += metadata.row_group(group).num_rows
        if rows >= ROWS:
            yield run
            run, rows = [], 0
    if run:
        yield run


def block_rows(metadata: pa.parquet.FileMetaData, groups: Sequence[int]) -> int:
    """Return how many rows of row groups of a file make a block of about ``BLOCK_BYTES``."""
    some = [metadata.row_group(group) for group in groups]
    size = sum(group.total_byte_size for group in some)
    rows = BLOCK_BYTES * sum(group.num_rows for group in some) // max(size, 1)
    return min(max(rows, _FEWEST_ROWS), MOST_ROWS)


def _opened(
    path: Path, kind: Kind, groups: tuple[int, int] | None = None
) -> pa.parquet.ParquetFile:
    try:
        # Buffering ahead would hold all columns of a row group at once.
        file = pa.parquet.ParquetFile(absolute(path), pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"is no whole Parquet file ({_first_line(error)})", str(path)) from error
    if twice := repeated(name for name in file.schema_arrow.names if name in FIELDS[kind]):
        raise InputError(f"gives a column twice: {', '.join(twice)}", str(path))
    if needed := missing_names(kind, file.schema_arrow.names):
        raise InputError(f"has no column {needed}", str(path))
    if groups and groups[1] > file.num_row_groups:
        raise InputError(f"has no row group {groups[1]} any more", str(path))
    return file


def in_micros(batches: Sequence[pa.RecordBatch]) -> pa.Table:
    """Cut times in nanoseconds to the microseconds that the canonical form holds.

    A time in a zone is an instant whatever the zone, which need not be known to this machine.
    """
    table = pa.Table.from_batches(batches)
    for place, field in enumerate(table.schema):
        if not pa.types.is_timestamp(field.type):
            continue
        unit = "us" if field.type.unit == "ns" else field.type.unit
        form = pa.timestamp(unit, field.type.tz and TIME.tz)
        if form != field.type:
            instants = whole(table.column(place)).cast(form, safe=False)
            table = table.set_column(place, field.name, instants)
    return table


def digest(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_groups(path: Path, groups: tuple[int, int]) -> str:
    """Hex SHA-256 of row groups (end exclusive) of a file: all that their rows are read from.

    A file that is written anew with more rows at its end holds the groups before them as they were.

    Raises:
        InputError: the file is none, or cannot be read.
    """
    found = hashlib.sha256()
    try:
        with path.open("rb") as file, pa.parquet.ParquetFile(file, pre_buffer=False) as parquet:
            metadata = parquet.metadata
            # Programs note the number of rows there, say: it changes nothing of how rows are read.
            found.update(memoryview(parquet.schema_arrow.remove_metadata().serialize()))
            found.update(f"{metadata.format_version} {metadata.created_by}".encode())
            for group in map(metadata.row_group, range(*groups)):
                found.update(str(group.num_rows).encode())
                for place in range(metadata.num_columns):
                    _digest_chunk(file, group.column(place), found)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"cannot be read ({_first_line(error)})", str(path)) from error
    return found.hexdigest()


def _digest_chunk(
    file: BinaryIO, chunk: pa.parquet.ColumnChunkMetaData, found: hashlib._Hash
) -> None:
    told = (chunk.path_in_schema, chunk.physical_type, chunk.num_values, chunk.compression)
    found.update(repr((*told, chunk.encodings, chunk.total_compressed_size)).encode())
    start = chunk.data_page_offset
    if chunk.dictionary_page_offset:
        start = min(start, chunk.dictionary_page_offset)
    file.seek(start)
    left = chunk.total_compressed_size
    while left > 0 and (piece := file.read(min(left, _PIECE))):
        found.update(piece)
        left -= len(piece)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
