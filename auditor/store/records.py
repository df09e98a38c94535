"""Writing what is no capture: ledger lines, crawls, runs and findings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import count
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, insert, select
from sqlmodel import SQLModel

from auditor.model import CrawlSummary, FetchOutcome, Finding, Run
from auditor.store.bulk import Cells, insert_rows, run_rows
from auditor.store.captures import plain
from auditor.store.keyed import rows_of, table_of
from auditor.store.tables import CrawlTable, FindingTable, OutcomeTable, RuleTextTable, RunTable

_CELLS = ("finding_id", "account_id", "rule_id", "priority", "delta", "status")
_ROW = ("run_id", *_CELLS, "position", "text_id", "data")
# What hangs on the rule and on a document, and not on the account: a third to a half of a finding.
_SHARED_FIELDS = (
    "schema_version",
    "rule_version",
    "item_ids",
    "class_",
    "evidence_grade",
    "citation_zh",
    "citation_status",
    "citation_en",
    "question_zh",
    "question_en",
    "guards_checked",
    "disposition_hint",
    "law_refs",
    "doc_title",
    "doc_issuer",
    "doc_date",
)
_shared = itemgetter(*_SHARED_FIELDS)
_cells = itemgetter(*_CELLS)
_ELSEWHERE = {*_SHARED_FIELDS, *_CELLS}
_render = Finding.__pydantic_serializer__.to_json

_FORGET = "DELETE FROM finding WHERE run_id = {} AND finding_id = {}"
_KEEP_TEXT = "INSERT INTO rule_text (text_id, data) VALUES ({}, {json}) ON CONFLICT DO NOTHING"


def record_outcome(connection: Connection, outcome: FetchOutcome) -> None:
    """Add a line to the ledger."""
    names = ("run_id", "spider", "subject", "outcome", "at", "url", "status")
    row: dict[str, Any] = {name: getattr(outcome, name) for name in names}
    row["data"] = outcome.model_dump(mode="json", exclude_none=True)
    connection.execute(insert(OutcomeTable), [row])


def save_crawl(connection: Connection, summary: CrawlSummary) -> None:
    """Keep how a crawl ended."""
    row = {name: getattr(summary, name) for name in ("run_id", "spider", "exit_code")}
    _replace(connection, CrawlTable, row | {"data": summary.model_dump(mode="json")})


def save_run(connection: Connection, run: Run) -> None:
    """Keep the record of a run."""
    row = {name: getattr(run, name) for name in ("run_id", "started_at", "exit_code")}
    _replace(connection, RunTable, row | {"data": run.model_dump(mode="json")})


def _replace(connection: Connection, model: type[SQLModel], row: dict[str, Any]) -> None:
    table = table_of(model)
    same = table.c.run_id == row["run_id"]
    # Not delete and insert: findings refer to their run.
    if connection.execute(select(table.c.run_id).where(same)).first() is None:
        connection.execute(insert(table), [row])
    else:
        connection.execute(table.update().where(same).values(row))


def save_findings(connection: Connection, run_id: str, findings: Sequence[Finding]) -> None:
    """Keep findings; one that is there already keeps its place."""
    latest = {finding.finding_id: finding for finding in findings}
    table = table_of(FindingTable).c
    last = select(func.max(table.position)).where(table.run_id == run_id)
    following = connection.execute(last).scalar()
    kept: dict[str, int] = {}
    if following is not None:
        wanted = [(run_id, name) for name in latest]
        columns, key = (table.finding_id, table.position), (table.run_id, table.finding_id)
        kept = {row[0]: row[1] for row in rows_of(connection, columns, key, wanted)}
    # Those that are there are written anew at the place they had.
    run_rows(connection, _FORGET, [(run_id, name) for name in kept])
    places = count(0 if following is None else following + 1)
    texts = _Texts()
    rows: list[Cells] = [
        (
            run_id,
            *_cells(finding.__dict__),
            kept[name] if name in kept else next(places),
            texts.id_of(finding),
            _render(finding, exclude=_ELSEWHERE, exclude_none=True),
        )
        for name, finding in latest.items()
    ]
    run_rows(connection, _KEEP_TEXT, list(texts.rows.values()))
    insert_rows(connection, table_of(FindingTable), _ROW, rows)


class _Texts:
    """What findings say alike, each under the digest of it."""

    def __init__(self) -> None:
        self.rows: dict[str, Cells] = {}
        self._ids: dict[tuple[object, ...], str] = {}

    def id_of(self, finding: Finding) -> str:
        """Under which id the text of a finding is kept."""
        shared = _shared(finding.__dict__)
        text_id = self._ids.get(shared)
        if text_id is None:
            data = _render(finding, include=set(_SHARED_FIELDS), exclude_none=True)
            text_id = self._ids[shared] = hashlib.sha256(data).hexdigest()[:32]
            self.rows[text_id] = (text_id, data)
        return text_id


def list_columns() -> tuple[ColumnElement[Any], ...]:
    """What ``finding_of`` takes: columns of findings and of texts, which may be missing."""
    table, texts = table_of(FindingTable).c, table_of(RuleTextTable).c
    return (table.data, cast(texts.data, Text), *(table[name] for name in _CELLS))


def finding_of(data: Mapping[str, Any], text: str | None, *cells: object) -> Finding:
    """Put a finding together from its row and what it says alike with others.

    Raises:
        ValueError: it is none.
    """
    said = _parsed(text) if text else {}
    return Finding.model_validate({**said, **data, **dict(zip(_CELLS, cells, strict=True))})


@lru_cache(maxsize=1024)  # a rule has a few texts, a run many findings of each
def _parsed(text: str) -> dict[str, Any]:
    return plain(text)
