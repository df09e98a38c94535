"""A finding: one row for a person to read; its fields are the columns of findings.csv, in order."""

from __future__ import annotations

from typing import Literal

from auditor.model.values import EvidenceGrade, FindingClass, Strength, Value, Verified

SCHEMA_VERSION = "1"

Delta = Literal["new", "open", "changed", "reappeared", "gone"]
FindingStatus = Literal[
    "new",
    "in_review",
    "upheld",
    "dismissed",
    "needs_identity_check",
    "needs_more",
    "referred",
    "appealed",
    "overturned",
    "suppressed",
]


class Finding(Value):
    """One fact about one account, with its evidence, citation and counter-evidence.

    The order of the fields is the order of the columns (contracts, section 4). ``None`` and the
    empty tuple become an empty cell. Times are ISO 8601 text in +08:00. ``account_id`` is
    ``platform:id``, ``post_id`` is ``platform:account:post``. Identifiers inside ``quote`` are
    masked already.
    """

    schema_version: str = SCHEMA_VERSION
    run_id: str = ""
    finding_id: str
    delta: Delta = "new"
    status: FindingStatus = "new"
    priority: int
    rule_id: str
    rule_version: str
    item_ids: tuple[str, ...]
    class_: FindingClass
    evidence_grade: EvidenceGrade
    strength: Strength
    platform: str
    account_id: str
    account_name: str | None = None
    account_url: str | None = None
    verified: Verified | None = None
    verified_label: str | None = None
    followers: int | None = None
    post_id: str | None = None
    post_url: str | None = None
    published_at: str | None = None
    field: str = ""
    span_start: int | None = None
    span_end: int | None = None
    quote: str = ""
    reference_kind: str | None = None
    reference_id: str | None = None
    reference_value: str | None = None
    reference_source: str | None = None
    score_name: str | None = None
    score_value: float | None = None
    threshold: float | None = None
    sample_n: int | None = None
    fact_zh: str
    fact_en: str
    citation_zh: str = ""
    citation_status: str = ""
    citation_en: str = ""
    question_zh: str = ""
    question_en: str = ""
    steps: str = ""
    counter_evidence: tuple[str, ...] = ()
    guards_checked: tuple[str, ...] = ()
    guards_hit: tuple[str, ...] = ()
    not_evaluated: tuple[str, ...] = ()
    coverage_note: str = ""
    views: int | None = None
    reposts: int | None = None
    cluster_id: str | None = None
    evidence_ids: tuple[str, ...] = ()
    evidence_sha256: str = ""
    captured_at: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    decision: str | None = None
    decision_reason: str | None = None
    reviewer: str | None = None
    decided_at: str | None = None
    disposition_hint: str | None = None
    law_refs: tuple[str, ...] = ()
    doc_title: str | None = None
    doc_issuer: str | None = None
    doc_date: str | None = None
    organisation: str | None = None
    mcn: str | None = None
    post_state: str | None = None
    counts_at: str | None = None
    pii_kinds: tuple[str, ...] = ()
    minor_flag: str | None = None
    cluster_size: int | None = None
    cluster_role: str | None = None
    upheld_90d: int | None = None
    upheld_365d: int | None = None
    name_tier: str | None = None
    rank_points: int | None = None
    rank_reasons: tuple[str, ...] = ()
