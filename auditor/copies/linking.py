"""The join carried out in DuckDB: from sketches and texts to what hangs together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from auditor.copies.components import Labels, Numbers, components
from auditor.copies.join import HUBS, NEIGHBOURS, Step, texts_of
from auditor.copies.verify import jaccards

_PAIRS: Final = 20_000
"""Pairs whose texts are in hand at a time."""


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
    rows = connection.execute(texts_of(pairs))
    while piece := rows.fetchmany(_PAIRS):
        left, right, one, other = zip(*piece, strict=True)
        near = jaccards(one, other) >= least_likeness
        found.append(np.column_stack((left, right))[near])
    return np.concatenate(found)


def _keep(connection: Connection, labels: Labels) -> None:
    connection.register("given_labels", labels._asdict())
    connection.execute("CREATE OR REPLACE TABLE labels AS SELECT * FROM given_labels")
    connection.unregister("given_labels")
