"""Rows that accounts were judged by: a later night has them, and need not look for them.

An account is judged again for one new post, by old ones too: a few in every slice. To find one in
the input its row group is decoded (0019). Rows of a slice that is no more are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from auditor.runs.kept import TAKEN, Kept, Next
from auditor.sources import LOCATED, Slice, fetch_rows, read_batches, write_batches
from auditor.sources.keys import Numbers

ROWS: Final = "rows.arrow"
"""The file of a task with the rows that it fetched for judging."""

Mask = npt.NDArray[np.bool_]


def kept_rows(path: Path, each: Slice) -> Path:
    """Return where a task of a run finds the rows that an earlier night kept of a slice, if any."""
    return path.parent.parent / TAKEN / _name(each)


def _name(each: Slice) -> str:
    return f"rows/{each.key}.arrow"


def lacks(file: Path, lines: Numbers) -> Mask:
    """Tell for each of ``lines`` whether its row does not stand in a file, or there is no file.

    Raises:
        OutputError: the file is damaged.
    """
    return ~np.isin(lines, _lines(file)) if file.exists() else np.ones(len(lines), np.bool_)


def _lines(file: Path) -> Numbers:
    lines = [batch.column("row_line").to_numpy() for batch in read_batches(file)]
    return np.concatenate([np.empty(0, np.int64), *lines])


def rows_in(file: Path, each: Slice, lines: Numbers) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a slice that stand in a file, of those at ``lines``, in its order.

    The same content may have come as a file of another name.

    Raises:
        OutputError: the file is damaged.
    """
    if not file.exists():
        return
    names = LOCATED[each.kind].names
    for batch in fetch_rows(each.laid_down(file), lines, None):
        columns = dict(zip(names, batch.columns, strict=True))
        columns["row_file"] = pa.array([each.file] * batch.num_rows, pa.string())
        yield pa.RecordBatch.from_arrays(list(columns.values()), schema=batch.schema)


def keep_rows_read(kept: Kept, fetched: Path, slices: Iterable[Slice], following: Next) -> None:
    """Keep of every slice the rows of tonight's tasks (under ``fetched``) and of earlier nights.

    Raises:
        OutputError: the disk is full.
    """
    for each in {one.key: one for one in slices}.values():
        before, tonight = kept.path / _name(each), fetched / each.name / ROWS
        lines = _lines(tonight) if tonight.exists() else np.empty(0, np.int64)
        if _name(each) not in kept.files:
            if len(lines):
                following.add(tonight, _name(each))
            continue
        new = lines[lacks(before, lines)] if len(lines) else lines
        if not len(new):
            following.add(before, _name(each))
            continue
        rows = chain(rows_in(before, each, _lines(before)), rows_in(tonight, each, new))
        write_batches(following.path / _name(each), LOCATED[each.kind], rows)
        following.note(_name(each))
