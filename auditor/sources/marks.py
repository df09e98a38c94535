"""The codes by which platforms say what a mark of verification is, as words of the contract.

``rulesets/tables/verification-marks.csv`` holds them with source and date; none is official, so a
code that is not in it makes the row a rejected one and is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from auditor.text.tables import read_rows

FIELD = "verified"


@cache
def mark_words() -> Mapping[str, str]:
    """Map ``platform:code`` to a word of the contract.

    Raises:
        RulesetError: the table is not there or not UTF-8.
    """
    rows = read_rows("verification-marks")
    return {f"{row['platform']}:{row['code']}": row["verified"] for row in rows}


def worded(row: Mapping[str, object]) -> Mapping[str, object]:
    """Return a row of accounts whose mark, where it is a known code, is a word."""
    shown = row.get(FIELD)
    if not isinstance(shown, (str, int)) or isinstance(shown, bool):
        return row
    word = mark_words().get(f"{row.get('platform')}:{shown}")
    return row if word is None else {**row, FIELD: word}


def worded_column(raw: pa.Table) -> pa.Table:
    """Do the same for whole columns; what is no known code stays as it is."""
    if FIELD not in raw.column_names or "platform" not in raw.column_names:
        return raw
    shown, platform = (whole(raw.column(name)) for name in (FIELD, "platform"))
    if not all(_is_plain(column.type) for column in (shown, platform)):
        return raw
    texts = pc.cast(shown, pa.string())
    keys = whole(pc.binary_join_element_wise(pc.cast(platform, pa.string()), texts, ":"))
    codes = mark_words()
    at = pc.index_in(keys, pa.array(list(codes), pa.string()))
    if at.null_count == len(at):
        return raw
    words = pc.take(pa.array(list(codes.values()), pa.string()), at)
    return raw.set_column(raw.column_names.index(FIELD), FIELD, pc.coalesce(words, texts))


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column as one array, its dictionary undone."""
    if isinstance(column, pa.ChunkedArray):
        # One chunk is not combined: it would be copied.
        array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    else:
        array = column
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.nulls(0, array.type)
    return pc.cast(array, array.type.value_type) if pa.types.is_dictionary(array.type) else array


def _is_plain(form: pa.DataType) -> bool:
    return pa.types.is_string(form) or pa.types.is_large_string(form) or pa.types.is_integer(form)
