"""A CSV or JSONL file as numbered raw rows; every fault with ``file:line``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from auditor.references.rows import Row


class RawRow(NamedTuple):
    """One row before validation; ``line`` is 1-based, of the row's first line."""

    line: int
    cells: dict[str, object]


def decode(data: bytes, where: str, faults: list[str]) -> str:
    """Return the text of a file, with or without a byte order mark."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.append(f"{where}:{line}: is not UTF-8; save the file as UTF-8")
        return ""
    if "\x00" in text:
        faults.append(f"{where}:{text[: text.index(chr(0))].count(chr(10)) + 1}: holds a NUL")
        return ""
    return text


def raw_rows(
    text: str, suffix: str, columns: Collection[str], where: str, faults: list[str]
) -> Iterator[RawRow]:
    """Yield the rows of a file; unknown columns and broken lines become faults."""
    if suffix == ".csv":
        yield from _csv_rows(text, columns, where, faults)
    else:
        yield from _json_rows(text, columns, where, faults)


def _csv_rows(
    text: str, columns: Collection[str], where: str, faults: list[str]
) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        header = next(reader, [])
        for name in header:
            if name not in columns or header.count(name) > 1:
                word = "twice" if name in columns else "unknown"
                faults.append(f"{where}:1: column “{name}” is {word}; known: {_known(columns)}")
        start = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                faults.append(f"{where}:{start}: has {len(cells)} cells, not {len(header)}")
            elif cells:
                # An empty cell is an absent value, not an empty one (contracts, section 2).
                row: dict[str, object] = {
                    name: cell
                    for name, cell in zip(header, cells, strict=True)
                    if cell and name in columns
                }
                yield RawRow(start, row)
            start = reader.line_num + 1
    except csv.Error as error:
        faults.append(f"{where}:{start}: is no CSV: {error}")


def _json_rows(
    text: str, columns: Collection[str], where: str, faults: list[str]
) -> Iterator[RawRow]:
    for line, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            cells = json.loads(raw)
        except (ValueError, RecursionError) as error:
            faults.append(f"{where}:{line}: is no JSON: {error}")
            continue
        if not isinstance(cells, dict):
            faults.append(f"{where}:{line}: is no JSON object")
            continue
        faults.extend(
            f"{where}:{line}: field “{name}” is unknown; known: {_known(columns)}"
            for name in sorted(cells.keys() - columns)
        )
        yield RawRow(line, {k: v for k, v in cells.items() if k in columns and v not in ("", None)})


def _known(columns: Collection[str]) -> str:
    return ", ".join(sorted(columns))


def columns_of(row: type[Row]) -> frozenset[str]:
    """Return the column names of a list."""
    return frozenset(field.alias or name for name, field in row.model_fields.items())


def validated(row: type[Row], raw: RawRow, where: str, faults: list[str]) -> Row | None:
    """Return the row as a value, or ``None`` with one fault for every field that is wrong."""
    try:
        return row.model_validate(raw.cells)
    except ValidationError as error:
        for detail in error.errors():
            field = ".".join(str(part) for part in detail["loc"])
            message = detail["msg"].removeprefix("Value error, ")
            faults.append(f"{where}:{raw.line}: {field + ': ' if field else ''}{message}")
        return None


def list_files(directory: Path, suffixes: Collection[str]) -> tuple[Path, ...]:
    """Return the files of a directory that could be lists, by name."""
    return tuple(sorted(path for path in directory.iterdir() if path.suffix in suffixes))
