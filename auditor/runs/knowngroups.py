"""Pairs that were compared and groups that were listed on an earlier night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa

from auditor.copies import VERDICTS
from auditor.model import ClusterRow
from auditor.runs.copying import COPIED, ROWS
from auditor.runs.groups import ACROSS, GROUP_ROWS, group_columns
from auditor.runs.kept import Kept, Next
from auditor.runs.numbering import add_numbers, numbers_for_later, read_kept_numbers
from auditor.runs.samenight import keep_rows
from auditor.runs.statements import statements
from auditor.runs.tables import Tables
from auditor.sources import write_parquet

PAIRS_FILE = "pairs.parquet"
GROUPS_FILE = "groups.parquet"
MEMBERS_FILE = "member_numbers.parquet"
TONIGHT = "tonight.parquet"

PAIRS = pa.schema(
    [
        ("first_high", pa.int64()),
        ("first_low", pa.int64()),
        ("second_high", pa.int64()),
        ("second_low", pa.int64()),
        ("alike", pa.bool_()),
    ]
)
"""The digests of two contents, and whether these are alike."""

GROUPS = pa.schema([("state", pa.string()), *GROUP_ROWS])
"""The rows of groups, each with what all of its group are made of (``sql/groupstates.sql``); all
but that is null for a group that is left out."""

_NEW = pa.schema([("cluster", pa.int64()), *GROUP_ROWS])
_SAID = """
    SELECT k.* FROM kept_groups k SEMI JOIN known_groups g ON k.state = g.state
    UNION ALL
    SELECT s.state, n.cluster_id, n.post_id, n."row"
    FROM new_groups n JOIN group_states s ON n.cluster = s.cluster
"""
_ROWS = 'SELECT cluster_id, post_id, "row" FROM said_groups WHERE "row" IS NOT NULL'
_DOUBTFUL = """
    SELECT m.slice, m.line, m.cluster, m.verified
    FROM group_members m
    ANTI JOIN surely_known k ON m.cluster = k.cluster
    JOIN group_states_before s ON m.cluster = s.cluster
    LEFT JOIN kept_member_numbers n ON m.slice = n.slice AND m.line = n.line
    WHERE s.state IS NOT NULL OR n.row IS NULL
"""
_REST = """
    SELECT m.slice, m.line, m.cluster, m.verified
    FROM group_members m
    ANTI JOIN known_groups k ON m.cluster = k.cluster
    ANTI JOIN wanted_members w ON m.slice = w.slice AND m.line = w.line
"""
_NEW_MEMBERS = "FROM doubtful_members m ANTI JOIN known_groups k ON m.cluster = k.cluster"
_TOGETHER = 4_096
_BEFORE = "kept_member_numbers"
_NUMBERS = "member_numbers"


def read_verdicts(kept: Kept, tables: Tables) -> None:
    """Let the pairs that were compared before stand in the tables (``copies.VERDICTS``)."""
    tables.read(VERDICTS, PAIRS, kept.paths(PAIRS_FILE))


def read_known(kept: Kept, tables: Tables) -> None:
    """Let what was kept of groups and of their members stand in the tables."""
    tables.read("kept_groups", GROUPS, kept.paths(GROUPS_FILE))
    read_kept_numbers(tables, kept, _BEFORE, MEMBERS_FILE)


def find_doubtful_members(tables: Tables) -> None:
    """Make ``wanted_members``: of groups that may have changed, the members that decide it.

    Those are the ones without a number, or all where each has one. Reads ``shared_members``.
    """
    tables.make(statements("groups"))
    tables.make(statements("groupstates", states="group_states_before", numbers=_BEFORE))
    tables.make(statements("knowngroups", states="group_states_before", known="surely_known"))
    tables.make((("wanted_members", _DOUBTFUL),))


def find_new_groups(tables: Tables, tasks: Sequence[Path]) -> None:
    """Make ``known_groups``, and ``rest_members``: of all others what ``tasks`` did not read."""
    add_numbers(tables, _BEFORE, _NUMBERS, tasks)
    tables.make(statements("groupstates", states="group_states", numbers=_NUMBERS))
    tables.make(statements("knowngroups", states="group_states", known="known_groups"))
    tables.make((("rest_members", _REST),))


def read_new_members(tables: Tables, tasks: Sequence[Path]) -> None:
    """Make ``copied`` of what ``tasks`` read: the members of the groups that are not known."""
    tables.read("doubtful_members", COPIED, [path / ROWS for path in tasks])
    tables.make((("copied", _NEW_MEMBERS),))


def write_known(
    directory: Path, tables: Tables, groups: Iterable[tuple[int, Iterator[ClusterRow]]]
) -> None:
    """Write the rows of all groups: of those that are known, and of ``groups``, which are new.

    Raises:
        OutputError: the disk is full.
    """
    directory.mkdir(exist_ok=True)
    write_parquet(directory / TONIGHT, _NEW, _batches(groups))
    tables.read("new_groups", _NEW, [directory / TONIGHT])
    tables.make((("said_groups", _SAID),))
    tables.write(_ROWS, directory / ACROSS)


def write_same(directory: Path, tables: Tables, kept: Kept) -> None:
    """Write the rows of all groups of the night before, whose input is the same.

    Raises:
        OutputError: the disk is full.
    """
    directory.mkdir(exist_ok=True)
    tables.read("said_groups", GROUPS, kept.paths(GROUPS_FILE))
    tables.write(_ROWS, directory / ACROSS)


def _batches(groups: Iterable[tuple[int, Iterator[ClusterRow]]]) -> Iterator[pa.RecordBatch]:
    spelt = (pair for number, rows in groups for pair in _numbered(number, rows))
    while some := list(islice(spelt, _TOGETHER)):
        numbers, rows = zip(*some, strict=True)
        columns = [pa.array(numbers, pa.int64()), *group_columns(rows)]
        yield pa.RecordBatch.from_arrays(columns, schema=_NEW)


def _numbered(number: int, rows: Iterator[ClusterRow]) -> Iterator[tuple[int, ClusterRow | None]]:
    yield number, next(rows, None)
    yield from ((number, row) for row in rows)


def keep_known(kept: Kept, tables: Tables, following: Next) -> None:
    """Keep the pairs that were asked for tonight, the groups, and the numbers of their members.

    Raises:
        OutputError: the disk is full.
    """
    keep_rows("FROM asked_pairs", PAIRS_FILE, kept, tables, following)
    keep_rows("FROM said_groups", GROUPS_FILE, kept, tables, following)
    query = numbers_for_later(_NUMBERS, "group_members")
    keep_rows(query, MEMBERS_FILE, kept, tables, following)
