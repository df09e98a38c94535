"""The cheap pass: each slice of the input becomes a file of narrow facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from auditor.config import time_zone
from auditor.errors import OutputError
from auditor.model import InputFile, Rejection
from auditor.rules import Compiled
from auditor.runs.crowds import Crowds, crowd_asked
from auditor.runs.facts import POST_TEXTS, TABLES, facts_of
from auditor.runs.intake import KINDS, REJECTED, Intake
from auditor.runs.refused import Refused
from auditor.runs.request import AuditRequest
from auditor.runs.tasks import finish_task, plan_tasks, read_result, read_task
from auditor.runs.work import read_values, write_values
from auditor.sources import Kind, Slice, check_kind, read_slice
from auditor.sources.blocks import Desk
from auditor.sources.files import absolute
from auditor.sources.lines import BrokenError
from auditor.sources.schemas import shown_name
from auditor.sources.slices import ROWS, WRITING
from auditor.text import NotTextError, compiles, switch_loops


def screening_tasks(work: Path, slices: Sequence[Slice]) -> tuple[Path, ...]:
    """Return one task a slice."""
    return plan_tasks(work / "screen", {each.name: each.record() for each in slices})


def screen_slice(request: AuditRequest, compiled: Compiled, path: Path) -> None:
    """Do one screening task: read a slice, write its facts and the rows that were refused.

    Raises:
        InputError: the file cannot be read at all.
        OutputError: the disk is full.
    """
    each = Slice.of(read_task(path))
    # A whole slice: the input is large enough for loops to earn what loading them costs.
    if each.rows >= ROWS:
        switch_loops(True)
    try:
        told, rejected = _write_facts(request, compiled, each, path, unchecked_of(each.kind))
    except NotTextError:
        # Rare: once more, with a look at every text that tells which rows they are.
        told, rejected = _write_facts(request, compiled, each, path, ())
    write_values(path / REJECTED, rejected)
    finish_task(path, told)


def unchecked_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields whose bytes are not looked at in reading: folding does so as well.

    It spares .3 CPU s a million posts.
    """
    return POST_TEXTS if kind == "posts" and compiles() else ()


def _write_facts(
    request: AuditRequest, compiled: Compiled, each: Slice, path: Path, unchecked: Sequence[str]
) -> tuple[dict[str, Any], list[Rejection]]:
    rejected: list[Rejection] = []
    across = request.copies
    crowds = Crowds.read(path.parents[1], crowd_asked(compiled))
    desk = each.desk(time_zone(request.timezone), rejected.append)
    kept = 0
    try:
        with ExitStack() as stack:
            files = {
                name: stack.enter_context(
                    pa.parquet.ParquetWriter(absolute(facts_file(path, name)), schema, **WRITING)
                )
                for name, schema in TABLES[each.kind].items()
            }
            for batch in read_whole(each, desk, unchecked):
                if batch.num_rows:
                    facts = facts_of(
                        compiled, each.kind, batch, each.number, across=across, crowds=crowds
                    )
                    for name, rows in facts.items():
                        files[name].write_batch(rows)
                    kept += batch.num_rows
    except OSError as error:
        raise OutputError(f"cannot be written ({error})", str(path)) from error
    told = {
        "kind": each.kind,
        "file": each.file,
        "kept": kept,
        "unknown_fields": sorted(set(map(shown_name, desk.unknown))),
        "incomplete": desk.incomplete,
    }
    return told, rejected


def facts_file(path: Path, table: str) -> Path:
    """Return where a screening task writes the rows of a table."""
    return path / f"{table}.parquet"


def read_whole(
    each: Slice, desk: Desk, unchecked: Collection[str] = ()
) -> Iterator[pa.RecordBatch]:
    """Yield the good rows of a slice (``read_slice``); where it breaks off is told to the desk.

    Raises:
        InputError: the file cannot be read at all.
    """
    try:
        yield from read_slice(each, desk, unchecked)
    except BrokenError as error:
        desk.refuse_rest(error)


@dataclass
class Screened:
    """What all slices together told of the input; ``facts`` are the files of each table.

    ``reused`` counts the slices whose facts an earlier night left.
    """

    facts: dict[str, list[Path]]
    rejected: Refused
    inputs: tuple[InputFile, ...]
    unknown_fields: tuple[str, ...]
    incomplete: bool
    kept: Counter[Kind] = field(default_factory=Counter)
    reused: int = 0


def screened(
    request: AuditRequest, intake: Intake, paths: Sequence[Path], refused: Refused
) -> Screened:
    """Gather what the screening tasks told; the rows that they refused go to ``refused``.

    Raises:
        InputError: there were rows of a kind, and not one could be read.
    """
    facts: dict[str, list[Path]] = {name: [] for kind in KINDS for name in TABLES[kind]}
    rows: Counter[str] = Counter()
    found = Screened(facts, refused, (), (), intake.incomplete)
    for path in intake.rejected:
        refused.add(read_values(path, Rejection))
    unknown = set(intake.unknown_fields)
    for path in paths:
        result = read_result(path)
        kind: Kind = result["kind"]
        for name in TABLES[kind]:
            facts[name].append(facts_file(path, name))
        found.kept[kind] += result["kept"]
        rows[result["file"]] += result["kept"]
        unknown.update(result["unknown_fields"])
        found.incomplete = found.incomplete or result["incomplete"]
        refused.add(read_values(path / REJECTED, Rejection))
    if request.dataset is not None:
        for kind in KINDS:
            check_kind(request.dataset, kind, found.kept[kind], refused.firsts.get(kind))
    found.inputs = input_files(intake, rows)
    found.unknown_fields = tuple(sorted(unknown))
    return found


def input_files(intake: Intake, rows: Mapping[str, int]) -> tuple[InputFile, ...]:
    """Return all files of an input by name; ``rows`` counts the good rows of each read in place."""
    in_place = [
        InputFile(path=name, sha256=sha256, rows=rows[name])
        for name, sha256 in intake.digests.items()
    ]
    return tuple(sorted((*intake.inputs, *in_place), key=lambda file: file.path))
