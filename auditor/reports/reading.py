"""The tables of a run directory read back into values, to write its reports again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from auditor.errors import InputError
from auditor.model import (
    SCHEMA_VERSION,
    AccountRow,
    ClusterRow,
    CoverageRow,
    Finding,
    Rejection,
    RuleRow,
    Run,
    SourceRow,
    Value,
)
from auditor.reports.cells import NONE, split, unguarded
from auditor.reports.columns import (
    ACCOUNTS,
    CLUSTERS,
    COVERAGE,
    REJECTED,
    RULES,
    SOURCES,
    Table,
)

V = TypeVar("V", bound=Value)


def read_findings_jsonl(path: Path) -> Iterator[Finding]:
    """Yield the findings of findings.jsonl.

    Raises:
        InputError: the file cannot be read, or a line is no finding; this holds for every reader
            here.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _finding(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def read_accounts_csv(path: Path) -> Iterator[AccountRow]:
    """Yield the rows of accounts.csv."""
    return _rows(path, ACCOUNTS)


def read_clusters_csv(path: Path) -> Iterator[ClusterRow]:
    """Yield the rows of clusters.csv."""
    return _rows(path, CLUSTERS)


def read_coverage_csv(path: Path) -> Iterator[CoverageRow]:
    """Yield the rows of coverage.csv."""
    return _rows(path, COVERAGE)


def read_rules_csv(path: Path) -> Iterator[RuleRow]:
    """Yield the rows of rules.csv."""
    return _rows(path, RULES)


def read_rejected_csv(path: Path) -> Iterator[Rejection]:
    """Yield the rows of rejected.csv."""
    return _rows(path, REJECTED)


def read_sources_csv(path: Path) -> Iterator[SourceRow]:
    """Yield the rows of sources.csv."""
    return _rows(path, SOURCES)


def read_run_json(path: Path) -> Run:
    """Return the record of a run."""
    try:
        return Run.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise _unreadable(path, error) from error


def _finding(line: str, where: str) -> Finding:
    try:
        record = json.loads(line)
        if isinstance(record, dict) and "class" in record:
            record["class_"] = record.pop("class")
        return Finding.model_validate(record)
    except (json.JSONDecodeError, ValidationError) as error:
        raise _unreadable(where, error) from error


def _rows(path: Path, table: Table[V]) -> Iterator[V]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            _check_header(next(reader, []), table, path)
            for cells in reader:
                yield _value(cells, table, f"{path}:{reader.line_num}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from error


def _check_header(header: list[str], table: Table[V], path: Path) -> None:
    if tuple(header) != table.header:
        raise InputError(
            f"the columns are not those of schema {SCHEMA_VERSION}: {', '.join(table.header)}",
            f"{path}:1",
        )


def _value(cells: list[str], table: Table[V], where: str) -> V:
    """Return one row; an empty cell is the field's default, or an empty text where it has none."""
    record: dict[str, Any] = {}
    try:
        for name, text in zip(table.fields, cells, strict=True):
            if not text:
                record |= table.unknown(name)
            elif table.is_list(name):
                is_empty = text == NONE and table.is_nullable_list(name)
                record[name] = () if is_empty else split(unguarded(text))
            else:
                record[name] = unguarded(text)
        return table.model.model_validate(record)
    except ValueError as error:  # pydantic's ValidationError is one
        raise _unreadable(where, error) from error


def _unreadable(where: Path | str, error: Exception) -> InputError:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    elif isinstance(error, OSError):
        reason = error.strerror or str(error)
    else:
        reason = str(error)
    return InputError(f"not a file that this version wrote ({reason})", str(where))
