"""Platform exports into the store, and the store out as a dataset directory."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pyarrow as pa

from auditor.errors import InputError, OutputError
from auditor.model import Account, Change, InputFile, Post, Rejection
from auditor.sources.dataset import DatasetSource, open_dataset, open_file
from auditor.sources.files import kind_of, looked_at, suffix_of
from auditor.sources.schemas import CHINA, KINDS, SCHEMAS, Kind
from auditor.store import Store, open_store

_PRIVATE = 0o600


@dataclass(slots=True)
class ImportSummary:
    """What an import did: rows read by kind, those not read and why, and what was passed over.

    ``opted_out`` counts rows of accounts on the opt-out list; ``incomplete`` is true when a file
    broke off part-way.
    """

    accounts: int = 0
    posts: int = 0
    changes: int = 0
    opted_out: int = 0
    incomplete: bool = False
    rejected: list[Rejection] = field(default_factory=list)
    unknown_fields: tuple[str, ...] = ()
    inputs: tuple[InputFile, ...] = ()


def import_dataset(
    url: str,
    paths: Sequence[Path],
    timezone: tzinfo | None = None,
    *,
    kind: Kind | None = None,
    opted_out: Collection[str] = frozenset(),
) -> ImportSummary:
    """Read datasets and single files into a store, batch by batch; doing it again changes nothing.

    A single file is named after its kind, or ``kind`` says it. ``opted_out`` holds account keys
    whose rows are not taken in. Several captures of one profile become its history; put them in
    the order of their times, for one that follows a newer one some megabytes later shows no change.

    Raises:
        InputError: a path cannot be read at all; nothing of it was saved.
        AuditorError: the store cannot be opened or written; what was saved before is kept.
    """
    # Before the store is made: a mistyped path leaves nothing behind.
    sources = [_source(path, kind, timezone) for path in paths]
    summary = ImportSummary()
    with open_store(url) as store:
        for source in sources:
            for each in KINDS:
                for batch in source.batches(each, summary.rejected.append):
                    _save(store, each, batch, summary, opted_out)
    summary.incomplete = any(source.incomplete for source in sources)
    summary.unknown_fields = tuple(
        sorted({name for source in sources for name in source.unknown_fields()})
    )
    summary.inputs = tuple(file for source in sources for file in source.inputs())
    return summary


def _source(path: Path, kind: Kind | None, zone: tzinfo | None) -> DatasetSource:
    named = kind or kind_of(path)
    with looked_at(path):
        is_dataset = path.is_dir() and (named is None or not _is_parts(path))
    if is_dataset:
        return open_dataset(path, timezone=zone)
    if named is None:
        raise InputError(
            "does not say what it holds; name it accounts.*, posts.* or changes.*", str(path)
        )
    return open_file(path, named, timezone=zone)


def _is_parts(path: Path) -> bool:
    """Whether a folder named after a kind holds parts of it, and is no dataset itself."""
    return not any(kind_of(part) for part in path.iterdir())


def _save(
    store: Store,
    kind: Kind,
    batch: pa.RecordBatch,
    summary: ImportSummary,
    opted_out: Collection[str],
) -> None:
    rows = batch.select(SCHEMAS[kind].names).to_pylist()
    taken = [row for row in rows if f"{row['platform']}:{row['account_id']}" not in opted_out]
    summary.opted_out += len(rows) - len(taken)
    match kind:
        case "accounts":
            captures = [Account.model_validate(row) for row in taken]
            # In the order of their times, so that each change among them is seen.
            captures.sort(
                key=lambda account: account.fetched_at or datetime.min.replace(tzinfo=UTC)
            )
            store.save_accounts(captures)
            summary.accounts += len(taken)
        case "posts":
            store.save_posts(Post.model_validate(row) for row in taken)
            summary.posts += len(taken)
        case _:
            store.record_changes(Change.model_validate(row) for row in taken)
            summary.changes += len(taken)


def export_store(url: str, directory: Path) -> tuple[Path, ...]:
    """Write a store as accounts.jsonl, posts.jsonl and changes.jsonl; all three or none.

    Returns:
        The files, readable by their owner only; the same store gives the same bytes.

    Raises:
        InputError: the directory holds a dataset already; it is unchanged.
        OutputError: it cannot be written.
    """
    with open_store(url) as store, ExitStack() as stack:
        values: dict[Kind, Iterable[Account | Post | Change]] = {
            "accounts": store.list_accounts(),
            "posts": store.list_posts(),
            "changes": store.list_changes(),
        }
        try:
            directory.mkdir(parents=True, exist_ok=True)
            _check_free(directory)
            written = [(stack, directory / f"{kind}.jsonl", values[kind]) for kind in KINDS]
            beside = [_write_beside(*each) for each in written]
            # Renamed when all three are whole; a reader never sees half an export.
            for temporary, (_, path, _) in zip(beside, written, strict=True):
                temporary.replace(path)
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror})", str(directory)) from error
    return tuple(path for _, path, _ in written)


def _check_free(directory: Path) -> None:
    for path in sorted(directory.iterdir()):
        kind = kind_of(path)
        # An earlier export, or the platform's own: neither is replaced unasked.
        if kind and (path.is_dir() or suffix_of(path)):
            raise InputError(f"already holds {kind}; name an empty or a new directory", str(path))


def _write_beside(stack: ExitStack, path: Path, values: Iterable[Account | Post | Change]) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    stack.callback(temporary.unlink, missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        for value in values:
            shown = value.model_dump(exclude_none=True)
            line = json.dumps(shown, ensure_ascii=False, default=_time, separators=(",", ":"))
            file.write(line + "\n")
    return temporary


def _time(item: object) -> str:
    if not isinstance(item, datetime):
        raise TypeError(f"no JSON form for {type(item).__name__}")
    return item.astimezone(CHINA).isoformat()
