"""A night whose input is that of the night before: its tables are read, not made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from auditor.model import Rejection
from auditor.runs.intake import Intake
from auditor.runs.kept import Kept, Next
from auditor.runs.tables import Tables

NIGHT = "night"
LOST = "lost"

NIGHT_TABLES = ("listed", "awake", "wanted_posts", "states", "counted")
"""What is read of the global stage after it is done; all of it hangs on the input alone."""


def night_key(intake: Intake) -> str:
    """Return a digest of the whole input: every slice with its place, its file and its content."""
    parts: list[Any] = [[each.kind, each.number, each.file, each.key] for each in intake.slices]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def compared(kept: Kept, intake: Intake) -> Kept:
    """Return what is kept, and whether the input is that of the night before (``Kept.same``)."""
    return replace(kept, same=kept.told.get(NIGHT) == night_key(intake))


def lost_again(kept: Kept) -> list[Rejection]:
    """Return the rows that went with a word when rows of one key were settled."""
    return [Rejection.model_validate(row) for row in kept.told[LOST]]


def read_night(kept: Kept, tables: Tables) -> None:
    """Let the tables of that night stand for those of this one."""
    for name in NIGHT_TABLES:
        tables.read(name, pa.schema([]), kept.paths(f"{name}.parquet"))


def keep_rows(query: str, name: str, kept: Kept, tables: Tables, following: Next) -> None:
    """Keep the rows of a query under a name; of the same input they are the same."""
    if kept.same:
        following.add(kept.path / name, name)
    else:
        tables.write(query, following.path / name)
        following.note(name)


def keep_night(
    kept: Kept, tables: Tables, intake: Intake, lost: Sequence[Rejection], following: Next
) -> None:
    """Keep the tables, for the case that the next night has the same input.

    Raises:
        OutputError: the disk is full.
    """
    for name in NIGHT_TABLES:
        keep_rows(f"FROM {name}", f"{name}.parquet", kept, tables, following)
    following.told[NIGHT] = night_key(intake)
    following.told[LOST] = [row.model_dump(mode="json") for row in lost]
