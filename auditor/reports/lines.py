"""Cells -> the lines of a CSV file (RFC 4180), many at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from auditor.reports.cells import guarded

LINE_END = "\r\n"

_AS_IT_IS: Final = (
    '^[0-9A-Za-z\\x{4e00}-\\x{9fff}][^",\\x00-\\x08\n-\\x1f\\x7f-\\x{9f}\\x{2028}\\x{2029}]*$'
)
"""What ``cells.guarded`` leaves as it is and needs no quotes."""


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells (``cells.cell``: no line break inside) as lines, each with its end."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=LINE_END).writerows(rows)
    return text.getvalue()


def joined_lines(cells: Sequence[pa.Array]) -> pa.Array:
    """Return columns of cells as lines, each with its end."""
    *others, last = cells
    ends = pc.binary_join_element_wise(last, LINE_END, "")
    return pc.binary_join_element_wise(*others, ends, ",")


def text_of(lines: pa.Array, start: int = 0, end: int | None = None) -> memoryview:
    """Return lines ``start`` to ``end`` as one text in UTF-8, without making one of each."""
    _, offsets, text = lines.buffers()
    if offsets is None or text is None:
        return memoryview(b"")  # no line
    ends = np.frombuffer(memoryview(offsets), np.int32)[lines.offset :]
    return memoryview(text)[ends[start] : ends[len(lines) if end is None else end]]


def csv_column(texts: pa.Array) -> pa.Array:
    """Return texts as cells of lines (``cells.cell``), in quotes where they need any.

    Null is an empty cell.
    """
    filled = pc.fill_null(texts, "")
    others = np.flatnonzero(pc.invert(pc.match_substring_regex(filled, _AS_IT_IS)).to_numpy(False))
    written = [
        csv_lines(((guarded(text), ""),)).removesuffix(f",{LINE_END}")
        for text in filled.take(pa.array(others)).to_pylist()
    ]
    places = np.arange(len(filled))
    places[others] = len(filled) + np.arange(len(others))
    return pa.concat_arrays([filled, pa.array(written, filled.type)]).take(pa.array(places))
