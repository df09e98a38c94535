"""How accounts are put together to parts that one process judges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from auditor.runs.facts import CHANGE_FACTS
from auditor.runs.judging import heaviest_first
from auditor.runs.statements import (
    ACCOUNT_BYTES,
    FEW_PARTS,
    HEAVIEST,
    PART_BYTES,
    SMALL_PART_BYTES,
    parting,
)
from auditor.runs.tables import Tables


def parts_of(sizes: Sequence[int]) -> list[int]:
    """Return the part of each account, of which one post has so many bytes."""
    return asked_of(sizes, "SELECT part FROM parts ORDER BY account")


def parts_in_order(sizes: Sequence[int]) -> list[int]:
    """Return the parts of such accounts in the order in which they are judged."""
    return asked_of(sizes, HEAVIEST)


def asked_of(sizes: Sequence[int], query: str) -> list[int]:
    keys = [f"p:{place:06}" for place in range(len(sizes))]
    posts = {"account": keys, "slice": [0] * len(keys), "line": range(len(keys)), "size": sizes}
    nothing: dict[str, Sequence[object]] = {
        name: [None] * len(keys) for name in ("profile", "seen", "alike")
    }
    with duckdb.connect() as connection:
        tables = Tables(connection)
        tables.take("wanted_posts", pa.table(posts))
        tables.take("awake", pa.table({**posts, **nothing}))
        tables.take("change_facts", CHANGE_FACTS.empty_table())
        tables.make(parting("awake"))
        found: list[int] = tables.rows(query).column("part").to_pylist()
    return found


@pytest.mark.parametrize(
    ("accounts", "each", "least", "most"),
    [
        (0, 0, 0, 0),
        (1, 10, 1, 1),
        (100, 10, 1, 1),
        (SMALL_PART_BYTES // ACCOUNT_BYTES * 2, 1, 2, 3),
        (1_500, 800, FEW_PARTS, FEW_PARTS),
        (9_000, 0, 9_000 * ACCOUNT_BYTES // PART_BYTES, 9_000 * ACCOUNT_BYTES // PART_BYTES + 1),
        (3, 10 * PART_BYTES, 3, 3),
    ],
    ids=["nobody", "one", "few", "some", "a thousand", "many", "as large as parts"],
)
def test_a_run_has_parts_enough_for_several_processes_and_none_too_large(
    accounts: int, each: int, least: int, most: int
) -> None:
    found = parts_of([each] * accounts)
    assert least <= len(set(found)) <= most
    assert found == sorted(found)


def test_one_account_larger_than_a_part_leaves_the_others_their_parts() -> None:
    found = parts_of([700] * 2_500 + [11 * PART_BYTES])
    assert len(set(found[:-1])) >= FEW_PARTS - 2


def test_processes_begin_with_the_largest_part() -> None:
    tasks = [Path(f"part-{part:06}") for part in (0, 3, 4)]
    assert heaviest_first(tasks, [4, 1, 0, 3]) == [tasks[2], tasks[0], tasks[1]]
    sizes = [2 * PART_BYTES, 10, 5 * PART_BYTES]
    first, second, third = parts_of(sizes)
    assert parts_in_order(sizes) == [third, first, second]


def test_parts_are_of_one_size_but_for_an_account_and_the_last() -> None:
    sizes = [place % 7 * 300 for place in range(2_000)]
    found = parts_of(sizes)
    weight = [0] * (max(found) + 1)
    for part, size in zip(found, sizes, strict=True):
        weight[part] += size + ACCOUNT_BYTES
    assert len(weight) == FEW_PARTS
    assert max(weight) - min(weight) < 2 * (max(sizes) + ACCOUNT_BYTES)
