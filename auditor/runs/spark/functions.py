"""What a worker of Spark does with batches of rows: the same pure functions as on one machine.

Every function here goes to ``mapInArrow``: batches in, batches out, nothing grouped in memory but
the wanted rows of some hundred accounts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from auditor.config import time_zone
from auditor.copies import jaccards
from auditor.model import Rejection
from auditor.references import References
from auditor.rules import Compiled, Language, Ruleset, compile_ruleset
from auditor.runs.copying import TEXTS, contents_of, marks_of, members_of
from auditor.runs.facts import ACCOUNT_FACTS, CHANGE_FACTS, POST_FACTS, SKETCHES, facts_of
from auditor.runs.fetching import CONTENT_ROWS, spelt
from auditor.runs.judging import PartJudged, judge_columns
from auditor.sources import KINDS, LOCATED, Kind, Tally, columns_of
from auditor.sources.blocks import Desk
from auditor.sources.keys import account_keys
from auditor.sources.parquet import TableBlock

Batches = Iterable[pa.RecordBatch]
Worker = Callable[[Batches], Iterator[pa.RecordBatch]]

PLACE = ("row_path", "row_number")
"""Columns beside the contract's: the file of a row (null for tables), and its place in there."""

TOGETHER = 256
"""Accounts that are judged together."""

_SKETCH = [field for field in SKETCHES if field.name not in ("post", "account")]
REASON = pa.field("reason", pa.string())

SCREENED: dict[Kind, pa.Schema] = {
    "accounts": pa.schema([*ACCOUNT_FACTS, REASON]),
    "posts": pa.schema([*POST_FACTS, pa.field("author", pa.int64()), *_SKETCH, REASON]),
    "changes": pa.schema([*CHANGE_FACTS, REASON]),
}
"""Facts of rows, those of the sketch beside them; of a refused row only its place and reason."""

ALIKE = pa.schema([("left_post", pa.int64()), ("right_post", pa.int64())])

JUDGED = pa.schema(
    [
        ("kind", pa.string()),
        ("account", pa.string()),
        ("place", pa.int32()),
        ("value", pa.string()),
    ]
)
"""What judging gives: findings, accounts and clusters as JSON, and a tally of each task."""


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


class Shared(Protocol):
    """A broadcast value."""

    value: Rulebook


class Rulebook(NamedTuple):
    """Rules and references as they are sent to workers, which compile them once a process."""

    key: str
    ruleset: Ruleset
    references: References
    language: Language


def rulebook(compiled: Compiled) -> Rulebook:
    """Return what workers compile again; the compiled form is ten times as large."""
    references = compiled.resources.references
    words = f"{compiled.ruleset.sha256} {references.sha256} {compiled.language}"
    key = hashlib.sha256(words.encode()).hexdigest()
    return Rulebook(key, compiled.ruleset, references, compiled.language)


_compiled: dict[str, Compiled] = {}


def compiled_of(shared: Shared) -> Compiled:
    """Compile what was broadcast, once in a process."""
    book = shared.value
    if book.key not in _compiled:
        _compiled.clear()
        _compiled[book.key] = compile_ruleset(book.ruleset, book.references, book.language)
    return _compiled[book.key]


@dataclass(frozen=True)
class Origin:
    """Where rows of a kind come from: a table, or files by their paths, in the order of names."""

    kind: Kind
    files: tuple[str, ...]
    timezone: str | None
    name: str

    def number(self, path: str | None) -> int:
        """Return the number of a file; a table is number 0."""
        return _numbers(self.files)[path_of(path)] if path is not None else 0


@cache
def _numbers(files: tuple[str, ...]) -> dict[str, int]:
    return {path: number for number, path in enumerate(files)}


def path_of(uri: str) -> str:
    """Return the path of a file as the driver spells it; Spark gives a URI."""
    return unquote(urlsplit(uri).path)


class Settled(NamedTuple):
    """The good rows of one file in a batch, in the canonical form, and what was refused."""

    number: int
    rows: pa.RecordBatch
    refused: list[Rejection]


def settled(origin: Origin, batches: Batches) -> Iterator[Settled]:
    """Validate rows as they come, file by file."""
    for batch in batches:
        paths = batch.column(PLACE[0])
        lines = batch.column(PLACE[1]).to_numpy()
        plain = pa.Table.from_batches([batch]).drop_columns(list(PLACE))
        for start, stop in _runs(paths):
            refused: list[Rejection] = []
            desk = Desk(origin.kind, "", time_zone(origin.timezone), refused.append, set())
            numbers = lines[start:stop].tolist()
            block = TableBlock(origin.kind, plain.slice(start, stop - start), numbers)
            rows = desk.settle(block)
            yield Settled(origin.number(paths[start].as_py()), rows, refused)


def _runs(paths: pa.Array) -> Iterator[tuple[int, int]]:
    """Yield the ranges of rows that come from one file."""
    if not len(paths):
        return
    codes = pc.fill_null(paths.dictionary_encode().indices, -1).to_numpy()
    cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    yield from zip(cuts, cuts[1:], strict=False)


def screen(origin: Origin, shared: Shared) -> Worker:
    """Return what turns rows into facts (``SCREENED``)."""
    schema = SCREENED[origin.kind]

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        compiled = compiled_of(shared)
        for number, rows, refused in settled(origin, batches):
            if rows.num_rows:
                yield _wide(facts_of(compiled, origin.kind, rows, number), schema)
            if refused:
                told = [
                    {"slice": number, "line": one.line, "reason": one.reason} for one in refused
                ]
                yield pa.RecordBatch.from_pylist(told, schema=schema)

    return work


def _wide(facts: dict[str, pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """Put the sketch of each post beside its other facts."""
    narrow, *sketches = facts.values()
    columns = {name: narrow.column(name) for name in narrow.schema.names}
    for sketch in sketches:
        place = pc.index_in(narrow.column("post"), sketch.column("post"))
        columns["author"] = sketch.column("account").take(place)
        columns |= {field.name: sketch.column(field.name).take(place) for field in _SKETCH}
    columns["reason"] = pa.nulls(narrow.num_rows, pa.string())
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def spell(origin: Origin) -> Worker:
    """Return what spells rows in doubt out (``CONTENT_ROWS``)."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        for number, rows, _ in settled(origin, batches):
            yield spelt(origin.kind, rows, number).cast(CONTENT_ROWS)

    return work


def send(origin: Origin) -> Worker:
    """Return what sends wanted rows on their way (``WIRED``)."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        for _, rows, _ in settled(origin, batches):
            plain = rows.cast(wire(origin.kind))
            struct = pa.StructArray.from_arrays(plain.columns, fields=list(plain.schema))
            yield pa.RecordBatch.from_arrays(
                [account_keys(rows), struct], schema=WIRED[origin.kind]
            )

    return work


def read_texts(origin: Origin) -> Worker:
    """Return what gives the content characters of posts (``TEXTS``)."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        for number, rows, _ in settled(origin, batches):
            arrays = [pa.array(_posts(number, rows)), contents_of(rows)]
            yield pa.RecordBatch.from_arrays(arrays, schema=TEXTS)

    return work


def _posts(number: int, rows: pa.RecordBatch) -> npt.NDArray[np.int64]:
    from auditor.runs.facts import post_number

    return post_number(number, rows.column("row_line").to_numpy())


def read_members(origin: Origin, shared: Shared) -> Worker:
    """Return what marks the posts of groups (``COPIED``).

    Beside the row stand its ``cluster`` and whether its account is ``verified``.
    """

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        marker = marks_of(compiled_of(shared))
        for batch in batches:
            told = batch.select([*PLACE, "cluster", "verified_as"]).to_pylist()
            known = {(row[PLACE[0]], row[PLACE[1]]): row for row in told}
            plain = batch.drop_columns(["cluster", "verified_as"])
            by_number = {(origin.number(path), line): row for (path, line), row in known.items()}
            for number, rows, _ in settled(origin, [plain]):
                own = [by_number[number, line] for line in rows.column("row_line").to_pylist()]
                clusters = pa.array([row["cluster"] for row in own], pa.int64())
                verified = [row["verified_as"] for row in own]
                posts = pa.array(_posts(number, rows))
                yield members_of(marker, rows, posts, clusters, verified)

    return work


def compare(least_likeness: float) -> Worker:
    """Return what keeps the pairs of texts that are alike (``ALIKE``)."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            left, right, one, other = batch.columns
            near = jaccards(one.to_pylist(), other.to_pylist()) >= least_likeness
            pairs = pa.RecordBatch.from_arrays([left, right], schema=ALIKE)
            yield pairs.filter(pa.array(near))

    return work


def judge(shared: Shared, now: datetime) -> Worker:
    """Return what judges accounts (``JUDGED``); the rows of one stand together."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        compiled = compiled_of(shared)
        whole = PartJudged()
        for rows in _whole_accounts(batches):
            part = judge_columns(compiled, _columns(rows), now)
            yield _values(part)
            for name in ("fired", "silenced", "open", "gaps"):
                getattr(whole, name).update(getattr(part, name))
            whole.failures += part.failures
            whole.posts += part.posts
        yield _tally(whole)

    return work


def _whole_accounts(batches: Batches) -> Iterator[pa.Table]:
    """Yield the rows of some hundred whole accounts at a time."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        held.append(batch)
        table = pa.Table.from_batches(held)
        keys = table.column("account").combine_chunks().dictionary_encode()
        if len(keys.dictionary) <= TOGETHER:
            continue
        codes = keys.indices.to_numpy()
        cut = int(np.searchsorted(codes, codes[-1]))
        yield table.slice(0, cut)
        held = table.slice(cut).to_batches()
    if held:
        yield pa.Table.from_batches(held)


def _columns(rows: pa.Table) -> Any:
    tables = {kind: _rows_of(rows, kind) for kind in KINDS}
    owners = rows.filter(pc.is_valid(rows.column("seen")))
    told = zip(
        *(owners.column(name).to_pylist() for name in ("account", "seen", "alike")), strict=True
    )
    tallies = {account: Tally(seen, alike) for account, seen, alike in told}
    return columns_of(tables["accounts"], tables["posts"], tables["changes"], _lost, tallies)


def _rows_of(rows: pa.Table, kind: Kind) -> pa.Table:
    own = rows.column(kind).combine_chunks()
    own = own.filter(own.is_valid())
    plain = pa.RecordBatch.from_struct_array(own) if len(own) else None
    table = pa.Table.from_batches(
        [plain] if plain else [], schema=(plain and plain.schema) or wire(kind)
    )
    return table.cast(LOCATED[kind])


def _lost(rejection: Rejection) -> None:
    """Rows of one key that say the same: told before, where they differ."""
    del rejection


def _values(part: PartJudged) -> pa.RecordBatch:
    rows: list[tuple[str, str, int, str]] = []
    for place, finding in enumerate(part.findings):
        rows.append(("finding", finding.account_id, place, finding.model_dump_json()))
    rows.extend(("account", row.account_id, 0, row.model_dump_json()) for row in part.accounts)
    for place, cluster in enumerate(part.clusters):
        rows.append(("cluster", cluster.account_id, place, cluster.model_dump_json()))
    return _judged(rows)


def _tally(whole: PartJudged) -> pa.RecordBatch:
    told = {
        "fired": dict(whole.fired),
        "silenced": dict(whole.silenced),
        "open": dict(whole.open),
        "gaps": [[list(key), count] for key, count in sorted(whole.gaps.items())],
        "failures": whole.failures,
        "posts": whole.posts,
    }
    return _judged([("tally", "", 0, json.dumps(told, ensure_ascii=False))])


def _judged(rows: list[tuple[str, str, int, str]]) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True)) or [()] * len(JUDGED)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, JUDGED, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=JUDGED)
