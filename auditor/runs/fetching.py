"""The few rows that are wanted after the global stage, read again from their slices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from auditor.config import time_zone
from auditor.rules import READ_OF_POSTS
from auditor.runs.numbering import numbered
from auditor.runs.request import AuditRequest
from auditor.runs.rowsread import ROWS, kept_rows, lacks, rows_in
from auditor.runs.tasks import finish_task, is_done, plan_tasks, read_result, read_task
from auditor.sources import LOCATED, SCHEMAS, Kind, Slice, fetch_rows, read_batches, write_batches
from auditor.sources.duplicates import content_of
from auditor.sources.keys import account_keys

FETCHED = "fetch"
"""The directory of the tasks that read rows for judging."""

WANTED = "wanted.arrow"
CONTENTS = "contents.arrow"

Numbers = npt.NDArray[np.int64]

WANTED_ROWS = pa.schema([("slice", pa.int32()), ("line", pa.int64()), ("part", pa.int32())])
"""Which rows of which slice, and the part of the run that they are for."""

CONTENT_ROWS = pa.schema(
    [
        ("account", pa.string()),
        ("post_id", pa.string()),
        ("slice", pa.int32()),
        ("line", pa.int64()),
        ("fetched", pa.int64()),
        ("collected", pa.int64()),
        ("content", pa.string()),
    ]
)
"""Rows in doubt: how many of their fields were collected, and the whole row spelt out."""


def fetching_tasks(directory: Path, slices: Sequence[Slice], wanted: pa.Table) -> tuple[Path, ...]:
    """Return one task for each slice that holds wanted rows, all of one kind.

    ``wanted`` has columns slice and line; what else it has goes to the tasks, by line.
    """
    tasks = []
    numbers = wanted.column("slice").to_numpy()
    for each in slices:
        rows = wanted.filter(pa.array(numbers == each.number))
        if not rows.num_rows:
            continue
        (path,) = plan_tasks(directory, {each.name: each.record()})
        if not is_done(path):
            others = [name for name in rows.column_names if name != "slice"]
            rows = rows.select(others).sort_by("line").combine_chunks()
            write_batches(path / WANTED, rows.schema, rows.to_batches())
        tasks.append(path)
    return tuple(tasks)


def fetch_slice(request: AuditRequest, path: Path) -> None:
    """Do one fetching task: write the wanted rows, one batch a part, and what numbers they have.

    Raises:
        OutputError: the disk is full, or a slice cannot be read again.
    """
    each, wanted = Slice.of(read_task(path)), read_wanted(path)
    lines, known = wanted.column("line").to_numpy(), kept_rows(path, each)
    zone, fields = time_zone(request.timezone), judged_fields(request, each)
    new = fetch_rows(each, lines[lacks(known, lines)], zone, fields)
    batches = [*new, *rows_in(known, each, lines)]
    finish_task(path, write_parts(request, path, each, batches, wanted.column("part").to_numpy()))


def judged_fields(request: AuditRequest, each: Slice) -> Collection[str] | None:
    """Return the fields of a slice that judging reads; all, where none is named.

    A night that another one may follow reads rows whole, to tell whether they are as they were.
    """
    return READ_OF_POSTS if each.kind == "posts" and not request.kept else None


def read_wanted(path: Path) -> pa.Table:
    """Return the rows that a task is asked for, by their lines.

    Raises:
        OutputError: they cannot be read back.
    """
    return pa.Table.from_batches(list(read_batches(path / WANTED)))


def write_parts(
    request: AuditRequest,
    path: Path,
    each: Slice,
    batches: Iterable[pa.RecordBatch],
    parts: Numbers,
) -> dict[str, Any]:
    """Write rows of a slice, of which ``parts`` tells the part of each; return what to tell of it.

    Rows and parts stand in the order of their lines; rows that an earlier night kept come in any.

    Raises:
        OutputError: the disk is full.
    """
    schema = LOCATED[each.kind]
    table = pa.Table.from_batches(list(batches), schema=schema)
    if request.kept:
        # Together: to number many batches of few rows takes ten times as long.
        whole = table.sort_by("row_line").combine_chunks().to_batches()
        rows = numbered(each, whole, SCHEMAS[each.kind].names, path)
        table = pa.Table.from_batches(list(rows), schema=schema)
    order = np.argsort(parts, kind="stable")
    table = table.take(pa.array(order)).combine_chunks()
    found, starts = np.unique(parts[order], return_index=True)
    bounds = [*starts.tolist(), len(order)]
    pieces = (table.slice(start, stop - start).to_batches()[0] for start, stop in pairwise(bounds))
    write_batches(path / ROWS, schema, pieces)
    return {"kind": each.kind, "parts": found.tolist()}


def batches_by_part(tasks: Sequence[Path]) -> dict[int, list[tuple[Kind, str, int]]]:
    """Return where the rows of each part lie: kind, file, and the number of the batch in it."""
    found: dict[int, list[tuple[Kind, str, int]]] = {}
    for path in tasks:
        result = read_result(path)
        for place, part in enumerate(result["parts"]):
            found.setdefault(part, []).append((result["kind"], str(path / ROWS), place))
    return found


def spell_slice(request: AuditRequest, path: Path) -> None:
    """Do one task on rows in doubt: write how each is spelt, for ``statements.settling``.

    Raises:
        OutputError: the disk is full, or a slice cannot be read again.
    """
    each = Slice.of(read_task(path))
    lines = read_wanted(path).column("line").to_numpy()
    batches = fetch_rows(each, lines, time_zone(request.timezone))
    write_batches(
        path / CONTENTS, CONTENT_ROWS, (spelt(each.kind, batch, each.number) for batch in batches)
    )
    finish_task(path, {})


def spelt(kind: Kind, batch: pa.RecordBatch, slice_number: int) -> pa.RecordBatch:
    """Return rows of a slice as ``CONTENT_ROWS``."""
    plain = batch.select(SCHEMAS[kind].names)
    spelt = [content_of(plain, index) for index in range(batch.num_rows)]
    return pa.RecordBatch.from_arrays(
        [
            account_keys(batch),
            batch.column("post_id") if kind == "posts" else pa.nulls(len(spelt), pa.string()),
            pa.repeat(pa.scalar(slice_number, pa.int32()), len(spelt)),
            batch.column("row_line"),
            batch.column("fetched_at").cast(pa.int64()),
            pa.array([collected for collected, _ in spelt], pa.int64()),
            pa.array([content for _, content in spelt], pa.string()),
        ],
        schema=CONTENT_ROWS,
    )


def contents(tasks: Sequence[Path]) -> pa.Table:
    """Return the rows that the tasks spelt out."""
    batches = [batch for path in tasks for batch in read_batches(path / CONTENTS)]
    return pa.Table.from_batches(batches, schema=CONTENT_ROWS)
