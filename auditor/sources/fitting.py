"""Whether a parsed value can stand in an Arrow column; decides nothing about its being right."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from auditor.sources.schemas import MAX_COUNT


def fits(value: object, form: pa.DataType) -> bool:
    """Tell whether Arrow takes a value of JSON into a column of this type."""
    if value is None:
        return True
    if pa.types.is_list(form):
        return isinstance(value, list) and all(fits(member, form.value_type) for member in value)
    if pa.types.is_struct(form):
        return isinstance(value, Mapping) and all(
            fits(value.get(part), pa.string()) for part in form.names
        )
    # Not isinstance: true and false are integers to Python.
    if pa.types.is_integer(form):
        return type(value) is int and -MAX_COUNT <= value <= MAX_COUNT
    return type(value) in ((int, float) if pa.types.is_floating(form) else (str,))
