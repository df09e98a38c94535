"""The lines of clusters.csv: a ring has as many rows as it has copies, so made in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from auditor.reports.cells import cell, joined
from auditor.reports.columns import CLUSTERS
from auditor.reports.lines import csv_column, joined_lines, text_of

_FORM: Final = pa.schema(
    [
        ("cluster_id", pa.string()),
        ("kind", pa.string()),
        ("size", pa.int64()),
        ("accounts", pa.int64()),
        ("role", pa.string()),
        ("account_id", pa.string()),
        ("post_id", pa.string()),
        ("published_at", pa.string()),
        ("similarity", pa.float64()),
        ("against", pa.list_(pa.string())),
        ("hours", pa.float64()),
        ("accounts_at_once", pa.int64()),
    ]
)
"""The fields of ``ClusterRow``."""


def cluster_lines(rows: Iterable[pa.Array]) -> Iterator[memoryview]:
    """Yield rows, arrays of ``ClusterRow`` as JSON texts, as lines of the triage edition.

    It shows members of groups as they are (``Edition.cluster``).
    """
    for some in rows:
        if len(some):
            batch = _batch("\n".join(some.to_pylist()).encode())
            cells = [_cells(batch.column(name)) for name in CLUSTERS.fields]
            yield text_of(joined_lines(cells))


def _batch(texts: bytes) -> pa.RecordBatch:
    # In one block: a row that stands across the end of one cannot be read.
    table = pyarrow.json.read_json(
        pa.BufferReader(texts),
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(texts) + 1),
        parse_options=pyarrow.json.ParseOptions(
            explicit_schema=_FORM, unexpected_field_behavior="error"
        ),
    )
    (batch,) = table.to_batches()
    return batch


def _cells(values: pa.Array) -> pa.Array:
    """Return what ``cells.cell`` says of values, in quotes where they need any."""
    if pa.types.is_string(values.type):
        return csv_column(values)
    if pa.types.is_integer(values.type):
        return pc.fill_null(values.cast(pa.string()), "")
    if pa.types.is_floating(values.type):
        known = values.dictionary_encode()
        spelt = pa.array(map(cell, known.dictionary.to_pylist()), pa.string())
        return pc.fill_null(spelt.take(known.indices), "")
    return csv_column(pa.array(map(joined, values.to_pylist()), pa.string()))
