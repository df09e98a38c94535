"""Cells -> the lines of a CSV file (RFC 4180), many at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

LINE_END = "\r\n"


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells (``cells.cell``: no line break inside) as lines, each with its end."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=LINE_END).writerows(rows)
    return text.getvalue()
