"""Rows are of one kind where every column says the same, null and empty lists apart."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from auditor.runs.kinds import kinds_of

words = st.sampled_from(["", "a", "b", "1", "0,1", "a|b", "\0"]) | st.none()
rows_ = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from([0, 1, 2**62]) | st.none(),
        words,
        st.lists(words, max_size=3) | st.none(),
    ),
    max_size=30,
)
TYPES = (pa.bool_(), pa.int64(), pa.string(), pa.list_(pa.string()))


@given(rows_, st.integers(0, 3))
def test_rows_of_one_kind_say_the_same_and_others_do_not(
    rows: list[tuple[object, ...]], skipped: int
) -> None:
    columns = [
        pa.array([row[place] for row in rows], one).slice(skipped)
        for place, one in enumerate(TYPES)
    ]
    told = [repr(row) for row in rows[skipped:]]
    firsts, kind = kinds_of(columns)
    assert [told[first] for first in firsts[kind].tolist()] == told
    assert len(firsts) == len(set(told))
