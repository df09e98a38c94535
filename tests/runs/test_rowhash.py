"""The number of a row: the same for the same row wherever it stands, another for any other row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.runs.rowhash import row_hashes
from auditor.sources import LOCATED, SCHEMAS, Kind

KEY = b"0123456789abcdef"
AT = datetime(2026, 11, 1, tzinfo=UTC)
REF = {"platform": "p", "account_id": "1", "post_id": "2"}
CREDENTIAL = {"kind": "lawyer", "number": "1", "holder": None, "valid_until": None}

VALUES = st.one_of(st.none(), st.text(alphabet="ab,\x1f微", max_size=3))


def value_of(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Values of a type of the contract, unknown ones too."""
    if pa.types.is_string(kind):
        return VALUES
    if pa.types.is_list(kind):
        members = value_of(kind.value_type)
        return st.none() | st.lists(members, max_size=3)
    if pa.types.is_struct(kind):
        return st.none() | st.fixed_dictionaries({part.name: value_of(part.type) for part in kind})
    if pa.types.is_timestamp(kind):
        return st.none() | st.sampled_from([AT, AT.replace(year=1960)])
    return st.none() | st.sampled_from([0, 1, -1, 2**63 - 1])


def rows_of(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({field.name: value_of(field.type) for field in SCHEMAS[kind]})


def hashes(kind: Kind, rows: list[dict[str, Any]], key: bytes = KEY) -> list[int]:
    numbered = [{**row, "row_file": "f", "row_line": place} for place, row in enumerate(rows)]
    batch = pa.RecordBatch.from_pylist(numbered, schema=LOCATED[kind])
    found: list[int] = row_hashes(batch, SCHEMAS[kind].names, key).to_pylist()
    return found


@pytest.mark.parametrize("kind", get_args(Kind))
@given(data=st.data())
def test_equal_rows_have_equal_numbers_and_others_have_others(kind: Kind, data: Any) -> None:
    rows = data.draw(st.lists(rows_of(kind), min_size=1, max_size=4))
    found = hashes(kind, rows)
    assert found == [number for row in rows for number in hashes(kind, [row])]
    for one, row in zip(found, rows, strict=True):
        assert [one == other for other in found] == [row == other for other in rows]


ALIKE: tuple[tuple[Kind, dict[str, Any], dict[str, Any]], ...] = (
    ("posts", {"text": "ab", "title": "c"}, {"text": "a", "title": "bc"}),
    ("posts", {"text": "", "title": None}, {"text": None, "title": ""}),
    ("posts", {"mentions": ["a", "b"]}, {"mentions": ["a,b"]}),
    ("posts", {"mentions": ["a", "b"]}, {"mentions": ["a"], "images": ["b"]}),
    ("posts", {"mentions": []}, {"mentions": None}),
    ("posts", {"mentions": [None]}, {"mentions": [""]}),
    ("posts", {"views": 0}, {"views": None}),
    ("posts", {"views": 1}, {"likes": 1}),
    ("posts", {"reply_to": REF}, {"repost_of": REF}),
    ("posts", {"reply_to": dict.fromkeys(REF)}, {"reply_to": None}),
    ("accounts", {"credentials": [CREDENTIAL]}, {"credentials": [CREDENTIAL, CREDENTIAL]}),
    ("accounts", {"fetched_at": AT}, {"created_at": AT}),
    ("changes", {"before": "a", "after": None}, {"before": None, "after": "a"}),
)


@pytest.mark.parametrize(("kind", "one", "other"), ALIKE)
def test_rows_that_are_nearly_spelt_alike_are_told_apart(
    kind: Kind, one: dict[str, Any], other: dict[str, Any]
) -> None:
    empty = dict.fromkeys(SCHEMAS[kind].names)
    first, second = hashes(kind, [{**empty, **one}, {**empty, **other}])
    assert first != second


def test_another_key_gives_other_numbers_and_an_empty_batch_gives_none() -> None:
    row = dict.fromkeys(SCHEMAS["posts"].names)
    assert hashes("posts", [row]) != hashes("posts", [row], b"another")
    assert hashes("posts", []) == []
