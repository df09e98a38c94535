"""Texts through the whole join, as a run does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from auditor.copies import CANDIDATES, jaccards, run_steps, sketch

Numbers = NDArray[np.int64]
Joins = Callable[..., duckdb.DuckDBPyConnection]
Alike = Callable[..., tuple[Numbers, Numbers, NDArray[np.float64]]]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """A database in memory, one thread."""
    return duckdb.connect(config={"threads": 1})


@pytest.fixture
def load(connection: duckdb.DuckDBPyConnection) -> Joins:
    """Put the sketches of texts into the table; posts are positions."""

    def loaded(
        texts: Sequence[str], accounts: Sequence[int] | None = None, least_characters: int = 20
    ) -> duckdb.DuckDBPyConnection:
        found = sketch(texts, least_characters)
        owners = np.array(range(len(texts)) if accounts is None else accounts, np.int64)
        table = pa.table({"post": found.rows, "account": owners[found.rows], **found.columns()})
        connection.register("given", table)
        connection.execute("CREATE OR REPLACE TABLE sketches AS SELECT * FROM given")
        return connection

    return loaded


@pytest.fixture
def alike(load: Joins) -> Alike:
    """Return the pairs of texts that the join finds and their likeness confirms."""

    def found(
        texts: Sequence[str], at_least: float
    ) -> tuple[Numbers, Numbers, NDArray[np.float64]]:
        connection = load(texts)
        run_steps(connection, CANDIDATES)
        pairs = connection.execute("SELECT left_post, right_post FROM pairs").fetchnumpy()
        left, right = pairs["left_post"], pairs["right_post"]
        likeness = jaccards([texts[at] for at in left], [texts[at] for at in right])
        near = likeness >= at_least
        return left[near], right[near], likeness[near]

    return found
