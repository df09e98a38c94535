"""Groups of copies across accounts, from the sketches of all posts to the rows of clusters.csv.

No finding is made of them (fairness, section 2): a group says nothing about a relation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from auditor.copies import (
    FIRSTS,
    MEMBERS,
    TEXTS,
    Member,
    Step,
    cluster_of,
    jaccards,
    limits,
    names_first,
    shared_members,
)
from auditor.model import ClusterRow
from auditor.runs.candidates import LAID_TEXTS
from auditor.runs.copying import COPIED, COPIES, MORE_COPIES, ROWS
from auditor.runs.fetching import FETCHED, fetching_tasks
from auditor.runs.groups import ACROSS, write_groups
from auditor.runs.intake import Intake
from auditor.runs.kept import Kept
from auditor.runs.knowngroups import (
    PAIRS,
    find_doubtful_members,
    find_new_groups,
    read_known,
    read_new_members,
    read_verdicts,
    write_known,
    write_same,
)
from auditor.runs.stages import Running
from auditor.runs.statements import statements
from auditor.runs.tables import Tables
from auditor.runs.worker import copied_task, text_task
from auditor.sources import write_parquet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COMPARED = pa.schema(
    [
        ("cluster", pa.int64()),
        ("account", pa.string()),
        ("post_key", pa.string()),
        ("published_at", pa.int64()),
        ("likeness", pa.float64()),
        ("marks", pa.list_(pa.string())),
    ]
)
"""The members of groups without their texts, compared with the first of each group."""

_COMPARED = "SELECT * FROM compared_members ORDER BY cluster, post_key"
_FILE = "compared.parquet"
_TOGETHER = 2_048
"""Members whose texts are in memory at a time, each beside that of the first."""

_LAID = "texts"
"""The table of the texts that were laid down beside what was judged."""

_LACKING = """
    SELECT p.slice, p.line FROM posts p JOIN (
      SELECT left_post AS post FROM {pairs} UNION SELECT right_post FROM {pairs}
      EXCEPT SELECT post FROM {laid}
    ) w ON w.post = p.post
"""

Group = tuple[int, Iterator[ClusterRow]]
"""The number of a group, of tonight, and its rows as they are asked for; none if it is left out."""


class Across:
    """The stage that lists copies across accounts; with ``kept``, what is known is not read anew.

    Reads ``posts``, what ``candidates.with_candidates`` made, and what its tasks laid down.
    """

    def __init__(self, run: Running, tables: Tables, intake: Intake) -> None:
        self._run = run
        self._tables = tables
        self._slices = [each for each in intake.slices if each.kind == "posts"]

    def write(self, directory: Path) -> None:
        """Write the rows of all groups, in no order.

        Raises:
            OutputError: the disk is full.
        """
        if self._run.kept is not None and self._run.kept.same:
            with self._run.stages.measured("link"):
                write_same(directory, self._tables, self._run.kept)
            return
        known, tables, stages = limits(), self._tables, self._run.stages
        wanted_members, *beside = statements("copied")
        with stages.measured("link"):
            paths = sorted((self._run.work / FETCHED).glob(f"*/{LAID_TEXTS}"))
            tables.read(_LAID, TEXTS, paths)
            if self._run.kept is None:
                tables.link(known.least_likeness)
            else:
                self._link_again(self._run.kept)
        with stages.measured("link"):
            tables.make((MEMBERS, shared_members(known.least_accounts)))
            if self._run.kept is None:
                tables.make((wanted_members,))
            else:
                find_doubtful_members(tables)
        tasks = self._fetch(COPIES, "wanted_members")
        if self._run.kept is not None:
            with stages.measured("link"):
                find_new_groups(tables, tasks)
            tasks += self._fetch(MORE_COPIES, "rest_members")
        with stages.measured("link"):
            if self._run.kept is None:
                tables.read("copied", COPIED, [path / ROWS for path in tasks])
            else:
                read_new_members(tables, tasks)
            tables.make((FIRSTS, *beside), views=("beside_firsts",))
            self._compare(directory)
            groups = groups_of(tables.stream(_COMPARED))
            if self._run.kept is None:
                write_groups(directory / ACROSS, rows_of(groups))
            else:
                write_known(directory, tables, groups)

    def _fetch(self, directory: str, members: str) -> tuple[Path, ...]:
        """Read the members of groups that a table names; return the tasks."""
        rows = self._tables.rows(f"FROM {members}")
        tasks = fetching_tasks(self._run.work / directory, self._slices, rows)
        self._run.do("copied", tasks, copied_task)
        return tasks

    def _compare(self, directory: Path) -> None:
        """Fill ``compared_members``: texts are compared as they come, and only numbers sorted."""
        directory.mkdir(exist_ok=True)
        beside = self._tables.stream("FROM beside_firsts", _TOGETHER)
        write_parquet(directory / _FILE, COMPARED, map(compared, beside))
        self._tables.read("compared_members", COMPARED, [directory / _FILE])

    def _link_again(self, kept: Kept) -> None:
        """Compare the texts of pairs that no earlier night compared: on a first night, of all."""
        if not kept.files:
            read_verdicts(kept, self._tables)
        read_known(kept, self._tables)
        steps = self._tables.link_again(limits().least_likeness, self._texts_of)
        self._tables.make((("asked_pairs", " UNION ".join(map(_verdicts, steps))),))

    def _texts_of(self, pairs: Step) -> str:
        """Return the table with the texts of pairs; what was not laid down is read now."""
        query = _LACKING.format(pairs=pairs.name, laid=_LAID)
        name = f"texts_{pairs.name}"
        tasks = fetching_tasks(self._run.work / name, self._slices, self._tables.rows(query))
        if not tasks:
            return _LAID
        self._run.do("texts", tasks, text_task)
        self._tables.read(f"more_{name}", TEXTS, [path / ROWS for path in tasks])
        both = f"FROM {_LAID} UNION ALL FROM more_{name}"
        self._tables.make(((name, both),), views=(name,))
        return name


def _verdicts(pairs: Step) -> str:
    query = "SELECT {columns} FROM {pairs}"
    return query.format(columns=", ".join(PAIRS.names), pairs=pairs.name)


def rows_of(groups: Iterator[Group]) -> Iterator[ClusterRow]:
    """Return the rows of groups, in their order."""
    return (row for _, rows in groups for row in rows)


def groups_of(batches: Iterable[pa.RecordBatch]) -> Iterator[Group]:
    """Yield each group by its number with its rows.

    ``batches`` are rows of ``COMPARED``, those of a group together and by ``post_key``.
    """
    known = limits()
    for cluster, group in groupby(_members(batches), key=itemgetter(0)):
        yield cluster, cluster_of([member for _, member in group], known).rows()


def compared(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows of ``beside_firsts``, in any order, as ``COMPARED``."""
    columns = {name: batch.column(name) for name in batch.schema.names}
    columns["likeness"] = pa.array(
        jaccards(columns["content"].to_pylist(), columns["first_content"].to_pylist())
    )
    texts, names = columns["text"].to_pylist(), columns["first_name"].to_pylist()
    marks = [
        [*own, "names_first"] if names_first(text, [name]) else own
        for own, text, name in zip(columns["marks"].to_pylist(), texts, names, strict=True)
    ]
    columns["marks"] = pa.array(marks, pa.list_(pa.string()))
    return pa.RecordBatch.from_arrays([columns[name] for name in COMPARED.names], schema=COMPARED)


def _members(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, Member]]:
    account = ""
    for batch in batches:
        for row in batch.to_pylist():
            # Posts of one account stand together: its name is held once.
            account = account if row["account"] == account else row["account"]
            yield row["cluster"], _member(account, row)


def _member(account: str, row: dict[str, Any]) -> Member:
    micros = row["published_at"]
    return Member(
        account=account,
        post=row["post_key"],
        published_at=None if micros is None else _EPOCH + timedelta(microseconds=micros),
        likeness=row["likeness"],
        marks=tuple(row["marks"]),
    )
