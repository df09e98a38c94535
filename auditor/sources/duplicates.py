"""Rows with one key: identical ones are merged, of differing ones the newest capture stays."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from auditor.model import Rejection
from auditor.sources.keys import Numbers
from auditor.sources.schemas import SCHEMAS, Kind
from auditor.sources.source import Reject

Mask = npt.NDArray[np.bool_]

_UNKNOWN = np.iinfo(np.int64).min  # a capture without a time is older than any other


def distinct(changes: pa.Table) -> pa.Table:
    """Merge identical changes; differing ones are different facts."""
    names = SCHEMAS["changes"].names
    return changes.select(names).group_by(names).aggregate([]).select(names)


def settled(rows: pa.Table, kind: Kind, keys: pa.Array, reject: Reject) -> pa.Table:
    """Leave one row for each key, whatever the order they came in.

    Rows that say exactly the same are one. Of others the newest ``fetched_at`` stays and the rest
    are rejected; where even that is equal, the fuller row stays, then the one spelt greater, so
    that the choice does not hang on the order of the input.
    """
    encoded = keys.dictionary_encode()
    plain = rows.select(SCHEMAS[kind].names)
    if len(encoded.dictionary) == rows.num_rows:
        return plain
    codes = encoded.indices.to_numpy().astype(np.int64)
    several = np.bincount(codes)[codes] > 1
    fetched = pc.fill_null(rows.column("fetched_at").cast(pa.int64()), _UNKNOWN).to_numpy()
    # From here on only rows that share their key, by key and time: the last of a key is the newest.
    crowd = np.flatnonzero(several)
    crowd = crowd[np.lexsort((fetched[crowd], codes[crowd]))]
    stays, goes = _contest(plain, crowd, codes, fetched)
    for file, line in sorted(_places(rows, goes)):
        reason = "another row with this key is newer, or as new and different"
        reject(Rejection(file=file, line=line, kind=kind, reason=reason))
    return plain.take(pa.array(np.concatenate([np.flatnonzero(~several), stays])))


def _contest(
    rows: pa.Table, crowd: Numbers, codes: Numbers, fetched: Numbers
) -> tuple[Numbers, Numbers]:
    """Of rows sorted by key and time: those that stay, and those that go with a rejection."""
    last = np.append(codes[crowd[1:]] != codes[crowd[:-1]], True)
    ends = np.flatnonzero(last)
    run = np.concatenate([[0], np.cumsum(last)[:-1]])
    newest = crowd[ends][run]
    rivals = crowd != newest
    tied = rivals & (fetched[crowd] == fetched[newest])
    goes = [crowd[rivals & ~tied]]
    same = np.zeros(len(crowd), dtype=np.bool_)
    same[tied] = _equal_rows(rows, crowd[tied], newest[tied])
    stays = crowd[ends]
    # Few are left: as new as the newest, and different. Only these are looked at as Python values.
    for number in np.unique(run[tied & ~same]).tolist():
        group = crowd[(run == number) & (tied | ~rivals)]
        contents = [content_of(rows, index) for index in group.tolist()]
        best = max(contents)
        stays[number] = group[contents.index(best)]
        goes.append(group[[content != best for content in contents]])
    return stays, np.concatenate(goes)


def content_of(rows: pa.Table | pa.RecordBatch, index: int) -> tuple[int, str]:
    """How many fields of a row were collected, and the row spelt out in ASCII.

    The fuller row is the greater one, then the one that is spelt greater.
    """
    (row,) = rows.slice(index, 1).to_pylist()
    collected = sum(value is not None for value in row.values())
    return collected, json.dumps(row, default=str, sort_keys=True)


def _places(rows: pa.Table, indexes: Numbers) -> list[tuple[str, int]]:
    places = rows.select(["row_file", "row_line"]).take(pa.array(indexes))
    files, lines = places.column(0).to_pylist(), places.column(1).to_pylist()
    return list(zip(files, lines, strict=True))


def _equal_rows(rows: pa.Table, left: Numbers, right: Numbers) -> Mask:
    """Whether two rows say the same, pair by pair."""
    same = np.ones(len(left), dtype=np.bool_)
    for column in rows.columns:
        same &= _equal(_taken(column, left), _taken(column, right))
    return same


def _taken(column: pa.ChunkedArray, indexes: Numbers) -> pa.Array:
    taken = column.take(pa.array(indexes))
    return pa.concat_arrays(taken.chunks) if taken.num_chunks else pa.nulls(0, column.type)


def _equal(left: pa.Array, right: pa.Array) -> Mask:
    """Equality by content for any of the canonical types; null equals null only."""
    nulls: Mask = left.is_null().to_numpy(zero_copy_only=False)
    same: Mask = nulls == right.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_struct(left.type):
        for number in range(left.type.num_fields):
            same &= _equal(pc.struct_field(left, number), pc.struct_field(right, number))
        return same
    if pa.types.is_list(left.type):
        return _equal_lists(left, right, same)
    equal = pc.fill_null(pc.equal(left, right), fill_value=False).to_numpy(zero_copy_only=False)
    found: Mask = same & (nulls | equal)
    return found


def _equal_lists(left: pa.Array, right: pa.Array, same: Mask) -> Mask:
    lengths = pc.fill_null(pc.list_value_length(left), 0).to_numpy()
    same &= lengths == pc.fill_null(pc.list_value_length(right), 0).to_numpy()
    # Lists of equal lengths have their members in step.
    rows = np.flatnonzero(same & (lengths > 0))
    pick = pa.array(rows)
    members = _equal(left.take(pick).flatten(), right.take(pick).flatten())
    same[np.repeat(rows, lengths[rows])[~members]] = False
    return same
