"""One dataset in every form gives the same rows; the fast path and the careful one agree."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Account, Change, Credential, Post, PostRef, Rejection
from auditor.sources import KINDS, SCHEMAS, Kind, open_dataset
from auditor.sources.blocks import Desk
from auditor.sources.jsonl import JsonBlock, Shape
from auditor.sources.rows import _ROUNDED
from auditor.sources.schemas import FIELDS, LOCATED

Value = Account | Post | Change
MODELS: dict[Kind, type[Value]] = {"accounts": Account, "posts": Post, "changes": Change}

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
)
ids = st.one_of(st.from_regex(r"[0-9a-z]{1,12}", fullmatch=True), texts).filter(
    lambda text: not _ROUNDED.fullmatch(text)
)
platforms = ids.filter(lambda text: ":" not in text)
times = st.datetimes(
    datetime.fromisoformat("0001-01-03"),
    datetime.fromisoformat("9999-12-29"),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
counts = st.integers(0, 2**63 - 1)
refs = st.builds(
    PostRef, *[], platform=st.none() | ids, account_id=st.none() | ids, post_id=st.none() | ids
)
credentials = st.builds(
    Credential,
    kind=texts,
    number=st.none() | texts,
    holder=st.none() | texts,
    valid_until=st.none(),
)


def values(kind: Kind) -> st.SearchStrategy[Value]:
    """Any value that the contract allows."""
    forms: dict[str, st.SearchStrategy[Any]] = {
        "id": ids,
        "text": texts,
        "count": counts,
        "time": times,
        "texts": st.lists(texts, max_size=3).map(tuple),
        "ref": refs,
        "credentials": st.lists(credentials, max_size=2).map(tuple),
    }
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in FIELDS[kind].items():
        if field.form == "word":
            strategy: st.SearchStrategy[Any] = st.sampled_from(field.words)
        elif field.form == "words":
            strategy = st.lists(st.sampled_from(field.words), max_size=3).map(tuple)
        else:
            strategy = platforms if name == "platform" else forms[field.form]
        fields[name] = strategy if field.required else st.none() | strategy
    return st.builds(MODELS[kind], **fields)


def cell(value: object) -> str:
    """A field as a platform's CSV export writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, list | dict):
        return str(value)
    plain = isinstance(value, list) and all(
        isinstance(member, str) and member.strip() == member != "" and " | " not in member
        for member in value
    )
    if plain and value and value[0][0] not in "[{" and value != ["none"]:
        return " | ".join(value)
    return json.dumps(value)


def write(directory: Path, kind: Kind, form: str, rows: Sequence[Value]) -> None:
    """Write values in one form."""
    plain = [row.model_dump() for row in rows]
    if form == "parquet":
        table = pa.Table.from_pylist(plain, schema=SCHEMAS[kind])
        pa.parquet.write_table(table, directory / f"{kind}.parquet")
        return
    if form == "jsonl":
        lines = [row.model_dump_json() for row in rows]
        (directory / f"{kind}.jsonl").write_text("".join(line + "\n" for line in lines), "utf-8")
        return
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(FIELDS[kind])
    for row in plain:
        listed = {
            name: list(item) if isinstance(item, tuple) else item for name, item in row.items()
        }
        writer.writerow([cell(listed[name]) for name in FIELDS[kind]])
    (directory / f"{kind}.csv").write_bytes(buffer.getvalue().encode("utf-8-sig"))


def read(directory: Path, kind: Kind) -> pa.Table:
    """The canonical columns of one kind."""

    def refuse(rejection: Rejection) -> None:
        raise AssertionError(rejection)

    batches = open_dataset(directory).batches(kind, refuse)
    return pa.Table.from_batches(batches, schema=LOCATED[kind]).select(SCHEMAS[kind].names)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_values_survive_every_form(kind: Kind, data: st.DataObject) -> None:
    rows = data.draw(st.lists(values(kind), min_size=1, max_size=5))
    tables: list[pa.Table] = []
    for form in ("jsonl", "csv", "parquet"):
        with tempfile.TemporaryDirectory() as name:
            write(Path(name), kind, form, rows)
            if kind == "changes":
                (Path(name) / "posts.jsonl").touch()
            tables.append(read(Path(name), kind))
    found = [MODELS[kind].model_validate(row) for row in tables[0].to_pylist()]
    assert found == rows
    assert tables[0].combine_chunks().equals(tables[1].combine_chunks())
    assert tables[0].combine_chunks().equals(tables[2].combine_chunks())


ODD: list[Any] = [
    None, "", "none", " ", "x", "a\0b", "1.2E+18", "12.0", "1+1", "a:b", "字" * 201, "字" * 5001,
    0, 1, -1, 7.0, 7.5, 1e30, 2**63 - 1, 2**63, True, [], ["a"], ["a", None], ["a", 1], ["shop"],
    ["shop", "x"], ["a\0"], [[]], {}, {"platform": "a"}, {"post_id": 5}, {"post_id": ""},
    {"post_id": "1.0"}, {"post_id": "a", "x": 1}, [{"kind": "k"}], [{"kind": ""}], "person", "name",
    "live", "0012", "-5", "+5", "1_000", "9223372036854775807", "9223372036854775808", "٣",
    "2026-11-21", "2026-11-21T08:00:00+08:00", "2026-11-21T08:00:00", "2026-11-21 08:00Z",
    "2026-11-21T08:00:00.123456789Z", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-01:00",
    "2026-02-30T00:00:00Z", "20261121T000000Z", "2026-11-21T08:00:00+0800", "2026-11-21T24:00:00Z",
    "2026-11-21T08:00:60Z",
]  # fmt: skip
WHOLE: dict[Kind, dict[str, Any]] = {
    "accounts": {"platform": "w", "account_id": "1", "name": "n"},
    "posts": {"platform": "w", "account_id": "1", "post_id": "p", "text": "t"},
    "changes": {"platform": "w", "account_id": "1", "field": "bio", "changed_at": "2026-01-01T00Z"},
}


def both(kind: Kind, rows: list[dict[str, Any]], zone: timezone | None) -> None:
    """Settle rows by columns and one by one; the outcome is the same, fault for fault."""
    lines = [json.dumps(row).encode() for row in rows]
    outcomes = []
    for fast in (True, False):
        rejected: list[Rejection] = []
        desk = Desk(kind, "f", zone, rejected.append, set())
        shape = Shape(kind)
        shape.adapt(rows[-1])
        block = JsonBlock(shape, b"\n".join(lines), range(1, len(lines) + 1))
        batch = desk.settle(block) if fast else desk._judged(block, range(len(lines)))
        rejected.sort(key=lambda row: row.line or 0)
        outcomes.append((batch.to_pylist(), rejected, desk.unknown))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=8))])
def test_columns_and_rows_are_judged_alike_for_every_odd_value(
    kind: Kind, zone: timezone | None
) -> None:
    # Values of one JSON type go together: a block of mixed types is judged row by row anyway.
    for name in FIELDS[kind]:
        for form in {type(odd) for odd in ODD}:
            alike = [{**WHOLE[kind], name: odd} for odd in ODD if type(odd) is form]
            both(kind, [WHOLE[kind], *alike], zone)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_columns_and_rows_are_judged_alike(kind: Kind, data: st.DataObject) -> None:
    odd = st.dictionaries(
        st.sampled_from([*FIELDS[kind], "more"]), st.sampled_from(ODD), max_size=3
    )
    rows = data.draw(
        st.lists(odd.map(lambda row: {**WHOLE[kind], **row}), min_size=1, max_size=150)
    )
    both(kind, rows, data.draw(st.sampled_from([None, timezone(timedelta(hours=8))])))
