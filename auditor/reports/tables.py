"""The tables of a run directory: CSV for people and spreadsheets, JSON lines for programs.

CSV is UTF-8 with BOM and RFC 4180 line ends; JSON lines hold the same keys without the guards of
a spreadsheet. Every writer streams: a few rows are in memory at a time.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from auditor.model import (
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
from auditor.reports.cells import storable
from auditor.reports.columns import (
    ACCOUNTS,
    CLUSTERS,
    COVERAGE,
    FINDINGS,
    REJECTED,
    REVIEW_HEADER,
    RULES,
    SOURCES,
    Table,
    review_row,
)
from auditor.reports.editions import TRIAGE, Edition
from auditor.reports.files import atomic, write_text
from auditor.reports.lines import csv_lines

BYTE_ORDER_MARK = "\ufeff"
URGENT_PRIORITY = 1
"""Rows of this priority go to urgent.jsonl (specification 4.4: 1 is looked at the same day)."""

_TOGETHER = 256
"""Rows of CSV that go to the file at once: one by one, their encoding costs as much as they do."""

V = TypeVar("V", bound=Value)
Bytes = bytes | memoryview

# Line ends to a reader that splits by str.splitlines(); inside JSON they may always be escaped.
_BREAKS = re.compile("[\x7f\x85\u2028\u2029]")


def write_findings_csv(
    path: Path, findings: Iterable[Finding], *, edition: Edition = TRIAGE
) -> None:
    """Write findings.csv, in the order given.

    Raises:
        OutputError: the file system refused; this holds for every writer here.
    """
    _write_table(path, FINDINGS, map(edition.finding, findings))


def write_accounts_csv(
    path: Path,
    rows: Iterable[AccountRow],
    unflagged: Iterable[Bytes] = (),
    *,
    edition: Edition = TRIAGE,
) -> None:
    """Write accounts.csv: one row for every account of the run, flagged or not.

    ``unflagged`` are the lines of further rows in UTF-8, in their order (``reports.accounts``).
    """
    flagged = map(ACCOUNTS.row, map(edition.account, rows))
    _write_rows(path, ACCOUNTS.header, flagged, unflagged)


def write_clusters_csv(
    path: Path,
    rows: Iterable[ClusterRow],
    lines: Iterable[Bytes] = (),
    *,
    edition: Edition = TRIAGE,
) -> None:
    """Write clusters.csv: one row a member of a group of copies.

    ``lines`` are those of further rows in UTF-8, in their order (``reports.clusters``).
    """
    members = map(CLUSTERS.row, map(edition.cluster, rows))
    _write_rows(path, CLUSTERS.header, members, lines)


def write_coverage_csv(path: Path, rows: Iterable[CoverageRow]) -> None:
    """Write coverage.csv: one row an item of every notice loaded."""
    _write_table(path, COVERAGE, rows)


def write_rules_csv(path: Path, rows: Iterable[RuleRow]) -> None:
    """Write rules.csv: one row a rule."""
    _write_table(path, RULES, rows)


def write_rejected_csv(path: Path, rows: Iterable[Rejection], *, edition: Edition = TRIAGE) -> None:
    """Write rejected.csv: one row for every input row that was not read."""
    _write_table(path, REJECTED, map(edition.rejection, rows))


def write_sources_csv(path: Path, rows: Iterable[SourceRow]) -> None:
    """Write sources.csv: how the crawl of each source went."""
    _write_table(path, SOURCES, rows)


def write_review_csv(path: Path, findings: Iterable[Finding], *, edition: Edition = TRIAGE) -> None:
    """Write review.csv: what a reviewer needs for thirty seconds with each finding."""
    _write_rows(path, REVIEW_HEADER, map(review_row, map(edition.finding, findings)))


def write_findings_jsonl(
    path: Path, findings: Iterable[Finding], *, edition: Edition = TRIAGE
) -> None:
    """Write findings.jsonl: the columns of findings.csv as keys; lists are lists, unknown null."""
    with atomic(path) as file:
        for finding in findings:
            file.write(json_line(_record(FINDINGS, edition.finding(finding))))


def write_urgent_jsonl(
    path: Path, findings: Iterable[Finding], *, edition: Edition = TRIAGE
) -> None:
    """Write urgent.jsonl: the findings of priority 1 alone."""
    urgent = (finding for finding in findings if finding.priority == URGENT_PRIORITY)
    write_findings_jsonl(path, urgent, edition=edition)


def write_run_json(path: Path, run: Run) -> None:
    """Write run.json, indented for people."""
    record = _plain(TRIAGE.run(run).model_dump(mode="json"))
    write_text(path, _escaped(json.dumps(record, ensure_ascii=False, indent=2)) + "\n")


def json_line(record: dict[str, Any]) -> str:
    """Return one line of JSON with its line end; no text inside can break the line."""
    text = json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))
    return _escaped(text) + "\n"


def _escaped(text: str) -> str:
    return _BREAKS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _record(table: Table[V], value: V) -> dict[str, Any]:
    return {
        column: getattr(value, name)
        for column, name in zip(table.header, table.fields, strict=True)
    }


def _plain(value: Any) -> Any:
    """Return JSON that any reader can hold: no NUL, no lone surrogate, no infinity."""
    if isinstance(value, str):
        return storable(value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value


def _write_table(path: Path, table: Table[V], values: Iterable[V]) -> None:
    _write_rows(path, table.header, map(table.row, values))


def _write_rows(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], lines: Iterable[Bytes] = ()
) -> None:
    coming = chain((header,), rows)
    with atomic(path) as file:
        file.write(BYTE_ORDER_MARK)
        while some := list(islice(coming, _TOGETHER)):
            file.write(csv_lines(some))
        for text in lines:
            file.append(text)
