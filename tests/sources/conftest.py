"""Datasets written for a test."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.model import Rejection
from auditor.sources import KINDS, SCHEMAS, Kind, Source, open_dataset

Row = Mapping[str, object]
Dataset = Callable[..., Path]
Read = Callable[[Source], tuple[dict[Kind, list[dict[str, object]]], list[Rejection]]]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Write a dataset; rows become JSON lines, text and bytes are written as they are."""

    def write(**files: Sequence[Row] | str | bytes) -> Path:
        directory = tmp_path / "data"
        directory.mkdir(exist_ok=True)
        for name, content in files.items():
            path = directory / name.replace("__", ".")
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif isinstance(content, str):
                path.write_text(content, encoding="utf-8")
            else:
                path.write_text("".join(json.dumps(row) + "\n" for row in content))
        return directory

    return write


@pytest.fixture
def read() -> Read:
    """Read a source whole: rows without provenance, and rejections."""

    def rows(source: Source) -> tuple[dict[Kind, list[dict[str, object]]], list[Rejection]]:
        rejected: list[Rejection] = []
        found: dict[Kind, list[dict[str, object]]] = {}
        for kind in KINDS:
            batches = [
                batch.select(SCHEMAS[kind].names) for batch in source.batches(kind, rejected.append)
            ]
            found[kind] = pa.Table.from_batches(batches, schema=SCHEMAS[kind]).to_pylist()
        return found, rejected

    return rows


@pytest.fixture
def reasons(dataset: Dataset, read: Read) -> Callable[..., list[str]]:
    """The rejections of a dataset as ``file:line: reason``, beside one good account."""

    def found(**files: Sequence[Row] | str | bytes) -> list[str]:
        _, rejected = read(open_dataset(dataset(**files)))
        return [f"{row.file}:{row.line}: {row.reason}" for row in rejected]

    return found
