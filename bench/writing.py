"""Tables of a dataset as Parquet, JSONL or CSV, one file or a folder of parts."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

FORMATS = ("parquet", "jsonl", "csv")

_REPEATED = ["platform", "kind", "state", "source_label", "location", "verified", "field", "region"]
"""Columns with few values: a dictionary would only cost time in the others."""


class Table:
    """Writes batches of one table; ``files`` parts of about the same number of rows."""

    def __init__(self, directory: Path, name: str, form: str, files: int, rows: int) -> None:
        self._form = form
        self._part = -(-rows // max(1, files))
        self._paths = [directory / f"{name}.{form}"]
        if files > 1:
            (directory / name).mkdir(exist_ok=True)
            self._paths = [directory / name / f"part-{n:05d}.{form}" for n in range(files)]
        self._written = 0
        self._open: _Parquet | _Jsonl | _Csv | None = None
        self._at = -1

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch; one that crosses the end of a part is parted."""
        while len(batch):
            at = min(self._written // self._part, len(self._paths) - 1)
            if at != self._at:
                self._next(at, batch.schema)
            room = (
                self._part * (at + 1) - self._written if at + 1 < len(self._paths) else len(batch)
            )
            some, batch = batch[:room], batch[room:]
            assert self._open is not None  # noqa: S101
            self._open.write(some)
            self._written += len(some)

    def _next(self, at: int, schema: pa.Schema) -> None:
        if self._open is not None:
            self._open.close()
        self._at = at
        self._open = _WRITERS[self._form](self._paths[at], schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open is not None:
            self._open.close()


class _Parquet:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        few = [name for name in _REPEATED if name in schema.names]
        self._writer = pq.ParquetWriter(
            path, schema, compression="zstd", compression_level=1, use_dictionary=few,
            write_statistics=few,
        )  # fmt: skip

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        self._writer.close()


class _Jsonl:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        del schema
        self._stream: TextIO = path.open("w", encoding="utf-8")

    def write(self, batch: pa.RecordBatch) -> None:
        for row in batch.to_pylist():
            plain = {name: value for name, value in row.items() if value is not None}
            self._stream.write(json.dumps(plain, ensure_ascii=False, default=_time) + "\n")

    def close(self) -> None:
        self._stream.close()


class _Csv:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        plain = pa.schema([(name, pa.string()) for name in schema.names])
        self._writer = pacsv.CSVWriter(path, plain)

    def write(self, batch: pa.RecordBatch) -> None:
        cells = [_cells(column) for column in batch.columns]
        self._writer.write_batch(pa.record_batch(cells, names=batch.schema.names))

    def close(self) -> None:
        self._writer.close()


_WRITERS: dict[str, type[_Parquet | _Jsonl | _Csv]] = {
    "parquet": _Parquet,
    "jsonl": _Jsonl,
    "csv": _Csv,
}


def _cells(column: pa.Array) -> pa.Array:
    """Return a column as text: lists joined, or ``[]`` where they are empty; objects as JSON."""
    if pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
        joined = pc.binary_join(column, " | ")
        return pc.if_else(pc.equal(pc.list_value_length(column), 0), "[]", joined)
    if pa.types.is_nested(column.type):
        texts = [None if value is None else json.dumps(value) for value in column.to_pylist()]
        return pa.array(texts, pa.string())
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, "%Y-%m-%dT%H:%M:%S+00:00")
    return column.cast(pa.string())


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))
