"""One row as it came in -> a validated value, or the reason why not.

This is the careful path: it defines what a good row is. ``conform`` does the same for whole columns
and sends every row it doubts here, so a reason is worked out only for rows that need one. Reasons
name fields, limits and allowed words; they never repeat what the row holds (personal data).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from auditor.model import NONE_SHOWN, Account, Change, Post
from auditor.sources.marks import worded
from auditor.sources.schemas import (
    CHINA,
    CREDENTIAL_PARTS,
    FIELDS,
    MAX_COUNT,
    PARTS,
    REF_PARTS,
    Field,
    Form,
    Kind,
)

Row = Mapping[str, object]
Record = Account | Post | Change
Prepare = Callable[[object, Field, tzinfo | None], object]

_MODELS: Mapping[Kind, type[Record]] = MappingProxyType(
    {"accounts": Account, "posts": Post, "changes": Change}
)
_WHOLE = re.compile(r"([0-9]+)(\.0+)?")
# Excel writes 1.23457E+18, a float column 1234.0: digits of the id are lost or in doubt.
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+|[0-9]+\.0")


class RowError(ValueError):
    """Why a row is not taken; the text is a reason of rejected.csv."""


def _text(item: object, field: Field, zone: tzinfo | None) -> str | None:
    del field, zone
    if item is None or isinstance(item, str):
        return item or None
    raise RowError(f"must be text, not {_noun(item)}")


def _id(item: object, field: Field, zone: tzinfo | None) -> str | None:
    if isinstance(item, float) or (isinstance(item, str) and _ROUNDED.fullmatch(item)):
        raise RowError("the id was rounded (written as a floating point number); give it as text")
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    return _text(item, field, zone)


def _platform(item: object, field: Field, zone: tzinfo | None) -> str | None:
    name = _id(item, field, zone)
    if name is not None and ":" in name:
        raise RowError("must not hold ':' (accounts are named platform:id)")
    return name


def _count(item: object, field: Field, zone: tzinfo | None) -> int | None:
    del field, zone
    if item is None or item == "":
        return None
    # Python would take 1_000, ٣ and full-width digits as well; so long a number is none anyway.
    if isinstance(item, str) and (match := _WHOLE.fullmatch(item)) and len(item) < 40:
        item = int(match[1])
    if isinstance(item, float) and math.isfinite(item) and item.is_integer():
        item = int(item)
    # true and false are integers to Python.
    if isinstance(item, bool) or not isinstance(item, int):
        raise RowError("must be a whole number")
    if item > MAX_COUNT:
        raise RowError("is too large")
    return item


def _time(item: object, field: Field, zone: tzinfo | None) -> datetime | None:
    del field
    if item is None or item == "":
        return None
    if isinstance(item, str):
        try:
            item = datetime.fromisoformat(item)
        except ValueError:
            raise RowError("must be a time such as 2026-11-21T08:00:00+08:00") from None
    if not isinstance(item, datetime):
        raise RowError(f"must be a time in ISO 8601, not {_noun(item)}")
    if item.utcoffset() is None:
        if zone is None:
            raise RowError("has no offset such as +08:00, and no --timezone was given")
        item = item.replace(tzinfo=zone)
    try:
        # Output is in +08:00: a time that has no such form could not be written in any report.
        item.astimezone(CHINA)
        return item.astimezone(UTC)
    except OverflowError:
        raise RowError("is outside the years 1 to 9999") from None


def _texts(item: object, field: Field, zone: tzinfo | None) -> tuple[str, ...] | None:
    del field, zone
    if item is None or item == "":
        return None
    if item == NONE_SHOWN:
        return ()
    if not isinstance(item, list):
        raise RowError(f"must be a list, not {_noun(item)}")
    if not all(isinstance(member, str) for member in item):
        raise RowError("must be a list of texts")
    return tuple(item)


def _number(item: object, field: Field, zone: tzinfo | None) -> str | None:
    """The number of a credential: text that often looks like a number."""
    if isinstance(item, float):
        raise RowError("the number was rounded (written as a floating point number)")
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    return _text(item, field, zone)


def _parts(item: object, parts: Mapping[str, Prepare]) -> dict[str, object]:
    if not isinstance(item, Mapping):
        raise RowError(f"must hold objects with {', '.join(parts)}, not {_noun(item)}")
    plain = Field("", "text")
    return {part: prepare(item.get(part), plain, None) for part, prepare in parts.items()}


def _ref(item: object, field: Field, zone: tzinfo | None) -> dict[str, object] | None:
    del field, zone
    return None if item is None or item == "" else _parts(item, _REF)


def _credentials(
    item: object, field: Field, zone: tzinfo | None
) -> tuple[dict[str, object], ...] | None:
    del field, zone
    if item is None or item == "":
        return None
    if item == NONE_SHOWN:
        return ()
    if not isinstance(item, list):
        raise RowError(f"must be a list, not {_noun(item)}")
    return tuple(_parts(member, _CREDENTIAL) for member in item)


_REF: Mapping[str, Prepare] = dict.fromkeys(REF_PARTS, _id)
_CREDENTIAL: Mapping[str, Prepare] = {
    part: _number if part == "number" else _text for part in CREDENTIAL_PARTS
}
_FORMS: Mapping[Form, Prepare] = MappingProxyType(
    {
        "id": _id,
        "text": _text,
        "word": _text,
        "count": _count,
        "time": _time,
        "texts": _texts,
        "words": _texts,
        "ref": _ref,
        "credentials": _credentials,
    }
)
_NOUNS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "text"),
    (list, "a list"),
    (Mapping, "an object"),
)


def _noun(item: object) -> str:
    return next((noun for kind, noun in _NOUNS if isinstance(item, kind)), "another type")


def unknown_names(kind: Kind, row: Row) -> set[str]:
    """Fields of a row beyond the contract, as ``accounts.name`` or ``posts.ref.part``."""
    fields = FIELDS[kind]
    names = {f"{kind}.{name}" for name in row if name not in fields}
    for name, field in fields.items():
        if (known := PARTS.get(field.form)) and (item := row.get(name)):
            members = item if isinstance(item, list) else [item]
            parts = {part for member in members if isinstance(member, Mapping) for part in member}
            names |= {f"{kind}.{name}.{part}" for part in parts - set(known)}
    return names


def record(kind: Kind, row: Row, zone: tzinfo | None) -> Record:
    """Validate one row; unknown fields are passed over.

    Raises:
        RowError: every fault of the row, joined by ``"; "``.
    """
    cleaned: dict[str, object] = {}
    faults: list[str] = []
    row = worded(row) if kind == "accounts" else row
    for name, field in FIELDS[kind].items():
        prepare = _platform if name == "platform" else _FORMS[field.form]
        try:
            cleaned[name] = prepare(row.get(name), field, zone)
        except RowError as fault:
            faults.append(f"{name}: {fault}")
            continue
        if field.required and cleaned[name] is None:
            faults.append(f"{name}: is required and missing")
    if faults:
        raise RowError("; ".join(faults))
    # What is left for the value itself: limits, words, text that cannot be stored.
    try:
        return _MODELS[kind].model_validate(cleaned)
    except ValidationError as error:
        raise RowError("; ".join(map(_reason, error.errors()))) from None


def _reason(detail: ErrorDetails) -> str:
    # Location and limits only: ``input`` may hold personal data.
    place = ".".join(str(part) for part in detail["loc"])
    limits = detail.get("ctx", {})
    match detail["type"]:
        case "too_long" | "string_too_long":
            said = f"is longer than {limits['max_length']} characters"
        case "literal_error":
            said = f"must be one of {limits['expected']}"
        case "greater_than_equal":
            said = "must not be negative"
        case _:
            said = detail["msg"].removeprefix("Value error, ")
    return f"{place}: {said}"
