"""Posts that may be copies, read again: their contents, and the marks of those in a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from auditor.config import time_zone
from auditor.copies import LISTS, NEVER, TEXTS, Marks, limits
from auditor.errors import OutputError
from auditor.rules import Compiled
from auditor.rules.blobs import folded_blobs
from auditor.runs.facts import post_number
from auditor.runs.fetching import FETCHED, read_wanted
from auditor.runs.numbering import numbered
from auditor.runs.request import AuditRequest
from auditor.runs.tasks import finish_task, read_task
from auditor.sources import Slice, fetch_rows, write_parquet
from auditor.sources.keys import account_keys, joined
from auditor.text import long_contents

ROWS = "rows.parquet"
CANDIDATES = "candidates.arrow"
"""The candidates of a slice, where a fetching task laid them down (``runs.candidates``)."""

COPIES = "copied"
MORE_COPIES = "copied-more"
"""The directories of the tasks that read the members of groups."""

COPYABLE = pa.schema(
    [
        ("post", pa.int64()),
        ("account", pa.string()),
        ("post_key", pa.string()),
        ("published_at", pa.int64()),
        ("text", pa.string()),
        ("content", pa.string()),
        ("repost", pa.bool_()),
    ]
)
"""All that is read of a post that may be a copy; ``published_at`` is microseconds since 1970, null
when unknown, ``text`` has the title before it."""

COPIED = pa.schema(
    [
        *(COPYABLE.field(name) for name in COPYABLE.names if name != "repost"),
        pa.field("cluster", pa.int64()),
        pa.field("marks", pa.list_(pa.string())),
        pa.field("kept", pa.bool_()),
    ]
)
"""The members of groups."""

SHOWN = ("title", "published_at", "repost_of")
"""Fields of posts that ``copyable`` reads beside those that every post has."""

MEMBER = ("platform", "account_id", "post_id", "text", *SHOWN)
"""All that the rows of a group hold of a member; counts of views are none of it."""


def fetch_texts(request: AuditRequest, path: Path) -> None:
    """Do one task: write the contents of the wanted posts of a slice.

    Raises:
        OutputError: the disk is full, or the slice cannot be read again.
    """
    each = Slice.of(read_task(path))
    lines = read_wanted(path).column("line").to_numpy()
    batches = fetch_rows(each, lines, time_zone(request.timezone), fields=())
    write_parquet(path / ROWS, TEXTS, texts_of(each, batches))
    finish_task(path, {})


def texts_of(each: Slice, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield ``TEXTS`` of rows of a slice."""
    for batch in batches:
        columns = [_numbers(each, batch), contents_of(batch)]
        yield pa.RecordBatch.from_arrays(columns, schema=TEXTS)


def fetch_members(request: AuditRequest, compiled: Compiled, path: Path) -> None:
    """Do one task: write the members of groups that a slice holds, with their marks.

    Raises:
        OutputError: the disk is full, or the slice cannot be read again.
    """
    each = Slice.of(read_task(path))
    wanted = read_wanted(path)
    marker = marks_of(compiled)
    # Candidates hold every member; a night that knows of another one lays none down.
    candidates = path.parent.parent / FETCHED / path.name / CANDIDATES
    source = each.laid_down(candidates) if candidates.exists() else each
    lines, zone = wanted.column("line").to_numpy(), time_zone(request.timezone)
    batches = fetch_rows(source, lines, zone, SHOWN)
    if request.kept:
        batches = numbered(each, batches, MEMBER, path)
    write_parquet(path / ROWS, COPIED, _members(each, marker, batches, wanted))
    finish_task(path, {})


def _members(
    each: Slice, marker: Marks, batches: Iterable[pa.RecordBatch], wanted: pa.Table
) -> Iterator[pa.RecordBatch]:
    """Yield members in the order of their lines, in which the wanted ones stand too.

    Raises:
        OutputError: some are no longer there.
    """
    start = 0
    for batch in batches:
        told = wanted.slice(start, batch.num_rows)
        start += batch.num_rows
        clusters = pa.array(told.column("cluster").to_numpy())
        posts = copyable(batch, _numbers(each, batch))
        yield members_of(marker, posts, clusters, told.column("verified").to_pylist())
    # Were one missing, those behind it would stand in its group.
    if start != wanted.num_rows:
        raise OutputError(f"lacks {wanted.num_rows - start} rows that were read before", each.file)


def copyable(batch: pa.RecordBatch, numbers: pa.Array) -> pa.RecordBatch:
    """Return posts and their numbers as ``COPYABLE``."""
    texts = batch.column("text").to_pylist()
    titles = batch.column("title").to_pylist()
    whole = [
        f"{title}\n{text}" if title else text for title, text in zip(titles, texts, strict=True)
    ]
    keys = account_keys(batch)
    made = {
        "post": numbers,
        "account": keys,
        "post_key": joined(keys, batch.column("post_id")),
        "published_at": batch.column("published_at").cast(pa.int64()),
        "text": pa.array(whole, pa.string()),
        "content": contents_of(batch),
        "repost": batch.column("repost_of").is_valid(),
    }
    return pa.RecordBatch.from_arrays([made[name] for name in COPYABLE.names], schema=COPYABLE)


def members_of(
    marker: Marks, posts: pa.RecordBatch, clusters: pa.Array, verified: Sequence[str | None]
) -> pa.RecordBatch:
    """Return posts (``COPYABLE``) of groups with the marks of theirs and of their accounts."""
    texts, reposts = (posts.column(name).to_pylist() for name in ("text", "repost"))
    marks = marker.of(texts, verified, reposts)
    made = {name: posts.column(name) for name in COPYABLE.names} | {
        "cluster": clusters,
        "marks": pa.array(marks, pa.list_(pa.string())),
        "kept": pa.array([NEVER.isdisjoint(some) for some in marks]),
    }
    return pa.RecordBatch.from_arrays([made[name] for name in COPIED.names], schema=COPIED)


def marks_of(compiled: Compiled) -> Marks:
    """Return what marks posts, made of the word lists and the texts that anybody may repeat."""
    lexicons = compiled.ruleset.lexicons
    words = {name: lexicons[name].words for name in LISTS}
    works = [work.text for work in compiled.resources.references.works]
    return Marks(words, works, limits())


def _numbers(each: Slice, batch: pa.RecordBatch) -> pa.Array:
    return pa.array(post_number(each.number, batch.column("row_line").to_numpy()))


def contents_of(batch: pa.RecordBatch) -> pa.Array:
    """Return the content characters of each post."""
    found: list[str] = []
    for _, blob in folded_blobs(batch.column("text")):
        found += long_contents(blob, 0)[1].texts()
    return pa.array(found, pa.string())
