"""What a run leaves behind besides findings: the rows of the other tables, and its own record."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from auditor.model.notice import Coverage, WordingStatus
from auditor.model.values import EvidenceGrade, FindingClass, Value, Verified

Outcome = Literal["audited", "partial", "failed", "not_fetched"]


class AccountRow(Value):
    """One row of accounts.csv, one for every account of a run; fields are the columns, in order."""

    run_id: str = ""
    rank: int | None = None
    platform: str
    account_id: str
    account_name: str | None = None
    account_url: str | None = None
    outcome: Outcome
    findings: int = 0
    new_findings: int = 0
    highest_grade: EvidenceGrade | None = None
    priority: int | None = None
    items: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    followers: int | None = None
    verified: Verified | None = None
    monetisation: tuple[str, ...] | None = None
    cues: tuple[str, ...] = ()
    top_fact_zh: str | None = None
    top_counter_evidence: str | None = None
    top_question_zh: str | None = None
    not_evaluated: tuple[str, ...] = ()
    last_change_at: str | None = None


class CoverageRow(Value):
    """One row of coverage.csv: what was, and was not, checked for one item."""

    notice_id: str
    validity: str
    item_id: str
    clause: str
    gist_en: str
    text_zh: str
    zh_status: WordingStatus
    coverage: Coverage
    rules: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    accounts_evaluated: int = 0
    accounts_not_evaluated: int = 0
    why_not: str = ""
    findings: int = 0


class RuleRow(Value):
    """One row of rules.csv; counts are of subjects (accounts, posts or changes) in this run.

    ``not_evaluated`` is of accounts, those that no rule had to judge among them.
    """

    rule_id: str
    rule_version: str
    item_ids: tuple[str, ...]
    class_: FindingClass
    status: str
    fired: int = 0
    silenced: int = 0
    not_evaluated: int = 0
    reviewed: int = 0
    upheld: int = 0


class ClusterRow(Value):
    """One row of clusters.csv: one member of a group of copies. ``similarity`` is 0..1.

    ``against`` is what speaks against counting the member, ``hours`` the time from the group's
    first to its last dated post, ``accounts_at_once`` the most accounts that were counted within
    the hours of the limit; both are told of groups across accounts.
    """

    cluster_id: str
    kind: str
    size: int
    accounts: int
    role: str
    account_id: str
    post_id: str
    published_at: str | None = None
    similarity: float | None = None
    against: tuple[str, ...] = ()
    hours: float | None = None
    accounts_at_once: int | None = None


class Rejection(Value):
    """One row of rejected.csv: an input row that was not read, and why. ``line`` is 1-based."""

    file: str
    line: int | None
    kind: str
    reason: str


class SourceRow(Value):
    """One row of sources.csv: how the crawl of one source went."""

    source: str
    planned: int = 0
    fetched: int = 0
    blocked: int = 0
    robots_refused: int = 0
    failed: int = 0
    oldest_post_at: str | None = None


class InputFile(Value):
    """One file that went into a run. ``sha256`` is hex; ``rows`` counts rows kept."""

    path: str
    sha256: str
    rows: int = 0


class Run(Value):
    """The record of a run, as run.json holds it."""

    run_id: str
    schema_version: str
    tool_version: str
    command: tuple[str, ...]
    now: str
    started_at: str
    finished_at: str | None = None
    language: str = "zh"
    workers: int = 1
    notices: tuple[str, ...] = ()
    ruleset_sha256: str = ""
    references_sha256: str = ""
    inputs: tuple[InputFile, ...] = ()
    outputs: tuple[InputFile, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    timings_s: dict[str, float] = Field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    crawl: dict[str, Any] = Field(default_factory=dict)
    exit_code: int = 0
