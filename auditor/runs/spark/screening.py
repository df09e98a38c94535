"""How a worker of Spark screens rows: facts a row each, and in pieces what several may share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from auditor.copies import BANDS, PIECES, packed_keys
from auditor.rules.blobs import text_column_digests
from auditor.runs.facts import (
    ACCOUNT_FACTS,
    CHANGE_FACTS,
    POST_FACTS,
    SKETCHES,
    Facts,
    facts_of,
    joined_batch,
)
from auditor.runs.spark.rows import Faults, Settled, Work
from auditor.runs.spark.rulebook import Shared, compiled_of
from auditor.runs.statements import DIGESTS, NAMES
from auditor.sources import Kind
from auditor.sources.keys import joined
from auditor.sources.schemas import shown_name
from auditor.sources.slices import ROWS
from auditor.text import switch_loops

_NOTE = pa.field("note", pa.string())
_SKETCH = ("author", "digest_high", "digest_low", "bits")

SCREENED: dict[Kind, pa.Schema] = {
    "accounts": pa.schema([*ACCOUNT_FACTS, _NOTE]),
    "posts": pa.schema(
        [*POST_FACTS, *(pa.field(name, pa.int64()) for name in _SKETCH), _NOTE, *PIECES]
    ),
    "changes": pa.schema([*CHANGE_FACTS, _NOTE]),
}
"""Facts of rows; or a note (JSON) on what was refused; or a piece of the keys of many posts.

Beside the facts of a post that is long enough stand its account (``author``), digest and bits.
"""


def screen(kind: Kind, shared: Shared, parts: int) -> Work:
    """Return what turns rows into facts (``SCREENED``); keys are cut into so many parts."""
    schema = SCREENED[kind]

    def work(found: Iterable[Settled | Faults]) -> Iterator[pa.RecordBatch]:
        """Yield the facts of rows, of faults a note each, and the keys of a slice's worth."""
        compiled, rows = compiled_of(shared), 0
        held: list[Facts] = []
        for each in found:
            if isinstance(each, Faults):
                if notes := _notes(each):
                    yield pa.RecordBatch.from_pylist(notes, schema=schema)
                continue
            if not each.rows.num_rows:
                continue
            rows += each.rows.num_rows
            if rows >= ROWS:
                switch_loops(True)
            facts = facts_of(compiled, kind, each.rows, each.number)
            yield _wide(facts, schema)
            if kind == "posts":
                held.append(facts)
            if rows >= ROWS:
                yield from _packed(held, parts)
                held, rows = [], 0
        yield from _packed(held, parts)

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


def _wide(facts: Facts, schema: pa.Schema) -> pa.RecordBatch:
    """Put the account, digest and bits of each sketch beside the other facts of its post."""
    narrow, *sketches = facts.values()
    columns = {name: narrow.column(name) for name in narrow.schema.names}
    for sketch in sketches:
        place = pc.index_in(narrow.column("post"), value_set=sketch.column("post"))
        told = (sketch.column(name) for name in ("account", *_SKETCH[1:]))
        columns |= {name: column.take(place) for name, column in zip(_SKETCH, told, strict=True)}
    return _filled(columns, narrow.num_rows, schema)


def _filled(columns: Mapping[str, pa.Array], count: int, schema: pa.Schema) -> pa.RecordBatch:
    """Return columns as a batch of a wider form, null where it has others."""
    arrays = [columns.get(one.name, pa.nulls(count, one.type)) for one in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _packed(held: list[Facts], parts: int) -> Iterator[pa.RecordBatch]:
    """Yield the keys of posts in pieces: of their sketches, of their names and contents."""
    if not held:
        return
    sketches = joined_batch([facts["sketch_facts"] for facts in held], SKETCHES)
    posts = sketches.column("post").to_numpy()
    for band in range(BANDS):
        keys = sketches.column(f"key{band}").to_numpy()
        yield _piece(packed_keys(band, keys, posts, parts))
    facts = joined_batch([facts["post_facts"] for facts in held], POST_FACTS)
    posts, digests = facts.column("post").to_numpy(), facts.column("digest")
    names = joined(facts.column("account"), facts.column("post_id"))
    yield _piece(packed_keys(NAMES, text_column_digests(names), posts, parts))
    long = digests.is_valid().to_numpy(zero_copy_only=False)
    told = digests.drop_null().to_numpy()
    yield _piece(packed_keys(DIGESTS, told, posts[long], parts))


def _piece(pieces: pa.RecordBatch) -> pa.RecordBatch:
    columns = {name: pieces.column(name) for name in PIECES.names}
    return _filled(columns, pieces.num_rows, SCREENED["posts"])
