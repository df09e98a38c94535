"""CSV files, plain or gzip -> blocks of rows."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import pyarrow as pa

from auditor.errors import InputError
from auditor.sources.blocks import ROWS, Desk
from auditor.sources.cells import field_of
from auditor.sources.fitting import fits
from auditor.sources.lines import PIECE, BrokenError, TextFile
from auditor.sources.rows import Row, RowError
from auditor.sources.schemas import FIELDS, Form, Kind, missing_names, repeated, shown_name

# The module's own limit (131,072) is below the contract's for a text. One unclosed quote takes in
# all that follows, so there must be some limit.
_MOST_CELL = 16 * 1024 * 1024
_PARSED: tuple[Form, ...] = ("texts", "words", "ref", "credentials")


@dataclass(frozen=True, slots=True)
class CsvBlock:
    """Rows of cells under a header."""

    kind: Kind
    header: Sequence[str]
    rows: list[list[str]]
    numbers: list[int]
    unchecked: ClassVar[Collection[str]] = ()

    def columns(self) -> pa.Table:
        """Columns of texts; cells that hold lists or objects are read one by one."""
        known = FIELDS[self.kind]
        names: list[str] = []
        columns: list[pa.Array] = []
        for name, cells in zip(self.header, zip(*self.rows, strict=True), strict=True):
            if (field := known.get(name)) is None:
                continue
            names.append(name)
            if field.form in _PARSED:
                members = [field_of(cell, field.form) for cell in cells]
                columns.append(pa.array(members, field.type))
            else:
                columns.append(pa.array(cells, pa.string()))
        return pa.table(columns, names=names)

    def unknown(self, table: pa.Table) -> set[str]:
        """Names of the columns beyond the contract."""
        del table
        return {f"{self.kind}.{name}" for name in self.header if name not in FIELDS[self.kind]}

    def row(self, index: int) -> Row:
        """One row with its lists and objects read."""
        cells = self.rows[index]
        if any("\udc80" <= sign <= "\udcff" for cell in cells for sign in cell):
            raise RowError("is not in the file's encoding, or a line of it is longer than 32 MB")
        if len(cells) != len(self.header):
            raise RowError(f"has {len(cells)} cells, the header has {len(self.header)}")
        row: dict[str, object] = {}
        for name, cell in zip(self.header, cells, strict=True):
            field = FIELDS[self.kind].get(name)
            try:
                row[name] = field_of(cell, field.form) if field else cell
            except RowError as fault:
                raise RowError(f"{name}: {fault}") from None
        return row

    def suspects(self) -> Sequence[int]:
        """Rows of another length than the header, or with a cell that is no list or object."""
        return [index for index in range(len(self.rows)) if not self._fits(index)]

    def _fits(self, index: int) -> bool:
        try:
            row = self.row(index)
        except RowError:
            return False
        known = FIELDS[self.kind].items()
        return all(
            fits(row.get(name), field.type) for name, field in known if field.form in _PARSED
        )

    def pick(self, indexes: Sequence[int]) -> Self:
        """Some of the rows."""
        rows = [self.rows[index] for index in indexes]
        return type(self)(self.kind, self.header, rows, [self.numbers[index] for index in indexes])


class _Lines:
    """Gives the csv module its lines and remembers how many it took and how large they were."""

    def __init__(self, file: TextFile) -> None:
        self.number = 0
        self.size = 0
        self._lines = self._decoded(file)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self.size += len(line)
        return line

    def _decoded(self, file: TextFile) -> Iterator[str]:
        for chunk in file.chunks():
            for number, line in enumerate(chunk.data.decode().split("\n"), chunk.first):
                # An unreadable line must still count as a line: it spoils its row and no other.
                yield "\udcff\n" if number in chunk.unreadable else line + "\n"


def read_csv(file: TextFile, desk: Desk) -> Iterator[pa.RecordBatch]:
    """Yield the settled rows of a file.

    Raises:
        InputError: the file cannot be read at all, or its header is not one.
        BrokenError: it breaks off part-way; what came before was yielded.
    """
    csv.field_size_limit(_MOST_CELL)
    lines = _Lines(file)
    # Strict, or text behind a closing quote and a quote that never closes would be guessed at.
    reader = csv.reader(lines, strict=True)
    header = _header(file, desk.kind, reader)
    if not header:
        return
    block = CsvBlock(desk.kind, header, [], [])
    broken: BrokenError | None = None
    cells: list[str] | None = header
    while cells is not None:
        # A row may span lines: it is named by its first.
        number = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            desk.refuse(number, f"is not CSV ({error})")
            continue
        except BrokenError as error:
            # The rows gathered so far are good: they go out before the break is told.
            broken, cells = error, None
        if cells:
            block.rows.append(cells)
            block.numbers.append(number)
        if block.rows and (cells is None or len(block.rows) >= ROWS or lines.size > PIECE):
            yield desk.settle(block)
            block, lines.size = CsvBlock(desk.kind, header, [], []), 0
    if broken is not None:
        raise broken


def _header(file: TextFile, kind: Kind, reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        # The csv module's own words for a lone carriage return are advice to programmers.
        said = "lines must end in LF or CR LF" if "new-line" in str(error) else str(error)
        raise InputError(f"has no header row ({said})", f"{file.path}:1") from error
    if not header:
        return header
    # First: where the header row is missing, the names below would be someone's data.
    if needed := missing_names(kind, header):
        raise InputError(
            f"has no column {needed}; the first row must name the columns, with commas between",
            f"{file.path}:1",
        )
    if twice := repeated(header):
        names = ", ".join(map(shown_name, twice))
        raise InputError(f"gives a column twice: {names}", f"{file.path}:1")
    return header
