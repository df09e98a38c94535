"""The global stage on one machine: the statements run by DuckDB within a memory limit."""

from __future__ import annotations

import contextlib
import glob
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet

from auditor.copies import Step, link, link_again
from auditor.errors import OutputError
from auditor.runs.facts import TABLES
from auditor.runs.statements import Statement
from auditor.sources.files import absolute

ALL_TABLES: Mapping[str, pa.Schema] = {
    name: schema for schemas in TABLES.values() for name, schema in schemas.items()
}
"""The columns of all tables of facts."""


_ROWS = 1 << 16
"""Rows of columns that are read at a time."""

_HELD_MIB = 832
"""What a process holds beside the database: rules, lists and index, libraries, rows in hand, and
what the database itself takes beyond its limit, compiled loops (100 MiB) included (measured with
ten million posts)."""

_LEAST_MIB = 192
"""Below this the statements of a small input fail already."""


def database_mib(memory_mib: int) -> int:
    """Return how much of the budget of a process is the database's, in MiB."""
    return max(memory_mib - _HELD_MIB, _LEAST_MIB)


_FAULTS = (
    OSError,
    pa.ArrowException,
    duckdb.OperationalError,
    duckdb.FatalException,
    duckdb.InvalidInputException,
)
"""What the disk, the memory and a damaged file are told by: a full disk as a failed transaction
too, a file that was cut off as invalid input, and all that is asked after either as fatal."""

_INTERRUPTED = "Query interrupted"
"""How DuckDB tells that a signal came while it worked, instead of what the signal raises."""


class Queries(Protocol):
    """Tables of a run by name, wherever they are kept."""

    def rows(self, query: str) -> pa.Table:
        """Return the rows of a query that fit into memory."""

    def stream(self, query: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query, some thousand at a time."""


class Tables:
    """A database in the working directory that forgets everything with the run.

    What does not fit into its memory (``database_mib``) is written beside it.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._files: dict[str, Sequence[Path]] = {}

    def make(self, statements: Iterable[Statement], views: Collection[str] = ()) -> None:
        """Make one table a statement; of ``views`` the query is kept, to be run where it is read.

        A view spares what is hardly less than its source: posts that stay are nearly all of them,
        and to write them as a table once more took a third of all that the statements cost.
        """
        for name, query in statements:
            form = "VIEW" if name in views else "TABLE"
            with _told(name):
                self._connection.execute(f"CREATE {form} {name} AS {query}")

    def take(self, name: str, table: pa.Table) -> None:
        """Make a table of rows in hand."""
        with _told(name):
            self._connection.from_arrow(table).create(name)

    def fill(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        """Make a table of rows as they come; what fails in making them is told as it is."""
        self.take(name, schema.empty_table())
        for batch in batches:
            with _told(name):
                rows = pa.Table.from_batches([batch])
                self._connection.from_arrow(rows).insert_into(name)

    def read(self, name: str, schema: pa.Schema, paths: Sequence[Path]) -> None:
        """Let a name stand for the rows of Parquet files; without files it is an empty table."""
        self._files[name] = paths
        if not paths:
            self.take(name, schema.empty_table())
            return
        with _told(name):
            # As a pattern the run directory run[1] would match the files of run1.
            files = [glob.escape(absolute(path)) for path in paths]
            self._connection.read_parquet(files).create_view(name)

    def columns(self, name: str, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield columns of a table that was ``read``, row by row as its files hold them."""
        for path in self._files[name]:
            with _told(str(path)), pa.parquet.ParquetFile(absolute(path), pre_buffer=False) as file:
                yield from file.iter_batches(_ROWS, columns=list(wanted), use_threads=False)

    def write(self, query: str, path: Path) -> None:
        """Write the rows of a query as a Parquet file, within the memory limit."""
        with _told(str(path)):
            name = absolute(path).replace("'", "''")
            self._connection.execute(f"COPY ({query}) TO '{name}' (FORMAT parquet)")

    def link(self, least_likeness: float) -> None:
        """Fill the table ``labels`` with what hangs together; see ``copies.link``."""
        with _told("labels"):
            link(self._connection, least_likeness)

    def link_again(
        self, least_likeness: float, read_texts: Callable[[Step], str]
    ) -> tuple[Step, ...]:
        """Fill the table ``labels`` from pairs known before and new ones; see ``copies``."""
        with _told("labels"):
            return link_again(self._connection, least_likeness, read_texts)

    def rows(self, query: str) -> pa.Table:
        """Return the rows of a query that fit into memory."""
        with _told(query):
            found: pa.Table = self._connection.sql(query).to_arrow_table()
        return found

    def stream(self, query: str, rows: int = 16_384) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query, so many at a time."""
        with _told(query):
            yield from self._connection.sql(query).to_arrow_reader(rows)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


@contextlib.contextmanager
def open_tables(
    work: Path,
    facts: Mapping[str, Sequence[Path]],
    memory_mib: int,
    workers: int,
) -> Iterator[Tables]:
    """Open the tables of a run over the facts of its slices.

    ``memory_mib`` is the budget of the whole process.

    Raises:
        OutputError: the disk is full.
    """
    directory = work / "tables"
    # A killed run leaves a database and its log, which another database must not take for its own.
    shutil.rmtree(directory, ignore_errors=True)
    with _told(str(directory)):
        directory.mkdir()
        connection = duckdb.connect(
            absolute(directory / "tables.duckdb"),
            config={
                "memory_limit": f"{database_mib(memory_mib)}MiB",
                "threads": workers,
                "temp_directory": absolute(directory / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    # It goes with the run: nothing need be put in order for another to read.
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    tables = Tables(connection)
    try:
        for name, schema in ALL_TABLES.items():
            tables.read(name, schema, facts[name])
        yield tables
    finally:
        tables.close()


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        line = (str(error) or type(error).__name__).splitlines()[0]
        raise OutputError(f"the global stage failed ({line})", what[:60].strip()) from error
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise
