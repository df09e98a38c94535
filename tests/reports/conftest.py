"""Invented rows; each factory fills what a test does not name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.model import (
    AccountRow,
    ClusterRow,
    CoverageRow,
    Finding,
    InputFile,
    Item,
    Notice,
    Rejection,
    RuleRow,
    Run,
)
from auditor.reports import (
    ReportInput,
    write_accounts_csv,
    write_clusters_csv,
    write_coverage_csv,
    write_findings_jsonl,
    write_rejected_csv,
    write_rules_csv,
    write_run_json,
)

NOW = "2026-11-21T09:30:00+08:00"

FINDING: dict[str, Any] = {
    "run_id": "r1",
    "finding_id": "00aa11bb22cc33dd",
    "priority": 2,
    "rule_id": "name-look-alike",
    "rule_version": "1",
    "item_ids": ("AI22-forbid", "SM23-2.1.a"),
    "class_": "fact",
    "evidence_grade": "E1",
    "strength": "strong",
    "platform": "weibo",
    "account_id": "weibo:6630215874",
    "account_name": "云岭曰报",
    "account_url": "https://weibo.example/u/6630215874",
    "verified": "none",
    "followers": 183402,
    "field": "name",
    "span_start": 0,
    "span_end": 4,
    "quote": "云岭曰报",
    "reference_kind": "media",
    "reference_value": "云岭日报",
    "reference_source": "https://refs.example/media",
    "score_name": "ratio",
    "score_value": 75.0,
    "fact_zh": "名称“云岭曰报”与参照名称“云岭日报”仅第3字不同；页面未显示认证。",
    "fact_en": "The name differs from “云岭日报” in character 3; the page showed no verification.",
    "citation_zh": "所引官方原文一句",
    "citation_status": "seen",
    "citation_en": "The first item, in our words.",
    "question_zh": "该账号是否由名称所近的单位运营？",
    "question_en": "Is this account run by the body whose name it resembles?",
    "steps": "glyph:曰→日@2; equal:云岭日报",
    "guards_checked": ("G-VERIFIED", "G-FAN"),
    "coverage_note": "references:2026-11-21 | campaign_ended:sm23",
    "evidence_sha256": "ab" * 32,
    "captured_at": NOW,
    "first_seen": NOW,
    "last_seen": NOW,
    "doc_title": "文件一",
    "doc_issuer": "机构一",
    "doc_date": "2022-06-27",
}
ACCOUNT: dict[str, Any] = {
    "run_id": "r1",
    "rank": 1,
    "platform": "weibo",
    "account_id": "weibo:6630215874",
    "account_name": "云岭曰报",
    "account_url": "https://weibo.example/u/6630215874",
    "outcome": "audited",
    "findings": 1,
    "new_findings": 1,
    "highest_grade": "E1",
    "priority": 2,
    "items": ("AI22-forbid", "SM23-2.1.a"),
    "rules": ("name-look-alike",),
    "followers": 183402,
    "verified": "none",
    "monetisation": (),
    "top_fact_zh": FINDING["fact_zh"],
    "top_question_zh": FINDING["question_zh"],
}


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return lambda **given: Finding.model_validate(FINDING | given)


@pytest.fixture
def account() -> Callable[..., AccountRow]:
    return lambda **given: AccountRow.model_validate(ACCOUNT | given)


@pytest.fixture
def plain_account(account: Callable[..., AccountRow]) -> AccountRow:
    """An account without a finding, whose verification was not collected."""
    nothing = dict.fromkeys(
        ("rank", "highest_grade", "priority", "verified", "monetisation", "top_fact_zh")
    )
    return account(
        **nothing,
        account_id="weibo:8000",
        account_name="老城茶馆",
        outcome="partial",
        findings=0,
        new_findings=0,
        items=(),
        rules=(),
        top_question_zh=None,
        not_evaluated=("name-place-organ:verified",),
    )


@pytest.fixture
def notices() -> tuple[Notice, ...]:
    def item(item_id: str, **given: Any) -> Item:
        words = {"clause": "1", "gist_en": f"Gist of {item_id}", "gist_zh": f"大意：{item_id}"}
        return Item.model_validate({"item_id": item_id, **words, **given})

    standing = Notice(
        notice_id="ai22",
        title_zh="管理规定",
        title_en="The provisions",
        issuer="机构一",
        date="2022-06-27",
        validity="standing",
        validity_note_zh="现行。",
        validity_note_en="In force.",
        items=(
            item("AI22-forbid", zh_status="seen", text_zh="所引官方原文一句", coverage="checked"),
            item("AI22-x", zh_status="back_translation", text_zh="译回的句子", coverage="not_yet",
                 why_not="尚未包含。", why_not_en="Not part yet."),
        ),
    )  # fmt: skip
    ended = Notice(
        notice_id="sm23",
        title_zh="专项行动",
        title_en="The campaign",
        issuer="机构二",
        date="2023-03-02",
        validity="ended",
        validity_note_zh="已于两个月后结束。",
        validity_note_en="It ended two months later.",
        items=(
            item("SM23-2.1.a", zh_status="seen_fragment", text_zh="[片段]", coverage="assisted"),
            item("SM23-1.2", zh_status="none", coverage="human_only", why_not="由人判断。"),
            item("SM23-W2", zh_status="none", coverage="procedural", why_not="属于平台的要求。"),
        ),
    )
    return standing, ended


@pytest.fixture
def coverage(notices: tuple[Notice, ...]) -> tuple[CoverageRow, ...]:
    return tuple(
        CoverageRow(
            notice_id=notice.notice_id,
            validity=notice.validity,
            item_id=item.item_id,
            clause=item.clause,
            gist_en=item.gist_en,
            text_zh=item.text_zh if item.quotable else "",
            zh_status=item.zh_status,
            coverage=item.coverage,
            rules=("name-look-alike",) if item.coverage in ("checked", "assisted") else (),
            surfaces=("name",),
            accounts_evaluated=1,
            accounts_not_evaluated=1,
            why_not=item.why_not,
            findings=1 if item.coverage == "checked" else 0,
        )
        for notice in notices
        for item in notice.items
    )


@pytest.fixture
def run() -> Run:
    return Run(
        run_id="r1",
        schema_version="1",
        tool_version="0.1.0",
        command=("auditor", "audit", "dataset"),
        now=NOW,
        started_at=NOW,
        finished_at=NOW,
        notices=("ai22", "sm23"),
        ruleset_sha256="cd" * 32,
        references_sha256="ef" * 32,
        inputs=(InputFile(path="accounts.csv", sha256="12" * 32, rows=2),),
        counts={"accounts": 2, "posts": 1873},
        warnings=("1 rows were rejected; see rejected.csv",),
    )


@pytest.fixture
def rules() -> tuple[RuleRow, ...]:
    return (
        RuleRow(
            rule_id="name-look-alike",
            rule_version="1",
            item_ids=("AI22-forbid", "SM23-2.1.a"),
            class_="fact",
            status="stable",
            fired=1,
            silenced=2,
            not_evaluated=3,
        ),
    )


@pytest.fixture
def cluster() -> ClusterRow:
    return ClusterRow(
        cluster_id="c-1",
        kind="same_text",
        size=2,
        accounts=2,
        role="first",
        account_id="weibo:6630215874",
        post_id="weibo:6630215874:p1",
        published_at=NOW,
        similarity=0.98,
    )


@pytest.fixture
def rejection() -> Rejection:
    return Rejection(file="posts.jsonl", line=None, kind="posts", reason="published_at: no offset")


@pytest.fixture
def report(
    run: Run,
    finding: Callable[..., Finding],
    account: Callable[..., AccountRow],
    plain_account: AccountRow,
    coverage: tuple[CoverageRow, ...],
    rules: tuple[RuleRow, ...],
    rejection: Rejection,
    notices: tuple[Notice, ...],
) -> Callable[..., ReportInput]:
    def build(**given: Any) -> ReportInput:
        values: dict[str, Any] = {
            "run": run,
            "findings": [finding()],
            "accounts": [account(), plain_account],
            "coverage": coverage,
            "rules": rules,
            "rejected": [rejection],
            "notices": notices,
        }
        return ReportInput(**(values | given))

    return build


@pytest.fixture
def stored_run(
    tmp_path: Path,
    run: Run,
    finding: Callable[..., Finding],
    account: Callable[..., AccountRow],
    plain_account: AccountRow,
    coverage: tuple[CoverageRow, ...],
    rules: tuple[RuleRow, ...],
    cluster: ClusterRow,
    rejection: Rejection,
) -> Path:
    """A finished run directory."""
    directory = tmp_path / "r1"
    directory.mkdir()
    write_findings_jsonl(directory / "findings.jsonl", [finding()])
    write_accounts_csv(directory / "accounts.csv", [account(), plain_account])
    write_coverage_csv(directory / "coverage.csv", coverage)
    write_rules_csv(directory / "rules.csv", rules)
    write_clusters_csv(directory / "clusters.csv", [cluster])
    write_rejected_csv(directory / "rejected.csv", [rejection])
    write_run_json(directory / "run.json", run)
    return directory
