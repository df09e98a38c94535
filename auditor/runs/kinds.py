"""Rows that say the same in some columns, as numbers: what is made of them is made once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def kinds_of(columns: Sequence[pa.Array]) -> tuple[Numbers, Numbers]:
    """Return the first row of each kind, and for every row the place of its kind among these.

    Rows are of one kind where each column (numbers, texts, or lists of texts) says the same; null
    is a value of its own.
    """
    kind, firsts = np.zeros(len(columns[0]), np.int64), np.empty(0, np.int64)
    for column in columns:
        values = _spelled(column) if pa.types.is_list(column.type) else column
        numbers = _numbers(values)
        pairs = kind * (numbers.max(initial=0) + 2) + numbers
        _, firsts, kind = np.unique(pairs, return_index=True, return_inverse=True)
    return firsts, kind


def _numbers(values: pa.Array) -> Numbers:
    """Return a number for each value, -1 for null."""
    numbers: Numbers = pc.fill_null(values.dictionary_encode().indices, -1).to_numpy()
    return numbers.astype(np.int64)


def _spelled(lists: pa.Array) -> pa.Array:
    """Return each list as a text that no other list has: the numbers of its values."""
    values = pa.array(_numbers(lists.flatten())).cast(pa.string())
    ends = np.cumsum(pc.fill_null(pc.list_value_length(lists), 0).to_numpy(), dtype=np.int32)
    bounds = pa.array(np.concatenate((np.zeros(1, np.int32), ends)))
    spelled = pc.binary_join(pa.ListArray.from_arrays(bounds, values), ",")
    return pc.if_else(lists.is_null(), pa.scalar("none"), spelled)
