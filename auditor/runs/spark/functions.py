"""What a worker of Spark makes of rows: the same pure functions as on one machine.

Every function here returns what goes to ``mapInArrow`` over the rows of one kind, where they lie.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from auditor.copies import jaccards, packed_keys, signed_texts
from auditor.runs.across import compared, groups_of, rows_of
from auditor.runs.copying import contents_of, marks_of, members_of
from auditor.runs.facts import ACCOUNT_FACTS, CHANGE_FACTS, POST_FACTS, SKETCHES, facts_of
from auditor.runs.facts import post_number as number_of
from auditor.runs.fetching import CONTENT_ROWS, spelt
from auditor.runs.groups import group_batches
from auditor.runs.spark.rows import Batches, Faults, Settled, Work, Worker
from auditor.runs.spark.rulebook import Shared, compiled_of
from auditor.sources import KINDS, LOCATED, Kind
from auditor.sources.keys import account_keys, joined
from auditor.sources.schemas import shown_name
from auditor.sources.slices import ROWS
from auditor.text import switch_loops, text_digests

Found = Iterable[Settled | Faults]

_SKETCH = [field for field in SKETCHES if field.name not in ("post", "account")]
_NOTE = pa.field("note", pa.string())


def _number(name: str) -> pa.Field:
    return pa.field(name, pa.int64())


IDENTITY = "identity"
"""64 bits of what names a post, its account and id: few posts share them with another."""

SCREENED: dict[Kind, pa.Schema] = {
    "accounts": pa.schema([*ACCOUNT_FACTS, _NOTE]),
    "posts": pa.schema(
        [
            *POST_FACTS,
            pa.field("author", pa.int64()),
            *_SKETCH,
            pa.field(IDENTITY, pa.int64()),
            _NOTE,
        ]
    ),
    "changes": pa.schema([*CHANGE_FACTS, _NOTE]),
}
"""Facts of rows, those of the sketch beside them; or a note (JSON) on what was refused."""

ALIKE = pa.schema([("left_post", pa.int64()), ("right_post", pa.int64())])


def wire(kind: Kind) -> pa.Schema:
    """Return the form in which rows of a kind travel: times as microseconds."""
    fields = (
        field.with_type(pa.int64()) if pa.types.is_timestamp(field.type) else field
        for field in LOCATED[kind]
    )
    return pa.schema(list(fields))


WIRED: dict[Kind, pa.Schema] = {
    kind: pa.schema([("account", pa.string()), ("row", pa.struct(list(wire(kind))))])
    for kind in KINDS
}
"""Wanted rows on their way to their account."""


def screen(kind: Kind, shared: Shared) -> Work:
    """Return what turns rows into facts (``SCREENED``)."""
    schema = SCREENED[kind]

    def work(found: Found) -> Iterator[pa.RecordBatch]:
        """Yield the facts of rows, and of faults a note each."""
        compiled, rows = compiled_of(shared), 0
        for each in found:
            if isinstance(each, Faults):
                if notes := _notes(each):
                    yield pa.RecordBatch.from_pylist(notes, schema=schema)
            elif each.rows.num_rows:
                if (rows := rows + each.rows.num_rows) >= ROWS:
                    switch_loops(True)
                yield _wide(facts_of(compiled, kind, each.rows, each.number), schema)

    return work


def _notes(faults: Faults) -> list[dict[str, object]]:
    told: list[tuple[int | None, dict[str, object]]] = [
        (fault.line, {"reason": fault.reason}) for fault in faults.refused
    ]
    if faults.unknown:
        told.append((None, {"unknown": sorted(map(shown_name, faults.unknown))}))
    if faults.incomplete:
        told.append((None, {"incomplete": True}))
    return [
        {"slice": faults.number, "line": line, "note": json.dumps(note, ensure_ascii=False)}
        for line, note in told
    ]


def _wide(facts: dict[str, pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """Put the sketch of each post beside its other facts."""
    narrow, *sketches = facts.values()
    columns = {name: narrow.column(name) for name in narrow.schema.names}
    for sketch in sketches:
        place = pc.index_in(narrow.column("post"), value_set=sketch.column("post"))
        columns["author"] = sketch.column("account").take(place)
        columns |= {field.name: sketch.column(field.name).take(place) for field in _SKETCH}
    if IDENTITY in schema.names:
        names = joined(columns["account"], columns["post_id"]).to_pylist()
        columns[IDENTITY] = pa.array(text_digests(names))
    columns["note"] = pa.nulls(narrow.num_rows, pa.string())
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _good(found: Found) -> Iterator[Settled]:
    return (each for each in found if isinstance(each, Settled) and each.rows.num_rows)


def spell(kind: Kind) -> Work:
    """Return what spells rows in doubt out (``CONTENT_ROWS``)."""

    def work(found: Found) -> Iterator[pa.RecordBatch]:
        """Yield the rows, spelt out."""
        for each in _good(found):
            yield spelt(kind, each.rows, each.number).cast(CONTENT_ROWS)

    return work


def send(kind: Kind) -> Work:
    """Return what sends wanted rows on their way (``WIRED``)."""

    def work(found: Found) -> Iterator[pa.RecordBatch]:
        """Yield the rows under the key of their account."""
        for each in _good(found):
            plain = each.rows.cast(wire(kind))
            row = pa.StructArray.from_arrays(plain.columns, fields=list(plain.schema))
            yield pa.RecordBatch.from_arrays([account_keys(each.rows), row], schema=WIRED[kind])

    return work


def read_texts(found: Found) -> Iterator[pa.RecordBatch]:
    """Yield the content characters of posts (``TEXTS``)."""
    for each in _good(found):
        yield signed_texts(_posts(each), contents_of(each.rows))


def read_members(shared: Shared) -> Work:
    """Return what marks the posts of groups (``COPIED``); told are ``cluster`` and ``verified``."""

    def work(found: Found) -> Iterator[pa.RecordBatch]:
        """Yield the posts with their groups and marks."""
        marker = marks_of(compiled_of(shared))
        for each in _good(found):
            if each.told is None:
                raise AssertionError("members are asked for with their groups")
            verified = each.told.column("verified").to_pylist()
            clusters = each.told.column("cluster")
            yield members_of(marker, each.rows, _posts(each), clusters, verified)

    return work


def _posts(each: Settled) -> pa.Array:
    return pa.array(number_of(each.number, each.rows.column("row_line").to_numpy()))


def pack(parts: int) -> Worker:
    """Return what packs the keys of posts into so many parts (``PIECES``)."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield pieces, those of a slice's worth of posts together."""
        held: list[pa.RecordBatch] = []
        for batch in batches:
            held.append(batch)
            if sum(each.num_rows for each in held) >= ROWS:
                yield from packed_keys(pa.Table.from_batches(held), parts)
                held = []
        if held:
            yield from packed_keys(pa.Table.from_batches(held), parts)

    return work


def compare(least_likeness: float) -> Worker:
    """Return what keeps the pairs of texts that are alike (``ALIKE``)."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield the pairs that are alike."""
        for batch in batches:
            left, right, one, other = batch.columns
            near = jaccards(one.to_pylist(), other.to_pylist()) >= least_likeness
            pairs = pa.RecordBatch.from_arrays([left, right], schema=ALIKE)
            yield pairs.filter(pa.array(np.asarray(near)))

    return work


def compare_members(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the members of groups beside the first of each (``COMPARED``)."""
    yield from map(compared, batches)


def group(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the rows of groups (``GROUP_ROWS``); the members of one come together, in order."""
    yield from group_batches(rows_of(groups_of(batches)))
