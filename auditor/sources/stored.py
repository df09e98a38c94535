"""The store as a source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa

from auditor.model import Account, Change, InputFile, Post
from auditor.sources.blocks import ROWS, whole_batch
from auditor.sources.schemas import LOCATED, SCHEMAS, Kind
from auditor.sources.source import Reject
from auditor.store import Store, open_store


class StoreSource:
    """The rows of a store; the values in it are good already, so nothing is rejected.

    The digest of an input is that of its rows as JSON lines in their order: the database file
    itself differs from machine to machine.
    """

    incomplete = False

    def __init__(self, store: Store) -> None:
        self._store = store
        self._inputs: dict[str, InputFile] = {}

    def batches(self, kind: Kind, reject: Reject) -> Iterator[pa.RecordBatch]:
        """Yield rows in the order of the store; see ``Source``."""
        del reject
        name = f"store/{kind}"
        digest, rows = hashlib.sha256(), 0
        values = iter(self._values(kind))
        while some := list(islice(values, ROWS)):
            # The digest is of the values: the same rows in another database are the same input.
            for value in some:
                digest.update(value.model_dump_json(exclude_none=True).encode() + b"\n")
            yield _batch(kind, name, rows, some)
            rows += len(some)
        self._inputs[name] = InputFile(path=name, sha256=digest.hexdigest(), rows=rows)

    def _values(self, kind: Kind) -> Iterable[Account | Post | Change]:
        match kind:
            case "accounts":
                return self._store.list_accounts()
            case "posts":
                return self._store.list_posts()
            case _:
                return self._store.list_changes()

    def inputs(self) -> tuple[InputFile, ...]:
        """The kinds read so far; see ``Source``."""
        return tuple(self._inputs[name] for name in sorted(self._inputs))

    def unknown_fields(self) -> tuple[str, ...]:
        """None: the store holds the contract's fields only."""
        return ()

    def close(self) -> None:
        """Close the store."""
        self._store.close()


def _batch(
    kind: Kind, name: str, before: int, values: list[Account | Post | Change]
) -> pa.RecordBatch:
    plain = pa.Table.from_pylist([v.model_dump() for v in values], schema=SCHEMAS[kind])
    names = pa.repeat(pa.scalar(name, pa.string()), len(values))
    numbers = pa.array(range(before + 1, before + 1 + len(values)), pa.int64())
    return whole_batch(pa.table([*plain.columns, names, numbers], schema=LOCATED[kind]))


def open_store_source(url: str) -> StoreSource:
    """Open a store as a source.

    Raises:
        UsageError: the URL or the database cannot be used.
        LockedError: another process holds it.
        OutputError: it cannot be opened.
    """
    return StoreSource(open_store(url))
