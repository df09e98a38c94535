"""Groups of copies across accounts, from the sketches of all posts to the rows of clusters.csv.

No finding is made of them (fairness, section 2): a group says nothing about a relation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from auditor.copies import (
    CONTENTS,
    FIRSTS,
    MEMBERS,
    WANTED_TEXTS,
    Member,
    cluster_of,
    jaccards,
    limits,
    names_first,
    shared_members,
)
from auditor.model import ClusterRow
from auditor.runs.copying import COPIED, ROWS, TEXTS
from auditor.runs.fetching import fetching_tasks
from auditor.runs.intake import Intake
from auditor.runs.pool import Workers
from auditor.runs.stages import Stages
from auditor.runs.statements import statements
from auditor.runs.tables import Tables
from auditor.runs.worker import copied_task, text_task

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MEMBERS = "FROM beside_firsts ORDER BY cluster, post_key"


def copies_across(
    work: Path, tables: Tables, intake: Intake, workers: Workers, stages: Stages
) -> list[ClusterRow]:
    """Return the rows of all groups, in no order; reads ``sketches`` and ``buckets``.

    Raises:
        OutputError: the disk is full.
    """
    known = limits()
    slices = [each for each in intake.slices if each.kind == "posts"]
    wanted, members, beside = statements("copied")
    with stages.measured("link"):
        tables.make((CONTENTS, WANTED_TEXTS, wanted))
    tasks = fetching_tasks(work / "texts", slices, tables.rows("FROM wanted_contents"))
    stages.run("texts", workers, tasks, text_task)
    with stages.measured("link"):
        tables.read("texts", TEXTS, [path / ROWS for path in tasks])
        tables.link(known.least_likeness)
        tables.make((MEMBERS, shared_members(known.least_accounts), members))
    tasks = fetching_tasks(work / "copied", slices, tables.rows("FROM wanted_members"))
    stages.run("copied", workers, tasks, copied_task)
    with stages.measured("link"):
        tables.read("copied", COPIED, [path / ROWS for path in tasks])
        tables.make((FIRSTS, beside))
        clusters = groupby(_members(tables), key=itemgetter(0))
        return [
            row
            for _, group in clusters
            for row in cluster_of([member for _, member in group], known).rows
        ]


def _members(tables: Tables) -> Iterator[tuple[int, Member]]:
    for batch in tables.stream(_MEMBERS):
        rows = batch.to_pylist()
        near = jaccards([row["content"] for row in rows], [row["first_content"] for row in rows])
        for row, likeness in zip(rows, near.tolist(), strict=True):
            yield row["cluster"], _member(row, likeness)


def _member(row: dict[str, Any], likeness: float) -> Member:
    marks = tuple(row["marks"])
    if names_first(row["text"], [row["first_name"]]):
        marks = (*marks, "names_first")
    micros = row["published_at"]
    return Member(
        account=row["account"],
        post=row["post_key"],
        published_at=None if micros is None else _EPOCH + timedelta(microseconds=micros),
        likeness=likeness,
        marks=marks,
    )
