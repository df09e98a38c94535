"""What the page counts, gathered in one pass over rows that may be a hundred thousand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from auditor.model import AccountRow, Finding, Rejection
from auditor.reports.editions import Edition

MAX_REJECTED = 20
"""Examples of rejected rows on the page; all of them stand in rejected.csv."""


@dataclass(slots=True)
class FindingTally:
    """Counts over all findings, and the first of them in full."""

    total: int = 0
    new: int = 0
    by_priority: Counter[int] = field(default_factory=Counter)
    by_grade: Counter[str] = field(default_factory=Counter)
    by_item: Counter[str] = field(default_factory=Counter)
    first: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Unflagged:
    """Counts of accounts without a finding, where their rows are not at hand."""

    total: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    with_gaps: int = 0

    def add(self, outcome: str, has_gaps: bool, accounts: int = 1) -> None:
        """Count so many accounts of one kind."""
        self.total += accounts
        self.outcomes[outcome] += accounts
        self.with_gaps += accounts if has_gaps else 0


@dataclass(slots=True)
class AccountTally:
    """Counts over all accounts, and the first that have findings in full."""

    total: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    with_findings: int = 0
    with_gaps: int = 0
    first: list[AccountRow] = field(default_factory=list)

    @property
    def audited(self) -> int:
        """Accounts that were looked at, wholly or in part: the only honest denominator."""
        return self.outcomes["audited"] + self.outcomes["partial"]


@dataclass(slots=True)
class RejectionTally:
    """Counts of rejected rows by file and kind, and the first of them."""

    total: int = 0
    by_kind: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: list[Rejection] = field(default_factory=list)


def tally_findings(rows: Iterable[Finding], edition: Edition, limit: int) -> FindingTally:
    """Count findings, in the order given; keep the first ``limit``."""
    tally = FindingTally()
    for row in rows:
        tally.total += 1
        tally.new += row.delta == "new"
        tally.by_priority[row.priority] += 1
        tally.by_grade[row.evidence_grade] += 1
        tally.by_item.update(row.item_ids)
        if len(tally.first) < limit:
            tally.first.append(edition.finding(row))
    return tally


def tally_accounts(
    rows: Iterable[AccountRow], unflagged: Unflagged, edition: Edition, limit: int
) -> AccountTally:
    """Count accounts, ``unflagged`` ones too; keep the first ``limit`` rows that have findings."""
    tally = AccountTally(unflagged.total, unflagged.outcomes.copy(), 0, unflagged.with_gaps)
    for row in rows:
        tally.total += 1
        tally.outcomes[row.outcome] += 1
        tally.with_gaps += bool(row.not_evaluated)
        if row.findings:
            tally.with_findings += 1
            if len(tally.first) < limit:
                tally.first.append(edition.account(row))
    return tally


def tally_rejections(rows: Iterable[Rejection], edition: Edition) -> RejectionTally:
    """Count rejected rows; keep the first few as examples, unless strangers may read the page."""
    limit = MAX_REJECTED if edition.name == "triage" else 0
    tally = RejectionTally()
    for row in rows:
        tally.total += 1
        tally.by_kind[row.file, row.kind] += 1
        if len(tally.first) < limit:
            tally.first.append(edition.rejection(row))
    return tally
