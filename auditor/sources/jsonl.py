"""JSONL files, plain or gzip -> blocks of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.json

from auditor.sources.blocks import Desk
from auditor.sources.cells import parsed
from auditor.sources.conform import DoubtfulError, unknown_columns
from auditor.sources.fitting import fits
from auditor.sources.keys import Numbers
from auditor.sources.lines import Chunk, TextFile
from auditor.sources.rows import Row, RowError, unknown_names
from auditor.sources.schemas import FIELDS, Kind

# Arrow's parser overflows the stack on deep nesting (seen with 26.0: 100,000 lists in an unknown
# field); Python's raises. Rows of the contract nest three deep.
_MOST_BRACKETS = 2_000
_BRACKETS = np.frombuffer(b"[{", np.uint8)
_FEED, _OPEN, _CLOSE = b"\n{}"


class Shape:
    """Which of the fields a file has shown so far: parsing for absent ones costs a third more."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._fields = {
            # Times stay text here: Arrow would read one without an offset as UTC.
            name: pa.string() if field.form == "time" else field.type
            for name, field in FIELDS[kind].items()
        }
        self._shown: set[str] = set()

    def adapt(self, row: Row) -> None:
        """Expect ids and counts written as the first row writes them; the result is the same."""
        for name, field in FIELDS[self.kind].items():
            value = row.get(name)
            if field.form == "id" and type(value) is int:
                self._fields[name] = pa.int64()
            elif field.form == "count" and isinstance(value, str | float):
                self._fields[name] = pa.string() if isinstance(value, str) else pa.float64()

    def fits(self, row: Row) -> bool:
        """Whether a row can be parsed into the columns expected."""
        return all(fits(row.get(name), form) for name, form in self._fields.items())

    def parsed(self, data: bytes) -> tuple[pa.Table, bool]:
        """Parse whole lines, and say whether the table has all fields or only the known ones.

        Raises:
            pa.ArrowInvalid: a line is not JSON, or a known field is of another type.
        """
        try:
            table = self._parsed(data, self._shown, "infer")
            shown = set(table.column_names) & set(self._fields)
            if shown > self._shown:
                table = self._parsed(data, shown, "infer")
                self._shown = shown
        except pa.ArrowInvalid:
            # A field beyond the contract may hold now text, now numbers: that is no fault.
            return self._parsed(data, set(self._fields), "ignore"), False
        return table, True

    def _parsed(self, data: bytes, names: set[str], unexpected: str) -> pa.Table:
        schema = pa.schema([(name, self._fields[name]) for name in sorted(names)])
        return pa.json.read_json(
            pa.BufferReader(data),
            read_options=pa.json.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=pa.json.ParseOptions(
                explicit_schema=schema, unexpected_field_behavior=unexpected
            ),
        )


@dataclass(slots=True)
class JsonBlock:
    """Lines of JSONL; ``numbers`` are theirs in the file."""

    shape: Shape
    data: bytes
    numbers: Sequence[int]
    _whole: bool = True
    _lines: list[bytes] | None = None
    _ends: Numbers | None = None
    unchecked: ClassVar[Collection[str]] = ()

    def objects(self) -> bool:
        """Whether every line begins and ends as an object does."""
        signs = np.frombuffer(self.data, np.uint8)
        starts, stops = self._bounds()
        if not (stops > starts).all():
            return False
        return bool((signs[starts] == _OPEN).all() and (signs[stops - 1] == _CLOSE).all())

    def _bounds(self) -> tuple[Numbers, Numbers]:
        if self._ends is None:
            self._ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == _FEED)
        return np.append(0, self._ends + 1), np.append(self._ends, len(self.data))

    def columns(self) -> pa.Table:
        """The lines parsed by Arrow."""
        # Together with the count of rows this makes sure that a line is a row.
        if not self.objects():
            raise DoubtfulError("a line is no object")
        signs = np.frombuffer(self.data, np.uint8)
        starts, stops = self._bounds()
        for line in np.flatnonzero(stops - starts > _MOST_BRACKETS).tolist():
            span = signs[starts[line] : stops[line]]
            if np.isin(span, _BRACKETS).sum() > _MOST_BRACKETS:
                raise DoubtfulError("many brackets")
        table, self._whole = self.shape.parsed(self.data)
        return table

    def unknown(self, table: pa.Table) -> set[str]:
        """Names of the fields beyond the contract."""
        if self._whole:
            return unknown_columns(self.shape.kind, table.schema)
        names: set[str] = set()
        for index in range(len(self.numbers)):
            names |= unknown_names(self.shape.kind, self.row(index))
        return names

    def row(self, index: int) -> Row:
        """One line parsed by Python."""
        item = parsed(self._split()[index])
        if not isinstance(item, dict):
            raise RowError("is not a JSON object")
        return item

    def suspects(self) -> Sequence[int]:
        """Lines that are not JSON, or hold a field of another type than expected."""
        return [index for index in range(len(self.numbers)) if not self._fits(index)]

    def _fits(self, index: int) -> bool:
        try:
            return self.shape.fits(self.row(index))
        except RowError:
            return False

    def pick(self, indexes: Sequence[int]) -> Self:
        """Some of the lines."""
        lines = [self._split()[index] for index in indexes]
        numbers = [self.numbers[index] for index in indexes]
        return type(self)(self.shape, b"\n".join(lines), numbers, _lines=lines)

    def _split(self) -> list[bytes]:
        if self._lines is None:
            self._lines = self.data.split(b"\n")
        return self._lines


def read_jsonl(file: TextFile, desk: Desk) -> Iterator[pa.RecordBatch]:
    """Yield the settled rows of a file.

    Raises:
        InputError: the file cannot be read at all.
        BrokenError: it breaks off part-way; what came before was yielded.
    """
    shape = Shape(desk.kind)
    for chunk in file.chunks():
        for number in chunk.unreadable:
            desk.refuse(number, "is longer than 32 MB or not in the file's encoding")
        if chunk.first == 1:
            _adapt(shape, chunk)
        if block := _block(shape, chunk):
            yield desk.settle(block)


def _adapt(shape: Shape, chunk: Chunk) -> None:
    """Look at the first row, where there is one."""
    with suppress(RowError):
        row = parsed(chunk.data.partition(b"\n")[0])
        if isinstance(row, dict):
            shape.adapt(row)


def _block(shape: Shape, chunk: Chunk) -> JsonBlock | None:
    count = chunk.data.count(b"\n") + 1
    numbers: Sequence[int] = range(chunk.first, chunk.first + count)
    block = JsonBlock(shape, chunk.data, numbers)
    if block.objects():
        return block
    # Blank lines, blanks around a line, or carriage returns.
    lines = [line.strip(b" \t\r") for line in chunk.data.split(b"\n")]
    numbers = [number for number, line in zip(numbers, lines, strict=True) if line]
    lines = [line for line in lines if line]
    return JsonBlock(shape, b"\n".join(lines), numbers, _lines=lines) if lines else None
