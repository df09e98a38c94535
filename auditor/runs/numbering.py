"""Which rows were read again on an earlier night, and their numbers (``runs.rowhash``).

Only rows that accounts are judged by and members of groups have one, some three in a hundred: to
number every row of the input cost more than judging did (0019).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from auditor.runs.intake import Intake
from auditor.runs.kept import Kept, salt_of
from auditor.runs.rowhash import row_hashes
from auditor.runs.tables import Tables
from auditor.sources import Slice, write_parquet

NUMBERS: Final = "numbers.parquet"
"""The file of ``NUMBERED`` of a task that read rows again."""

NUMBERED = pa.schema(
    [("kind", pa.string()), ("slice", pa.int32()), ("line", pa.int64()), ("row", pa.int64())]
)
"""The place of a row in the input of this night, and its number."""

KEPT_NUMBERS = pa.schema(
    [("kind", pa.string()), ("key", pa.string()), ("line", pa.int64()), ("row", pa.int64())]
)
"""The same for a later night: the slice by the key of its content (``reuse.with_keys``)."""

_KEYS = "slice_keys"
_KEYED = pa.schema([("kind", pa.string()), ("slice", pa.int32()), ("key", pa.string())])

_HERE = """
    SELECT DISTINCT s.kind, s.slice, n.line, n."row"
    FROM {kept} n JOIN slice_keys s ON n.kind = s.kind AND n.key = s.key
"""
_FOR_LATER = """
    SELECT DISTINCT s.kind, s.key, n.line, n."row"
    FROM {numbers} n
    JOIN slice_keys s ON n.kind = s.kind AND n.slice = s.slice
    JOIN {wanted} w ON n.kind = w.kind AND n.slice = w.slice AND n.line = w.line
"""


def numbered(
    each: Slice, batches: Iterable[pa.RecordBatch], names: Sequence[str], path: Path
) -> Iterator[pa.RecordBatch]:
    """Yield rows of a slice as they come; then write their numbers over the columns ``names``.

    ``path`` is the task, of this run's working directory, that reads them.

    Raises:
        OutputError: the disk is full.
    """
    key = salt_of(path.parent.parent)
    found = []
    for batch in batches:
        count, lines = batch.num_rows, batch.column("row_line")
        kinds = pa.repeat(pa.scalar(each.kind), count)
        slices = pa.repeat(pa.scalar(each.number, pa.int32()), count)
        columns = [kinds, slices, lines, row_hashes(batch, names, key)]
        found.append(pa.RecordBatch.from_arrays(columns, schema=NUMBERED))
        yield batch
    write_parquet(path / NUMBERS, NUMBERED, found)


def read_slice_keys(tables: Tables, intake: Intake) -> None:
    """Let the slices of this night be known to the tables by the keys of their content."""
    rows = [{"kind": each.kind, "slice": each.number, "key": each.key} for each in intake.slices]
    tables.take(_KEYS, pa.Table.from_pylist(rows, schema=_KEYED))


def read_kept_numbers(tables: Tables, kept: Kept, name: str, file: str) -> None:
    """Make the table ``name`` of the numbers that were kept, of rows that stand in this input."""
    source = f"{name}_of_before"
    tables.read(source, KEPT_NUMBERS, kept.paths(file))
    tables.make(((name, _HERE.format(kept=source)),))


def add_numbers(tables: Tables, known: str, name: str, tasks: Sequence[Path]) -> None:
    """Make the table ``name`` of the numbers of table ``known`` and of those the tasks wrote."""
    source = f"{name}_of_now"
    tables.read(source, NUMBERED, [path / NUMBERS for path in tasks])
    tables.make(((name, f"FROM {known} UNION FROM {source}"),), views=(name,))


def numbers_for_later(numbers: str, wanted: str) -> str:
    """Return the query for ``KEPT_NUMBERS`` of the rows of table ``wanted``."""
    return _FOR_LATER.format(numbers=numbers, wanted=wanted)
