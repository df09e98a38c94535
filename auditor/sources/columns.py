"""The rows of some accounts as columns: duplicates settled, every order fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from auditor.errors import OutputError
from auditor.sources.duplicates import distinct, settled
from auditor.sources.keys import Numbers, account_keys, joined
from auditor.sources.schemas import SCHEMAS
from auditor.sources.source import Reject

FETCHED = "profile_fetched"
"""The added column of ``Columns.accounts``: whether the account has a row of its own."""


class Tally(NamedTuple):
    """How many posts of an account the input holds, and how many of them may be near-copies."""

    seen: int
    alike: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Whole accounts with their posts and changes.

    ``accounts`` is in the order of account keys (by code point), with a last column
    ``profile_fetched`` that is false for accounts known from posts or changes alone. The posts of
    account ``i`` are rows ``post_offsets[i]`` to ``post_offsets[i + 1]`` (exclusive) of ``posts``,
    by publication (unknown first) and id; its changes likewise, by time and field. Each table is of
    one chunk. ``posts_seen`` says how many posts of an account the input holds: not all of them may
    stand here. ``posts_alike`` says how many may be near-copies of one another, or is ``None``.
    """

    accounts: pa.Table
    posts: pa.Table
    changes: pa.Table
    post_offsets: Numbers
    change_offsets: Numbers
    posts_seen: Numbers
    posts_alike: Numbers | None = None

    def posts_of(self, index: int) -> range:
        """Rows of ``posts`` that belong to an account."""
        return range(int(self.post_offsets[index]), int(self.post_offsets[index + 1]))

    def changes_of(self, index: int) -> range:
        """Rows of ``changes`` that belong to an account."""
        return range(int(self.change_offsets[index]), int(self.change_offsets[index + 1]))


def columns_of(
    accounts: pa.Table,
    posts: pa.Table,
    changes: pa.Table,
    reject: Reject,
    tallies: Mapping[str, Tally] | None = None,
) -> Columns:
    """Build columns of the located rows of whole accounts.

    ``tallies`` tells of the posts of each account by its key, where not all of those are given.

    Raises:
        OutputError: a row is of an account that ``tallies`` does not name.
    """
    accounts = settled(accounts, "accounts", account_keys(accounts), reject)
    posts = settled(posts, "posts", joined(account_keys(posts), posts.column("post_id")), reject)
    changes = distinct(changes)
    accounts = _completed(accounts, (posts, changes))
    keys = account_keys(accounts)
    posts, post_offsets = _grouped(posts, keys, ("published_at", "post_id"))
    changes, change_offsets = _grouped(changes, keys, ("changed_at", "field", "before", "after"))
    if tallies is None:
        seen = np.diff(post_offsets)
        return Columns(accounts, posts, changes, post_offsets, change_offsets, seen)
    try:
        told = np.array([tallies[key] for key in keys.to_pylist()], np.int64).reshape(-1, 2)
    except KeyError as error:
        # Rows are read again by their place: another row has come to stand there. Its key is
        # personal data and not told.
        message = "the input changed while it was read (another account stands where one was)"
        raise OutputError(message) from error
    return Columns(accounts, posts, changes, post_offsets, change_offsets, *told.T)


def _completed(accounts: pa.Table, others: Sequence[pa.Table]) -> pa.Table:
    """Sort the accounts and add those that only other rows name."""
    named = [account_keys(accounts)]
    tables = [accounts.append_column(FETCHED, pa.repeat(pa.scalar(True), accounts.num_rows))]
    for other in others:
        keys = account_keys(other)
        encoded = keys.dictionary_encode()
        known = pa.concat_arrays(named)
        missing = pc.invert(pc.is_in(encoded.dictionary, known)).to_numpy(zero_copy_only=False)
        # Codes are given in the order of first sight, so these line up with the dictionary.
        _, first = np.unique(encoded.indices.to_numpy(), return_index=True)
        rows = other.select(["platform", "account_id"]).take(pa.array(first[missing]))
        named.append(account_keys(rows))
        tables.append(rows.append_column(FETCHED, pa.repeat(pa.scalar(False), rows.num_rows)))
    whole = pa.concat_tables(tables, promote_options="default")
    return _one_chunk(whole.take(pc.sort_indices(pa.concat_arrays(named))))


def _grouped(rows: pa.Table, keys: pa.Array, order: tuple[str, ...]) -> tuple[pa.Table, Numbers]:
    """Sort rows by account and ``order`` (unknown first); say where each account begins."""
    owner = pc.index_in(account_keys(rows), keys).to_numpy(zero_copy_only=False)
    ranks = [_rank(rows.column(name)) for name in order]
    # Sorting by ranks compares each text once for the rank, not at every step of the sort.
    # lexsort takes the last key as the first to sort by.
    sequence = np.lexsort([*reversed(ranks), owner])
    offsets = np.searchsorted(owner[sequence], np.arange(len(keys) + 1)).astype(np.int64)
    return _one_chunk(rows.take(pa.array(sequence))), offsets


def _rank(column: pa.ChunkedArray) -> Numbers:
    if pa.types.is_timestamp(column.type):
        micros = column.cast(pa.int64())
        # Unknown counts as 1970, the beginning of time for the platforms.
        numbers: Numbers = pc.fill_null(micros, 0).to_numpy()
        return numbers
    encoded = pa.concat_arrays(column.chunks or [pa.nulls(0, column.type)]).dictionary_encode()
    ranks = np.empty(len(encoded.dictionary), dtype=np.int64)
    # Arrow sorts texts by their bytes, which is by code point, in every locale.
    ranks[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(ranks))
    codes = pc.fill_null(encoded.indices, -1).to_numpy()
    found: Numbers = np.append(ranks, -1)[codes]
    return found


def _one_chunk(table: pa.Table) -> pa.Table:
    table = table.combine_chunks()
    if table.num_rows:
        return table
    return pa.Table.from_batches([pa.RecordBatch.from_pylist([], schema=table.schema)])


def empty_columns() -> Columns:
    """Columns of no account."""
    tables = (SCHEMAS["accounts"], SCHEMAS["posts"], SCHEMAS["changes"])
    accounts, posts, changes = (_one_chunk(schema.empty_table()) for schema in tables)
    nothing = np.zeros(1, dtype=np.int64)
    return Columns(accounts, posts, changes, nothing, nothing, nothing[:0])
