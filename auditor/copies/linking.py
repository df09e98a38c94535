"""The join carried out in DuckDB: from sketches and texts to what hangs together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.copies.components import Labels, Numbers, components
from auditor.copies.join import (
    DIGESTS,
    HUBS,
    NEIGHBOURS,
    Step,
    alike_of,
    asked_pairs,
    judged_pairs,
    texts_of,
    unknown_pairs,
)
from auditor.copies.verify import jaccards

TEXTS: Final = pa.schema([("post", pa.int64()), ("content", pa.string())])
"""The content characters of posts."""

_PAIRS: Final = 1_000
_BYTES: Final = 12 << 20
"""Pairs are compared when so many bytes of text are in hand: some four million characters."""


Piece = tuple[list[Any], list[Any], list[Any], list[Any]]
"""Posts and texts of pairs as four columns: left, right, text of the left, of the right."""


class Connection(Protocol):
    """What is used of a DuckDB connection."""

    def execute(self, query: str) -> Any:
        """Run one statement."""

    def sql(self, query: str) -> Any:
        """Return the rows of a query, to be read as they are asked for."""

    def register(self, view_name: str, python_object: object) -> Any:
        """Show a value as a table."""

    def unregister(self, view_name: str) -> Any:
        """Take the table away again."""


def run_steps(connection: Connection, steps: Iterable[Step]) -> None:
    """Keep the result of each step in DuckDB as a table of its name, replacing an older one."""
    for step in steps:
        connection.execute(f"CREATE OR REPLACE TABLE {step.name} AS {step.select}")


def link(connection: Connection, least_likeness: float) -> None:
    """Fill the table ``labels``: the components of pairs with a likeness (0..1) of at least that.

    Reads ``near_pairs`` and ``texts``. Held in memory are the numbers of the pairs that are alike
    and the texts of some thousand pairs; the rest is the engine's, within its memory limit.
    """
    alike = np.empty((0, 2), np.int64)
    _keep(connection, components(alike[:, 0], alike[:, 1]))
    for step in (HUBS, NEIGHBOURS):
        run_steps(connection, [step])
        alike = np.concatenate((alike, _alike(connection, step, least_likeness)))
        _keep(connection, components(alike[:, 0], alike[:, 1]))


def link_again(
    connection: Connection, least_likeness: float, read_texts: Callable[[Step], str]
) -> tuple[Step, ...]:
    """Fill the table ``labels`` as ``link`` does, but compare only what never was compared.

    Reads ``contents``, ``near_pairs`` and ``kept_pairs``. ``read_texts`` is given the pairs that
    are not known and returns the name of a table with their texts. The steps that are returned hold
    all pairs that were asked for, with their digests and whether they are alike.
    """
    alike = np.empty((0, 2), np.int64)
    told = []
    run_steps(connection, [DIGESTS])
    _keep(connection, components(alike[:, 0], alike[:, 1]))
    for step in (HUBS, NEIGHBOURS):
        asked = asked_pairs(step)
        unknown = unknown_pairs(asked)
        run_steps(connection, [step, asked, unknown])
        new, near = _compared(connection, unknown, least_likeness, read_texts(unknown))
        compared = {"left_post": new[:, 0], "right_post": new[:, 1], "alike": near}
        _show(connection, "compared", compared)
        judged = judged_pairs(asked)
        run_steps(connection, [judged])
        told.append(judged)
        alike = np.concatenate((alike, _known(connection, judged)))
        _keep(connection, components(alike[:, 0], alike[:, 1]))
    return tuple(told)


def _known(connection: Connection, judged: Step) -> Numbers:
    columns = connection.execute(alike_of(judged)).fetchnumpy()
    found: Numbers = np.column_stack((columns["left_post"], columns["right_post"]))
    return found.astype(np.int64)


def _alike(connection: Connection, pairs: Step, least_likeness: float) -> Numbers:
    """Compare the texts of pairs; return the rows (left, right) that are alike."""
    compared, near = _compared(connection, pairs, least_likeness, "texts")
    found: Numbers = compared[near]
    return found


def _compared(
    connection: Connection, pairs: Step, least_likeness: float, texts: str
) -> tuple[Numbers, NDArray[np.bool_]]:
    """Compare the texts of pairs; return rows (left, right), and whether each is alike."""
    found = [np.empty((0, 2), np.int64)]
    alike = [np.empty(0, np.bool_)]
    rows = connection.sql(texts_of(pairs, texts)).to_arrow_reader(_PAIRS)
    for left, right, one, other in _pieces(rows):
        alike.append(jaccards(one, other) >= least_likeness)
        found.append(np.column_stack((left, right)))
    return np.concatenate(found), np.concatenate(alike)


def _pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[Piece]:
    """Yield the columns of some thousand rows at a time, fewer where texts are long."""
    held: Piece = ([], [], [], [])
    size = 0
    for batch in batches:
        for column, more in zip(held, batch.columns, strict=True):
            column.extend(more.to_pylist())
        size += sum(column.nbytes for column in batch.columns[2:])
        if size >= _BYTES:
            yield held
            held, size = ([], [], [], []), 0
    if held[0]:
        yield held


def _keep(connection: Connection, labels: Labels) -> None:
    _show(connection, "labels", labels._asdict())


def _show(connection: Connection, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
    connection.register("given_columns", columns)
    run_steps(connection, [Step(name, "SELECT * FROM given_columns")])
    connection.unregister("given_columns")
