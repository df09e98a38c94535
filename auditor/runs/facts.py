"""Rows of an input -> narrow facts: all that the global stage must know of each.

A post leaves its key, its times, its place, whether it wakes a rule, and a digest of its content.
Its text stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from auditor.copies import BANDS, BandKeys, band_keys, limits, sketch
from auditor.rules import Compiled
from auditor.rules.blobs import folded_blobs, text_column_digests
from auditor.rules.screen import PROFILE_TEXTS, Screened, screen_blob, screen_profiles
from auditor.runs.crowds import Crowds, crowd_asked
from auditor.sources import SCHEMAS, Kind
from auditor.sources.blocks import whole_batch
from auditor.sources.keys import account_keys
from auditor.text import FoldedBlob, blob_digests, long_contents

POST_TEXTS = ("text", "title")
PROFILE_FIELDS = tuple(sorted({*SCHEMAS["accounts"].names} - {"platform", "account_id"}))
"""Fields of a profile that rules may find missing; the bits of ``missing`` stand in this order."""

SHOWN = ("name", "url", "followers", "verified", "monetisation")
"""What a row of accounts.csv shows of an account that no rule had to judge."""

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

LINE_BITS = 40
"""Bits of a post's number that hold its line; the slice stands above them."""

POST_FACTS = pa.schema(
    [
        ("account", pa.string()),
        ("post_id", pa.string()),
        ("published", pa.int64()),
        ("fetched", pa.int64()),
        ("slice", pa.int32()),
        ("line", pa.int64()),
        ("post", pa.int64()),
        ("size", pa.int64()),
        ("wakes", pa.bool_()),
        ("reads", pa.bool_()),
        ("digest", pa.int64()),
    ]
)
"""Times are microseconds since 1970, null when unknown; ``post`` is the place as one number
(``post_number``), ``size`` bytes of text, ``digest`` 64 bits of a content that is long enough."""

SKETCHES = pa.schema(
    [
        ("post", pa.int64()),
        ("account", pa.int64()),
        ("digest_high", pa.int64()),
        ("digest_low", pa.int64()),
        ("bits", pa.int64()),
        *((f"key{band}", pa.int64()) for band in range(BANDS)),
    ]
)
"""A row for each post that is long enough to be compared; ``account`` is a digest of its key.

Digests and bits are null where nobody asks for copies across accounts."""

ACCOUNT_FACTS = pa.schema(
    [
        ("account", pa.string()),
        ("name", pa.string()),
        ("url", pa.string()),
        ("followers", pa.int64()),
        ("verified", pa.string()),
        ("monetisation", pa.list_(pa.string())),
        ("fetched", pa.int64()),
        ("slice", pa.int32()),
        ("line", pa.int64()),
        ("wakes", pa.bool_()),
        ("reads", pa.bool_()),
        ("missing", pa.int64()),
    ]
)

CHANGE_FACTS = pa.schema(
    [
        ("account", pa.string()),
        ("slice", pa.int32()),
        ("line", pa.int64()),
    ]
)

Facts = dict[str, pa.RecordBatch]
"""What a batch of rows leaves behind, by table."""

TABLES: dict[Kind, dict[str, pa.Schema]] = {
    "accounts": {"account_facts": ACCOUNT_FACTS},
    "posts": {"post_facts": POST_FACTS, "sketch_facts": SKETCHES},
    "changes": {"change_facts": CHANGE_FACTS},
}
"""The tables that the rows of each kind fill."""


def facts_of(
    compiled: Compiled,
    kind: Kind,
    batch: pa.RecordBatch,
    slice_number: int,
    *,
    across: bool = True,
    crowds: Crowds | None = None,
) -> Facts:
    """Return what a batch of rows of one slice leaves behind, in the form of ``TABLES``.

    Without ``across`` nobody will ask for copies across accounts; with ``crowds`` only those of
    posts in a crowd are looked for within accounts.
    """
    match kind:
        case "posts":
            return post_facts(compiled, batch, slice_number, Contents(compiled, across, crowds))
        case "accounts":
            return {"account_facts": account_facts(compiled, batch, slice_number)}
        case _:
            made = {"account": account_keys(batch)}
            return {"change_facts": _facts(batch, slice_number, CHANGE_FACTS, made)}


def post_facts(
    compiled: Compiled, batch: pa.RecordBatch, slice_number: int, contents: Contents
) -> Facts:
    """Return the facts of posts, a row each (``POST_FACTS``), and the ``SKETCHES`` of long ones."""
    screened = Screened.asleep(batch.num_rows)
    numbers = post_number(slice_number, batch.column("row_line").to_numpy())
    published = batch.column("published_at").cast(pa.int64())
    contents.begin(batch.column("account_id"), published)
    for name in POST_TEXTS:
        for start, blob in folded_blobs(batch.column(name)):
            screened.add(screen_blob(compiled, name, blob), start)
            if name == "text":
                contents.add(blob, start)
    keys = account_keys(batch)
    facts = _facts(
        batch,
        slice_number,
        POST_FACTS,
        {
            "account": keys,
            "published": published,
            "fetched": batch.column("fetched_at").cast(pa.int64()),
            "post": pa.array(numbers),
            "size": pc.cast(pc.binary_length(batch.column("text")), pa.int64()),
            "wakes": pa.array(screened.wakes),
            "reads": pa.array(screened.reads),
            "digest": contents.digests(batch.num_rows),
        },
    )
    return {"post_facts": facts, "sketch_facts": contents.sketches(numbers, keys)}


class Contents:
    """The contents of posts that are long enough to be compared, as digests and sketches.

    With ``across`` all of them are, whoever else published them; else those that ``crowds`` tells
    of, or all, to be compared with others of their account.
    """

    def __init__(self, compiled: Compiled, across: bool, crowds: Crowds | None) -> None:
        least, asked = limits().least_characters, crowd_asked(compiled)
        shortest = asked.characters if asked else least
        # Within accounts alone no text is compared that is shorter than all rules ask for.
        self._least = least if across else max(least, shortest)
        self._shortest = min(least, shortest) if across else shortest
        self._across, self._crowds = across, crowds
        self._wanted: Mask | None = None
        self._rows: list[Numbers] = []
        self._digests: list[Numbers] = []
        self._sketched: list[tuple[Numbers, BandKeys]] = []

    def begin(self, accounts: pa.Array, published: pa.Array) -> None:
        """Take the ids of the accounts of all rows, and when each was published (microseconds)."""
        self._wanted = self._crowds.of(accounts, published) if self._crowds else None

    def add(self, blob: FoldedBlob, start: int) -> None:
        """Take in texts of which the first is row ``start``."""
        wanted = None if self._wanted is None else self._wanted[start : start + len(blob)]
        rows, contents = long_contents(blob, self._shortest, wanted)
        found = (sketch if self._across else band_keys)(contents, self._least)
        # What is too long or too short for a sketch may still be published again as it is.
        self._digests.append(blob_digests(contents))
        self._rows.append(start + rows)
        self._sketched.append((start + rows[found.rows], found))

    def digests(self, count: int) -> pa.Array:
        """Return a digest of each of ``count`` rows, null for short texts.

        Equal contents wake each other by these; the rule then compares the contents themselves.
        """
        values, unknown = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.bool_)
        for rows, found in zip(self._rows, self._digests, strict=True):
            values[rows], unknown[rows] = found, False
        return pa.array(values, mask=unknown)

    def sketches(self, numbers: Numbers, keys: pa.Array) -> pa.RecordBatch:
        """Return the ``SKETCHES``; ``numbers`` and account ``keys`` are those of all rows."""
        batches = []
        for rows, found in self._sketched:
            accounts = text_column_digests(keys.take(pa.array(rows)))
            columns = {"post": numbers[rows], "account": accounts, **found.columns()}
            nobody = pa.nulls(len(rows), pa.int64())
            arrays = [
                pa.array(columns[name]) if name in columns else nobody for name in SKETCHES.names
            ]
            batches.append(pa.RecordBatch.from_arrays(arrays, schema=SKETCHES))
        return joined_batch(batches, SKETCHES)


def joined_batch(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """Return the rows of several batches as one."""
    return whole_batch(pa.Table.from_batches(batches, schema=schema))


def post_number(slice_number: int, lines: Numbers) -> Numbers:
    """Return the place of each post as one number: the slice, and the line in its file."""
    return (np.int64(slice_number) << np.int64(LINE_BITS)) + lines


def account_facts(compiled: Compiled, batch: pa.RecordBatch, slice_number: int) -> pa.RecordBatch:
    """Return the facts of accounts, a row each, in the form of ``ACCOUNT_FACTS``."""
    wanted = dict.fromkeys((*PROFILE_TEXTS, "verified", *sorted(compiled.plan.fields)))
    columns = {name: batch.column(name) for name in wanted}
    screened = screen_profiles(compiled, columns, batch.num_rows)
    return _facts(
        batch,
        slice_number,
        ACCOUNT_FACTS,
        {
            "account": account_keys(batch),
            "fetched": batch.column("fetched_at").cast(pa.int64()),
            "wakes": pa.array(screened.wakes),
            "reads": pa.array(screened.reads),
            "missing": pa.array(missing_bits(batch)),
        },
    )


def _facts(
    batch: pa.RecordBatch, slice_number: int, schema: pa.Schema, made: dict[str, pa.Array]
) -> pa.RecordBatch:
    made |= {
        "slice": pa.repeat(pa.scalar(slice_number, pa.int32()), batch.num_rows),
        "line": batch.column("row_line"),
    }
    columns = [made[name] if name in made else batch.column(name) for name in schema.names]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def missing_bits(batch: pa.RecordBatch) -> Numbers:
    """Return for each account the fields of ``PROFILE_FIELDS`` that were not collected, as bits."""
    bits = np.zeros(batch.num_rows, dtype=np.int64)
    for place, name in enumerate(PROFILE_FIELDS):
        nulls: Mask = batch.column(name).is_null().to_numpy(zero_copy_only=False)
        bits |= nulls.astype(np.int64) << place
    return bits


def missing_names(bits: int) -> frozenset[str]:
    """Return the names that ``missing_bits`` put into one number."""
    return frozenset(name for place, name in enumerate(PROFILE_FIELDS) if bits >> place & 1)


def field_bits(names: Iterable[str]) -> int:
    """Return the bits of ``PROFILE_FIELDS`` of these names."""
    return sum(1 << PROFILE_FIELDS.index(name) for name in set(names))
