"""One more row for a list, as the text of its file; pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from auditor.references.rows import Row


def header_of(row: type[Row]) -> tuple[str, ...]:
    """Return the columns of a new list file: what the row is about, then where it comes from."""
    names = {field.alias or name: name for name, field in row.model_fields.items()}
    own = [column for column, name in names.items() if name not in Row.model_fields]
    return (*own, *Row.model_fields)


def appended(text: str, columns: Sequence[str], cells: Mapping[str, str]) -> str:
    """Return a list's text with one row more; ``columns`` are its header, written when it is empty.

    Cells stand as given, also those that a spreadsheet would take for a formula.
    """
    ending = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=ending)
    if not text.strip():
        text = ""
        writer.writerow(columns)
    elif not text.endswith(("\n", "\r")):
        out.write(ending)
    writer.writerow([cells.get(column, "") for column in columns])
    return text + out.getvalue()


def read_header(text: str) -> tuple[str, ...]:
    """Return the columns that the first line of a list names; none when the text is empty."""
    return tuple(next(csv.reader(io.StringIO(text, newline="")), ()))
