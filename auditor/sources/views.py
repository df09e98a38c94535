"""Types of Arrow that point into a buffer beside them, as types that hold their values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

_FLAT: Mapping[pa.DataType, pa.DataType] = MappingProxyType(
    {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
)


def without_views(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose texts and bytes are of types that every function of Arrow takes.

    It cannot take rows of texts that are views by their numbers. It can of lists that are, and its
    cast of those makes arrays that are not whole (pyarrow 26): they stay. A batch without views is
    returned as it is.
    """
    schema = pa.schema(map(_held_field, batch.schema))
    return batch if schema.equals(batch.schema) else batch.cast(schema)


def _held(form: pa.DataType) -> pa.DataType:
    """The type without views that holds the same values, or the type itself."""
    types = pa.types
    if types.is_struct(form):
        return pa.struct(map(_held_field, form))
    if types.is_map(form):
        return pa.map_(_held_field(form.key_field), _held_field(form.item_field))
    if types.is_fixed_size_list(form):
        return pa.list_(_held_field(form.value_field), form.list_size)
    if types.is_list(form):
        return pa.list_(_held_field(form.value_field))
    if types.is_large_list(form):
        return pa.large_list(_held_field(form.value_field))
    return _FLAT.get(form, form)


def _held_field(field: pa.Field) -> pa.Field:
    return field.with_type(_held(field.type))
