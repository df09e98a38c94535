"""How a worker of Spark judges accounts, the rows of each together: some hundred at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from auditor.model import Rejection
from auditor.runs.judging import TOGETHER, Judged, PartJudged, judge_columns
from auditor.runs.spark.rows import Batches, Worker
from auditor.runs.spark.rulebook import Shared, compiled_of
from auditor.sources import KINDS, LOCATED, Columns, Kind, Tally, columns_of

JUDGED = pa.schema(
    [
        ("kind", pa.string()),
        ("account", pa.string()),
        ("place", pa.int32()),
        ("value", pa.string()),
    ]
)
"""What judging gives: findings, accounts and clusters as JSON, and a tally of each task."""

COUNTED = ("fired", "silenced", "open")
"""Counts of rules by id, in a tally."""


def judge(shared: Shared, now: datetime) -> Worker:
    """Return what judges accounts (``JUDGED``); the rows of one stand together."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield what the rules say of the accounts of a partition, and its tally last."""
        compiled = compiled_of(shared)
        whole = Judged()
        for rows in _whole_accounts(batches):
            part = judge_columns(compiled, _columns(rows), now)
            yield _values(part)
            for name in (*COUNTED, "gaps"):
                getattr(whole, name).update(getattr(part, name))
            whole.failures += part.failures
        yield _tally(whole)

    return work


def _whole_accounts(batches: Batches) -> Iterator[pa.Table]:
    """Yield the rows of some hundred whole accounts at a time."""
    held: list[pa.RecordBatch] = []
    accounts, last = 0, None
    for batch in batches:
        if not batch.num_rows:
            continue
        keys = batch.column("account")
        accounts += len(keys.unique()) - (keys[0].as_py() == last)
        last = keys[-1].as_py()
        held.append(batch)
        if accounts <= TOGETHER:
            continue
        table = pa.Table.from_batches(held)
        # More rows of the last account may follow.
        cut = pc.index(table.column("account"), last).as_py()
        yield table.slice(0, cut)
        held, accounts = table.slice(cut).to_batches(), 1
    if held:
        yield pa.Table.from_batches(held)


def _columns(rows: pa.Table) -> Columns:
    tables = {kind: _rows_of(rows, kind) for kind in KINDS}
    owners = rows.filter(pc.is_valid(rows.column("seen")))
    names = ("account", "seen", "alike")
    told = zip(*(owners.column(name).to_pylist() for name in names), strict=True)
    tallies = {account: Tally(seen, alike) for account, seen, alike in told}
    return columns_of(tables["accounts"], tables["posts"], tables["changes"], _lost, tallies)


def _rows_of(rows: pa.Table, kind: Kind) -> pa.Table:
    own = rows.column(kind).combine_chunks().drop_null()
    travelled = pa.RecordBatch.from_struct_array(own)
    return pa.Table.from_batches([travelled]).cast(LOCATED[kind])


def _lost(rejection: Rejection) -> None:
    """Rows of one key that say the same; where they differ it was told before."""
    del rejection


def _values(part: PartJudged) -> pa.RecordBatch:
    rows: list[tuple[str, str, int, str]] = []
    for place, finding in enumerate(part.findings):
        rows.append(("finding", finding.account_id, place, finding.model_dump_json()))
    rows.extend(("account", row.account_id, 0, row.model_dump_json()) for row in part.accounts)
    for place, cluster in enumerate(part.clusters):
        rows.append(("cluster", cluster.account_id, place, cluster.model_dump_json()))
    return _judged(rows)


def _tally(whole: Judged) -> pa.RecordBatch:
    return _judged([("tally", "", 0, json.dumps(told_counts(whole), ensure_ascii=False))])


def told_counts(counts: Judged) -> dict[str, object]:
    """Return the counts of a tally as plain values for JSON, as a finished part tells them."""
    told: dict[str, object] = {name: dict(getattr(counts, name)) for name in COUNTED}
    gaps = [[list(key), count] for key, count in sorted(counts.gaps.items())]
    return told | {"gaps": gaps, "failures": sorted(counts.failures)}


def added(values: Iterable[str]) -> Judged:
    """Return the counts of all tasks together, from their tallies."""
    whole = Judged()
    for value in values:
        told = json.loads(value)
        for name in COUNTED:
            getattr(whole, name).update(told[name])
        whole.gaps.update({tuple(key): count for key, count in told["gaps"]})
        whole.failures += told["failures"]
    return whole


def _judged(rows: list[tuple[str, str, int, str]]) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True)) or [()] * len(JUDGED)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, JUDGED, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=JUDGED)
