"""Files and slices that an earlier night saw too: what was made of them is not made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from auditor.errors import InputError
from auditor.model import Rejection
from auditor.runs.facts import LINE_BITS, TABLES
from auditor.runs.intake import REJECTED, Intake, file_source
from auditor.runs.kept import Kept, Next, place_file
from auditor.runs.request import AuditRequest
from auditor.runs.screening import facts_file
from auditor.runs.tasks import finish_task, is_done, read_result, read_task
from auditor.runs.work import read_values, write_values
from auditor.sources import Slice, write_parquet
from auditor.sources.files import absolute, suffix_of
from auditor.sources.parquet import digest, digest_groups

READINGS = "readings"
SCREENS = "screens"
PLACES = "places"
"""The keys of slices of Parquet files, by file, row groups and the rows before them."""


def reading_key(kind: str, path: Path, sha256: str) -> str:
    """Return by what a text file that was laid down is known again: kind, form and content."""
    return f"{kind}-{sha256}{suffix_of(path) or ''}"


def with_keys(intake: Intake, kept: Kept) -> Intake:
    """Return the intake with the key of each slice: what its facts depend on, but for the rules.

    That of a slice of a Parquet file is known by its place while the file is the same; else the
    bytes of its row groups are digested, which a file that only grew has as before.
    """
    known = kept.records(PLACES)
    slices = (
        replace(each, key=known.get(_place(each, intake)) or _slice_key(each, intake))
        for each in intake.slices
    )
    return replace(intake, slices=tuple(slices))


def _slice_key(each: Slice, intake: Intake) -> str:
    if each.groups is None:
        return _key(each.kind, digest(each.path))
    try:
        return _key(each.kind, digest_groups(each.path, each.groups), each.before)
    except InputError:
        # Of a damaged file the rows that can be read are told when it is screened.
        return _place(each, intake)


def _place(each: Slice, intake: Intake) -> str:
    return _key(each.kind, intake.digests.get(each.file), each.groups, each.before)


def _key(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def reuse_readings(request: AuditRequest, kept: Kept, tasks: Sequence[Path]) -> None:
    """Finish the reading tasks of files whose content was laid down on an earlier night.

    Raises:
        OutputError: the disk is full.
    """
    records = kept.records(READINGS)
    for path in tasks:
        task = {} if is_done(path) else read_task(path)
        if not task or not records:
            continue
        file = Path(task["path"])
        record = records.get(reading_key(task["kind"], file, digest(file)))
        if record is not None:
            _reuse_reading(
                file_source(request, task["kind"], file).name_of(file), record, kept, path
            )


def _reuse_reading(name: str, record: dict[str, Any], kept: Kept, path: Path) -> None:
    slices = []
    for each in record["slices"]:
        target = path / Path(each["path"]).name
        place_file(kept.path / each["path"], target)
        slices.append(each | {"path": str(target), "file": name})
    _reuse_rejected(name, kept.path / record["rejected"], path / REJECTED)
    inputs = [record["input"] | {"path": name}]
    told = {key: record[key] for key in ("unknown_fields", "incomplete")}
    finish_task(path, {"slices": slices, "inputs": inputs, **told})


def _reuse_rejected(name: str, source: Path, target: Path) -> None:
    rows = read_values(source, Rejection)
    write_values(target, [row.model_copy(update={"file": name}) for row in rows])


def keep_readings(work: Path, following: Next) -> None:
    """Keep what was laid down of text files; of a store only the facts are kept."""
    told: dict[str, Any] = {}
    for path in sorted((work / "read").glob("*")):
        task, result = read_task(path), read_result(path)
        if not task or not result["inputs"]:
            continue
        (file,) = result["inputs"]
        key = reading_key(task["kind"], Path(task["path"]), file["sha256"])
        slices = []
        for each in result["slices"]:
            name = f"read/{key}/{Path(each['path']).name}"
            following.add(Path(each["path"]), name)
            slices.append(each | {"path": name})
        following.add(path / REJECTED, f"read/{key}/{REJECTED}")
        told[key] = {
            "slices": slices,
            "input": file,
            "rejected": f"read/{key}/{REJECTED}",
            "unknown_fields": result["unknown_fields"],
            "incomplete": result["incomplete"],
        }
    following.told[READINGS] = told


def reuse_screens(kept: Kept, tasks: Sequence[Path]) -> int:
    """Finish the screening tasks of slices that an earlier night saw; return how many it saw.

    Raises:
        OutputError: the disk is full.
    """
    records = kept.records(SCREENS)
    seen = 0
    for path in tasks:
        each = Slice.of(read_task(path))
        record = records.get(each.key)
        seen += record is not None
        if record is not None and not is_done(path):
            _reuse_screen(each, record, kept.path / "screen" / each.key, path)
    return seen


def _reuse_screen(each: Slice, record: dict[str, Any], source: Path, path: Path) -> None:
    for table in TABLES[each.kind]:
        place_file(facts_file(source, table), facts_file(path, table))
        if record["number"] != each.number:
            _renumber(facts_file(path, table), each.number)
    _reuse_rejected(each.file, source / REJECTED, path / REJECTED)
    finish_task(path, record["result"] | {"file": each.file})


def _renumber(path: Path, number: int) -> None:
    """Write facts anew for a slice that stands at another place in the input."""
    table = pa.parquet.read_table(absolute(path))
    for name in {"slice", "post"} & set(table.column_names):
        place = table.column_names.index(name)
        made = pa.repeat(pa.scalar(number, pa.int32()), table.num_rows)
        if name == "post":
            lines = table.column(name).to_numpy() & ((np.int64(1) << LINE_BITS) - 1)
            made = pa.array((np.int64(number) << np.int64(LINE_BITS)) + lines)
        table = table.set_column(place, name, made)
    path.unlink()
    write_parquet(path, table.schema, table.to_batches())


def keep_screens(work: Path, intake: Intake, following: Next) -> None:
    """Keep the facts of every slice, and the rows of it that were refused."""
    told: dict[str, Any] = {}
    for each in intake.slices:
        path = work / "screen" / each.name
        if each.key in told:
            continue
        for table in TABLES[each.kind]:
            following.add(facts_file(path, table), f"screen/{each.key}/{table}.parquet")
        following.add(path / REJECTED, f"screen/{each.key}/{REJECTED}")
        told[each.key] = {"number": each.number, "result": read_result(path)}
    following.told[SCREENS] = told
    following.told[PLACES] = {
        _place(each, intake): each.key for each in intake.slices if each.groups
    }
