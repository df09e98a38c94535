"""Posts that may be in a group across accounts, laid down while rows are read for judging.

Both stand spread over all slices: read one after the other, every slice would be decoded twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from auditor.config import time_zone
from auditor.copies import (
    CONTENTS,
    LIKELY,
    SHARING,
    TEXTS,
    WANTED_TEXTS,
    candidates,
    limits,
    near_pairs,
)
from auditor.errors import OutputError
from auditor.runs.copying import CANDIDATES, SHOWN, texts_of
from auditor.runs.fetching import fetch_slice, judged_fields, read_wanted, write_parts
from auditor.runs.kept import Kept
from auditor.runs.knowngroups import read_verdicts
from auditor.runs.request import AuditRequest
from auditor.runs.rowsread import kept_rows, lacks, rows_in
from auditor.runs.tables import Tables
from auditor.runs.tasks import finish_task, read_task
from auditor.sources import LOCATED, Slice, fetch_rows, write_batches, write_parquet
from auditor.sources.schemas import FIELDS

LAID_TEXTS: Final = "texts.parquet"
"""The file of ``TEXTS`` of a fetching task: the contents that are, or may be, compared."""

WANTED_POSTS = pa.schema(
    [
        ("slice", pa.int32()),
        ("line", pa.int64()),
        ("part", pa.int32()),
        ("compared", pa.bool_()),
        ("may_join", pa.bool_()),
    ]
)
"""``fetching.WANTED_ROWS`` with the candidates. ``part`` is null for posts that no account is
judged by; the others are null for posts that are no candidates. Of those that ``may_join`` a group
the row is laid down, and the text is written where it may be ``compared``."""

_BESIDE_PARTS: Final = """
    SELECT slice, line, w.part, c.compared, c.may_join
    FROM part_posts w
    FULL JOIN (
      SELECT p.slice, p.line, o.compared, o.may_join
      FROM ({posts}) o JOIN posts p ON o.post = p.post
    ) c USING (slice, line)
"""
_ALL: Final = "SELECT post, compared, TRUE AS may_join FROM candidates"
_TEXTS_ALONE: Final = "SELECT post, TRUE AS compared, FALSE AS may_join FROM likely_texts"

_HELD: Final = frozenset(
    {"row_file", "row_line", *SHOWN}
    | {field.name for field in FIELDS["posts"].values() if field.required}
)


def with_candidates(tables: Tables, kept: Kept | None) -> pa.Table:
    """Return the ``WANTED_POSTS``: those of ``part_posts``, and what ``buckets`` tell.

    On a night that knows of another one the candidates are texts alone, of contents that are new
    and of what they will be compared with.

    Raises:
        OutputError: the disk is full.
    """
    known = limits()
    tables.make((CONTENTS, SHARING, near_pairs(known.least_likeness)))
    if kept is None or not kept.files:
        tables.make((WANTED_TEXTS, candidates(known.least_accounts)))
        posts = _ALL
    else:
        read_verdicts(kept, tables)
        tables.make(LIKELY)
        posts = _TEXTS_ALONE
    return tables.rows(_BESIDE_PARTS.format(posts=posts)).cast(WANTED_POSTS)


def fetch_wanted(request: AuditRequest, path: Path) -> None:
    """Do one fetching task (``fetching.fetch_slice``); candidates are laid down on the way.

    Raises:
        OutputError: the disk is full, or a slice cannot be read again.
    """
    wanted = read_wanted(path)
    if "compared" not in wanted.column_names:
        fetch_slice(request, path)
        return
    each = Slice.of(read_task(path))
    owned = wanted.filter(wanted.column("part").is_valid())
    # What is null is not chosen either.
    laid_down = wanted.filter(wanted.column("may_join")).num_rows > 0
    known = rows_in(kept_rows(path, each), each, owned.column("line").to_numpy())
    judged: list[pa.RecordBatch] = list(known)
    others = _fetched(request, path, wanted, SHOWN if laid_down else (), judged)
    if laid_down:
        write_batches(path / CANDIDATES, LOCATED["posts"], others)
        compared = wanted.filter(wanted.column("compared")).column("line").to_numpy()
        others = fetch_rows(each.laid_down(path / CANDIDATES), compared, None)
    write_parquet(path / LAID_TEXTS, TEXTS, texts_of(each, others))
    finish_task(path, write_parts(request, path, each, judged, owned.column("part").to_numpy()))


def _fetched(
    request: AuditRequest,
    path: Path,
    wanted: pa.Table,
    shown: Collection[str],
    judged: list[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    """Read a slice again, for what no earlier night kept: rows to judge by go to ``judged``.

    Yielded are the candidates, with the fields ``shown``.

    Raises:
        OutputError: some are no longer there.
    """
    each, lines = Slice.of(read_task(path)), wanted.column("line").to_numpy()
    is_judged, is_candidate = (
        wanted.column(name).is_valid().to_numpy() for name in ("part", "compared")
    )
    is_judged = is_judged & lacks(kept_rows(path, each), lines)
    fields = judged_fields(request, each) if is_judged.any() else shown
    read = is_judged | is_candidate
    start, places = 0, np.flatnonzero(read)
    for batch in fetch_rows(each, lines[read], time_zone(request.timezone), fields):
        chosen = places[start : start + batch.num_rows]
        start += batch.num_rows
        judged.append(batch.filter(pa.array(is_judged[chosen])))
        yield _narrowed(batch.filter(pa.array(is_candidate[chosen])))
    if start != len(places):
        raise OutputError(f"lacks {len(places) - start} rows that were read before", each.file)


def _narrowed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows without the fields that nobody asks candidates for."""
    columns = [
        column if name in _HELD else pa.nulls(batch.num_rows, column.type)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)
