"""Which accounts are as they were on an earlier night, before and after their rows are read.

Rows of slices that an earlier night saw have their numbers from there. Where all rows of an account
do, it is known before anything is read; else its rows are read, numbered and compared (0019).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from auditor.runs.intake import Intake
from auditor.runs.kept import Kept, Next
from auditor.runs.numbering import (
    add_numbers,
    numbers_for_later,
    read_kept_numbers,
    read_slice_keys,
)
from auditor.runs.samenight import keep_rows
from auditor.runs.statements import Statement, statements
from auditor.runs.tables import Tables
from auditor.runs.told import ACCOUNTS, KEPT_ACCOUNTS, micros

DOUBTFUL: Final = "doubtful"
"""The table of the awake accounts that may have changed: their rows are read."""

CHANGED: Final = "changed_awake"
"""The table of those that have: they are judged."""

_FILE: Final = "row_numbers.parquet"
_BEFORE: Final = "kept_numbers"
_NOW: Final = "row_numbers"


def find_doubtful(tables: Tables, kept: Kept, intake: Intake, now: datetime) -> None:
    """Make ``DOUBTFUL``, and ``kept_accounts``: what was said on the earlier night.

    Reads ``awake``, ``wanted_posts`` and ``change_facts``, or ``states`` where the input is the
    same as a whole.
    """
    tables.read("kept_accounts", KEPT_ACCOUNTS, kept.paths(ACCOUNTS))
    if kept.same:
        tables.make(_compared("states", "unchanged", DOUBTFUL, now))
        return
    read_slice_keys(tables, intake)
    read_kept_numbers(tables, kept, _BEFORE, _FILE)
    tables.make(statements("nights"))
    tables.make(statements("states", states="states_before", numbers=_BEFORE))
    tables.make(_compared("states_before", "surely_unchanged", DOUBTFUL, now))


def find_unchanged(tables: Tables, kept: Kept, tasks: Sequence[Path], now: datetime) -> None:
    """Make ``states``, ``unchanged`` and ``CHANGED``, once ``tasks`` have read what is in doubt."""
    if kept.same:
        tables.make(((CHANGED, f"FROM {DOUBTFUL}"),), views=(CHANGED,))
        return
    add_numbers(tables, _BEFORE, _NOW, tasks)
    tables.make(statements("states", states="states", numbers=_NOW))
    tables.make(_compared("states", "unchanged", CHANGED, now))


def _compared(states: str, unchanged: str, changed: str, now: datetime) -> tuple[Statement, ...]:
    return statements(
        "unchanged", states=states, unchanged=unchanged, changed=changed, now=micros(now)
    )


def keep_numbers(kept: Kept, tables: Tables, following: Next) -> None:
    """Keep the numbers of the rows that accounts are judged by.

    Raises:
        OutputError: the disk is full.
    """
    keep_rows(numbers_for_later(_NOW, "judged_rows"), _FILE, kept, tables, following)
