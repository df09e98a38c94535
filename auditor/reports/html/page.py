"""The whole page: values in, one HTML text out; it asks nothing of network, clock or script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from auditor.model import (
    AccountRow,
    CoverageRow,
    Finding,
    Notice,
    Rejection,
    RuleRow,
    Run,
    SourceRow,
)
from auditor.model.notice import Coverage
from auditor.reports.editions import TRIAGE, Edition
from auditor.reports.files import write_text
from auditor.reports.html.cards import (
    Card,
    Library,
    account_verification,
    card,
    field_name,
    first_cards,
    gap,
)
from auditor.reports.html.charts import Part, bar, stacked
from auditor.reports.html.coverage import coverage_by_notice, item_rows
from auditor.reports.html.foreign import MAX_NAME_SHOWN, foreign, web_address
from auditor.reports.html.summary import (
    AccountTally,
    FindingTally,
    Unflagged,
    tally_accounts,
    tally_findings,
    tally_rejections,
)
from auditor.reports.html.wording import Language, Wording, read_wording

STATES: tuple[Coverage, ...] = ("checked", "assisted", "not_yet", "human_only", "procedural")
PRIORITIES = (1, 2, 3, 4, 5)
_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)T(?P<minute>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?P<offset>Z|[+-]\d\d:\d\d)"
)
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class ReportInput:
    """All that the page shows; iterables are read once.

    ``findings`` and ``accounts`` come in the order in which a reviewer should look. The page shows
    the first ``max_findings`` and ``max_accounts`` in full and counts all. Those of
    ``unflagged`` are counted and do not come in ``accounts``.
    """

    run: Run
    findings: Iterable[Finding]
    accounts: Iterable[AccountRow]
    coverage: Sequence[CoverageRow]
    rules: Sequence[RuleRow] = ()
    unflagged: Unflagged = field(default_factory=Unflagged)
    rejected: Iterable[Rejection] = ()
    sources: Sequence[SourceRow] = ()
    notices: tuple[Notice, ...] = ()
    language: Language = "zh"
    edition: Edition = field(default=TRIAGE)
    max_findings: int = 100
    max_accounts: int = 100


def write_report_html(path: Path, report: ReportInput) -> None:
    """Write report.html.

    Raises:
        OutputError: the file system refused.
    """
    write_text(path, render_report(report))


def render_report(report: ReportInput) -> str:
    """Return the page; equal input gives equal text."""
    wording = read_wording(report.language)
    library = Library.of(report.notices)
    findings = tally_findings(report.findings, report.edition, report.max_findings)
    accounts = tally_accounts(
        report.accounts, report.unflagged, report.edition, report.max_accounts
    )
    cards = [card(n, row, library, wording) for n, row in enumerate(findings.first, start=1)]
    values: dict[str, Any] = {
        "run": report.edition.run(report.run),
        "edition": report.edition.name,
        "findings": findings,
        "accounts": accounts,
        "rejected": tally_rejections(report.rejected, report.edition),
        "sources": report.sources,
        "rules": report.rules,
        "cards": cards,
        "first_cards": first_cards(cards),
        "items": item_rows(report.coverage, findings.by_item, library, wording),
        "notices": coverage_by_notice(report.coverage, library, wording),
        "listed": {row.item_id for row in report.coverage},
        "states": _states(report.coverage),
        **_charts(report, findings, accounts, wording),
    }
    return _environment(report.language).get_template("report.html.j2").render(values)


def _states(coverage: Sequence[CoverageRow]) -> dict[str, int]:
    return {state: sum(row.coverage == state for row in coverage) for state in STATES}


def _charts(
    report: ReportInput, findings: FindingTally, accounts: AccountTally, wording: Wording
) -> dict[str, tuple[Part, ...]]:
    """Return the parts of the stacked bars."""
    states = _states(report.coverage)
    outcomes = ("audited", "partial", "not_fetched", "failed")
    return {
        "priority_parts": tuple(
            Part(wording("priority", n=n), findings.by_priority[n], f"tone{n}") for n in PRIORITIES
        ),
        "state_parts": tuple(
            Part(wording.choice("coverage", state), states[state], f"tone{n}")
            for n, state in enumerate(STATES, start=1)
        ),
        "outcome_parts": tuple(
            Part(wording.choice("outcome", name), accounts.outcomes[name], f"tone{n}")
            for n, name in zip((1, 3, 4, 5), outcomes, strict=True)
        ),
    }


@cache
def _environment(language: Language) -> Environment:
    """Return the templates of one language; every value is escaped unless it says otherwise."""
    wording = read_wording(language)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= _names(wording)
    return environment


def _names(wording: Wording) -> Mapping[str, Any]:
    return {
        "t": wording,
        "lang": wording.tag,
        "bar": bar,
        "stacked": stacked,
        "foreign": foreign,
        "web_address": web_address,
        "max_name": MAX_NAME_SHOWN,
        "mark_of": lambda row: account_verification(row, wording),
        "gap": lambda entry: gap(entry, wording),
        "field_name": lambda name: field_name(name, wording),
        "count": _count,
        "moment": _moment,
    }


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _moment(value: str | None) -> str:
    """Return ISO 8601 as people read it, to the minute; the page says once that it is +08:00."""
    match = _INSTANT.fullmatch(value or "")
    if match is None:
        return value or ""
    offset = "" if match["offset"] == "+08:00" else f" {match['offset']}"
    return f"{match['day']} {match['minute']}{offset}"


__all__ = ["Card", "ReportInput", "render_report", "write_report_html"]
