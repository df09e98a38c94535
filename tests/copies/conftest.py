"""Texts through the whole join, as a run does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from auditor.copies import (
    BUCKETS,
    CONTENTS,
    TEXTS,
    WANTED_TEXTS,
    Labels,
    link,
    near_pairs,
    run_steps,
    sketch,
)
from bench.copies import shared_of

Load = Callable[..., duckdb.DuckDBPyConnection]
Linked = Callable[[Sequence[str], float], Labels]


def texts_table(texts: Sequence[str], chosen: Sequence[int] | None = None) -> pa.Table:
    """Return the table ``texts``, of some of the texts or all; posts are positions."""
    posts = range(len(texts)) if chosen is None else chosen
    return pa.table({"post": posts, "content": [texts[at] for at in posts]}, schema=TEXTS)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """A database in memory, one thread."""
    return duckdb.connect(config={"threads": 1})


@pytest.fixture
def load(connection: duckdb.DuckDBPyConnection) -> Load:
    """Put the sketches of texts into the table; posts are positions."""

    def loaded(
        texts: Sequence[str], accounts: Sequence[int] | None = None, least_characters: int = 20
    ) -> duckdb.DuckDBPyConnection:
        found = sketch(texts, least_characters)
        owners = np.array(range(len(texts)) if accounts is None else accounts, np.int64)
        table = pa.table({"post": found.rows, "account": owners[found.rows], **found.columns()})
        connection.register("given", table)
        connection.execute("CREATE OR REPLACE TABLE sketches AS SELECT * FROM given")
        connection.register("shared_keys", shared_of(table))
        return connection

    return loaded


@pytest.fixture
def linked(load: Load) -> Linked:
    """Return the components that the join finds among texts, as (post, cluster)."""

    def found(texts: Sequence[str], at_least: float) -> Labels:
        connection = load(texts)
        run_steps(connection, (BUCKETS, CONTENTS, near_pairs(at_least), WANTED_TEXTS))
        connection.register("all_texts", texts_table(texts))
        connection.execute(
            "CREATE OR REPLACE TABLE texts AS SELECT * FROM all_texts"
            " WHERE post IN (SELECT post FROM wanted_texts)"
        )
        link(connection, at_least)
        rows = connection.execute("SELECT post, cluster FROM labels ORDER BY post").fetchnumpy()
        return Labels(rows["post"], rows["cluster"])

    return found
