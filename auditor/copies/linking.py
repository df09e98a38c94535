"""The join carried out in DuckDB: from sketches and texts to what hangs together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from auditor.copies.components import Labels, Numbers, components
from auditor.copies.join import HUBS, NEIGHBOURS, Step, texts_of
from auditor.copies.verify import jaccards

_PAIRS: Final = 1_000
_CHARACTERS: Final = 1 << 22
"""Pairs are compared when so many characters of their texts are in hand."""


Piece = tuple[tuple[Any, ...], ...]
"""Posts and texts of pairs as four columns: left, right, text of the left, of the right."""


class Connection(Protocol):
    """What is used of a DuckDB connection."""

    def execute(self, query: str) -> Any:
        """Run one statement."""

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

    Reads ``contents`` and ``texts``. Held in memory are the numbers of the pairs that are alike and
    the texts of some thousand pairs; the rest is the engine's, within its memory limit.
    """
    alike = np.empty((0, 2), np.int64)
    _keep(connection, components(alike[:, 0], alike[:, 1]))
    for step in (HUBS, NEIGHBOURS):
        run_steps(connection, [step])
        alike = np.concatenate((alike, _alike(connection, step, least_likeness)))
        _keep(connection, components(alike[:, 0], alike[:, 1]))


def _alike(connection: Connection, pairs: Step, least_likeness: float) -> Numbers:
    """Compare the texts of pairs; return the rows (left, right) that are alike."""
    found: list[NDArray[np.int64]] = [np.empty((0, 2), np.int64)]
    for left, right, one, other in _pieces(connection.execute(texts_of(pairs))):
        near = jaccards(one, other) >= least_likeness
        found.append(np.column_stack((left, right))[near])
    return np.concatenate(found)


def _pieces(rows: Any) -> Iterator[Piece]:
    """Yield the columns of some thousand rows at a time, fewer where texts are long."""
    held: list[tuple[int, int, str, str]] = []
    size = 0
    while piece := rows.fetchmany(_PAIRS):
        held += piece
        size += sum(len(one) + len(other) for _, _, one, other in piece)
        if size >= _CHARACTERS:
            yield tuple(zip(*held, strict=True))
            held, size = [], 0
    if held:
        yield tuple(zip(*held, strict=True))


def _keep(connection: Connection, labels: Labels) -> None:
    connection.register("given_labels", labels._asdict())
    connection.execute("CREATE OR REPLACE TABLE labels AS SELECT * FROM given_labels")
    connection.unregister("given_labels")
