"""Types of the part of pyarrow.parquet that the project uses."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pyarrow import RecordBatch, Schema, Table

class RowGroupMetaData:
    @property
    def num_rows(self) -> int: ...
    @property
    def total_byte_size(self) -> int: ...

class FileMetaData:
    def row_group(self, i: int) -> RowGroupMetaData: ...

class ParquetFile:
    def __init__(self, source: Path | str, *, pre_buffer: bool = False) -> None: ...
    @property
    def metadata(self) -> FileMetaData: ...
    @property
    def num_row_groups(self) -> int: ...
    @property
    def schema_arrow(self) -> Schema: ...
    def iter_batches(
        self,
        batch_size: int = 65536,
        *,
        row_groups: Sequence[int] | None = None,
        columns: Sequence[str] | None = None,
        use_threads: bool = True,
    ) -> Iterator[RecordBatch]: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

class ParquetWriter:
    def __init__(
        self, where: Path | str, schema: Schema, *, compression: str = "snappy"
    ) -> None: ...
    def write_batch(self, batch: RecordBatch) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

def read_table(source: Path | str) -> Table: ...
def write_table(table: Table, where: Path | str, *, row_group_size: int | None = None) -> None: ...
