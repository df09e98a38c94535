"""The fields of the three kinds of row, and the one Arrow form that every input is brought into.

Names and types are those of docs/dataset.md; a test holds them against ``auditor.model``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from types import MappingProxyType
from typing import Literal, get_args

import pyarrow as pa

from auditor.model import MAX_BIO, MAX_NAME, MAX_TEXT, Verified
from auditor.model.values import (
    ChangeField,
    Monetisation,
    PostCommerce,
    PostKind,
    PostLabel,
    PostState,
)

Kind = Literal["accounts", "posts", "changes"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Form = Literal["id", "text", "word", "count", "time", "texts", "words", "ref", "credentials"]
"""How a field is written: a word is one of a fixed list, a ref names a post of another account."""

# As ``auditor.model`` limits ids; a test compares the two ways of judging a row.
MAX_ID = 200
# What a message repeats of a field name that the contract does not know.
MAX_SHOWN = 60
# What Arrow and the databases hold.
MAX_COUNT = 2**63 - 1
TIME = pa.timestamp("us", tz="UTC")
REF_PARTS = ("platform", "account_id", "post_id")
CREDENTIAL_PARTS = ("kind", "number", "holder", "valid_until")

PARTS: Mapping[Form, tuple[str, ...]] = MappingProxyType(
    {"ref": REF_PARTS, "credentials": CREDENTIAL_PARTS}
)
"""What the forms that hold objects are made of."""

_TYPES: Mapping[Form, pa.DataType] = MappingProxyType(
    {
        "id": pa.string(),
        "text": pa.string(),
        "word": pa.string(),
        "count": pa.int64(),
        "time": TIME,
        "texts": pa.list_(pa.string()),
        "words": pa.list_(pa.string()),
        "ref": pa.struct([(part, pa.string()) for part in REF_PARTS]),
        "credentials": pa.list_(pa.struct([(part, pa.string()) for part in CREDENTIAL_PARTS])),
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its form, whether a row needs it, its limit in characters, its allowed words."""

    name: str
    form: Form = "text"
    required: bool = False
    limit: int | None = None
    words: tuple[str, ...] = ()

    @property
    def type(self) -> pa.DataType:
        """The Arrow type in the canonical form."""
        return _TYPES[self.form]


def _words(name: str, form: Form, literal: object) -> Field:
    return Field(name, form, words=get_args(literal))


_KEY = (Field("platform", "id", required=True), Field("account_id", "id", required=True))

_ACCOUNT = (
    *_KEY,
    Field("name", required=True, limit=MAX_NAME),
    Field("handle", limit=MAX_NAME),
    Field("bio", limit=MAX_BIO),
    Field("url"),
    Field("avatar"),
    Field("banner"),
    _words("verified", "word", Verified),
    Field("verified_label"),
    Field("organisation"),
    Field("credentials", "credentials"),
    Field("field"),
    Field("followers", "count"),
    Field("following", "count"),
    Field("posts_count", "count"),
    Field("region"),
    Field("mcn"),
    Field("contacts", "texts"),
    Field("shops", "texts"),
    _words("monetisation", "words", Monetisation),
    Field("created_at", "time"),
    Field("fetched_at", "time"),
)

_POST = (
    *_KEY,
    Field("post_id", "id", required=True),
    Field("text", required=True, limit=MAX_TEXT),
    _words("kind", "word", PostKind),
    Field("title", limit=MAX_TEXT),
    Field("published_at", "time"),
    Field("edited_at", "time"),
    _words("state", "word", PostState),
    Field("source_label"),
    _words("labels", "words", PostLabel),
    Field("location"),
    Field("views", "count"),
    Field("likes", "count"),
    Field("reposts", "count"),
    Field("comments", "count"),
    Field("reply_to", "ref"),
    Field("repost_of", "ref"),
    Field("mentions", "texts"),
    Field("images", "texts"),
    Field("cover"),
    Field("links", "texts"),
    _words("commerce", "words", PostCommerce),
    Field("url"),
    Field("fetched_at", "time"),
)

_CHANGE = (
    *_KEY,
    Field("field", "word", required=True, words=get_args(ChangeField)),
    Field("before"),
    Field("after"),
    Field("changed_at", "time", required=True),
)

FIELDS: Mapping[Kind, Mapping[str, Field]] = MappingProxyType(
    {
        "accounts": MappingProxyType({field.name: field for field in _ACCOUNT}),
        "posts": MappingProxyType({field.name: field for field in _POST}),
        "changes": MappingProxyType({field.name: field for field in _CHANGE}),
    }
)

CHINA = timezone(timedelta(hours=8))
"""The offset that all output carries."""

PROVENANCE = (("row_file", pa.string()), ("row_line", pa.int64()))
"""Where a row stood: the file (relative to its dataset) and the 1-based line or row in it."""

SCHEMAS: Mapping[Kind, pa.Schema] = MappingProxyType(
    {kind: pa.schema([(f.name, f.type) for f in FIELDS[kind].values()]) for kind in KINDS}
)
"""The canonical columns of each kind."""

LOCATED: Mapping[Kind, pa.Schema] = MappingProxyType(
    {kind: pa.schema([*SCHEMAS[kind], *PROVENANCE]) for kind in KINDS}
)
"""The canonical columns with the two of ``PROVENANCE``: what a batch of a source holds."""


def missing_names(kind: Kind, names: Collection[str]) -> str:
    """The columns that a table of this kind needs and ``names`` lacks, joined by commas."""
    return ", ".join(f.name for f in FIELDS[kind].values() if f.required and f.name not in names)


def repeated(names: Iterable[str]) -> list[str]:
    """The names that stand more than once; a column without a name is an unknown field instead.

    Spreadsheets write such columns where a cell beyond the table was once touched.
    """
    return sorted(name for name, times in Counter(names).items() if times > 1 and name)


def shown_name(name: str) -> str:
    """A field name of an input as one short line: it may hold anything, even lines of its own."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return plain if len(plain) <= MAX_SHOWN else f"{plain[:MAX_SHOWN]}…"
