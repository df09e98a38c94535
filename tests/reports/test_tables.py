from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model import (
    AccountRow,
    ClusterRow,
    CoverageRow,
    Finding,
    Rejection,
    RuleRow,
    Run,
    SourceRow,
)
from auditor.reports import (
    write_accounts_csv,
    write_clusters_csv,
    write_coverage_csv,
    write_findings_csv,
    write_findings_jsonl,
    write_rejected_csv,
    write_review_csv,
    write_rules_csv,
    write_run_json,
    write_sources_csv,
    write_urgent_jsonl,
)
from auditor.reports.cells import cell
from auditor.reports.columns import COVERAGE

FINDINGS_HEADER = (
    "schema_version, run_id, finding_id, delta, status, priority, rule_id, rule_version, "
    "item_ids, class, evidence_grade, strength, platform, account_id, account_name, "
    "account_url, verified, verified_label, followers, post_id, post_url, published_at, "
    "field, span_start, span_end, quote, reference_kind, reference_id, reference_value, "
    "reference_source, score_name, score_value, threshold, sample_n, fact_zh, fact_en, "
    "citation_zh, citation_status, citation_en, question_zh, question_en, steps, "
    "counter_evidence, guards_checked, guards_hit, not_evaluated, coverage_note, views, "
    "reposts, cluster_id, evidence_ids, evidence_sha256, captured_at, first_seen, last_seen, "
    "decision, decision_reason, reviewer, decided_at, disposition_hint, law_refs, doc_title, "
    "doc_issuer, doc_date, organisation, mcn, post_state, counts_at, pii_kinds, minor_flag, "
    "cluster_size, cluster_role, upheld_90d, upheld_365d, "
    # Added behind the columns that the contracts fix.
    "name_tier, rank_points, rank_reasons"
)
ACCOUNTS_HEADER = (
    "run_id, rank, platform, account_id, account_name, account_url, outcome, findings, "
    "new_findings, highest_grade, priority, items, rules, followers, verified, monetisation, cues, "
    "top_fact_zh, top_counter_evidence, top_question_zh, not_evaluated, last_change_at"
)
COVERAGE_HEADER = (
    "item_id, clause, gist_en, text_zh, zh_status, coverage, rules, surfaces, accounts_evaluated, "
    "accounts_not_evaluated, why_not, findings, notice_id, validity"
)
REVIEW_HEADER = (
    "priority, account_name, verified_label, followers, fact_zh, quote, reference_value, "
    "reference_url, counter_evidence, not_evaluated, question_zh, decision, reason, account_url, "
    "finding_id"
)
RULES_HEADER = (
    "rule_id, rule_version, item_ids, class, status, fired, silenced, not_evaluated, "
    "reviewed, upheld"
)
CLUSTERS_HEADER = (
    "cluster_id, kind, size, accounts, role, account_id, post_id, published_at, similarity, "
    "against, hours, accounts_at_once"
)
REJECTED_HEADER = "file, line, kind, reason"
SOURCES_HEADER = "source, planned, fetched, blocked, robots_refused, failed, oldest_post_at"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("write", "header"),
    [
        (write_findings_csv, FINDINGS_HEADER),
        (write_accounts_csv, ACCOUNTS_HEADER),
        (write_coverage_csv, COVERAGE_HEADER),
        (write_review_csv, REVIEW_HEADER),
        (write_rules_csv, RULES_HEADER),
        (write_clusters_csv, CLUSTERS_HEADER),
        (write_rejected_csv, REJECTED_HEADER),
        (write_sources_csv, SOURCES_HEADER),
    ],
)
def test_the_columns_are_those_of_the_contract_in_its_order(
    tmp_path: Path, write: Callable[[Path, list[object]], None], header: str
) -> None:
    write(tmp_path / "t.csv", [])
    expected = "\ufeff" + ",".join(header.split(", ")) + "\r\n"
    assert (tmp_path / "t.csv").read_bytes() == expected.encode("utf-8")


def test_coverage_holds_every_field_of_its_row() -> None:
    assert sorted(COVERAGE.fields) == sorted(CoverageRow.model_fields)


def test_a_finding_fills_its_row_and_leaves_the_unknown_empty(
    tmp_path: Path, finding: Callable[..., Finding]
) -> None:
    write_findings_csv(tmp_path / "f.csv", [finding(counter_evidence=("一", "二 | 三"))])
    (row,) = rows(tmp_path / "f.csv")
    assert row["class"] == "fact"
    assert row["item_ids"] == "AI22-forbid | SM23-2.1.a"
    assert row["counter_evidence"] == "一 | 二 \\| 三"
    assert row["score_value"] == "75.0"
    assert row["post_id"] == row["law_refs"] == row["disposition_hint"] == row["decision"] == ""
    assert row["account_id"] == "weibo:6630215874"


@pytest.mark.parametrize(
    ("monetisation", "shown"), [(None, ""), ((), "none"), (("shop", "ads"), "shop | ads")]
)
def test_nothing_shown_is_not_the_same_as_not_collected(
    tmp_path: Path,
    account: Callable[..., AccountRow],
    monetisation: tuple[str, ...] | None,
    shown: str,
) -> None:
    write_accounts_csv(tmp_path / "a.csv", [account(monetisation=monetisation)])
    assert rows(tmp_path / "a.csv")[0]["monetisation"] == shown


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(st.characters(), max_size=40))
def test_any_name_a_stranger_chooses_comes_back_as_the_guarded_cell(
    tmp_path: Path, account: Callable[..., AccountRow], text: str
) -> None:
    write_accounts_csv(tmp_path / "a.csv", [account(cues=(text,)), account()])
    first, second = rows(tmp_path / "a.csv")
    assert first["platform"] == second["platform"] == "weibo"
    data = (tmp_path / "a.csv").read_bytes()
    assert b"\x00" not in data
    assert data.count(b"\r\n") == 3
    assert data.count(b"\n") == 3


def test_a_name_that_is_a_formula_is_text_for_a_spreadsheet(
    tmp_path: Path, finding: Callable[..., Finding]
) -> None:
    name = '=HYPERLINK("https://evil.example")'
    write_findings_csv(tmp_path / "f.csv", [finding(account_name=name)])
    assert rows(tmp_path / "f.csv")[0]["account_name"] == cell(name) == f"'{name}"


def test_json_lines_hold_the_same_keys_unescaped(
    tmp_path: Path, finding: Callable[..., Finding]
) -> None:
    row = finding(account_name="=1+1", quote="a\u2028b\x85c\x00d\ud800e\r\nf")
    write_findings_jsonl(tmp_path / "f.jsonl", [row, finding()])
    lines = (tmp_path / "f.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    record = json.loads(lines[0])
    assert list(record) == FINDINGS_HEADER.split(", ")
    assert record["account_name"] == "=1+1"
    assert record["quote"] == "a\u2028b\x85c\ufffdd\ufffde\nf"
    assert record["item_ids"] == ["AI22-forbid", "SM23-2.1.a"]
    assert record["post_id"] is None


def test_infinite_scores_are_unknown(tmp_path: Path, finding: Callable[..., Finding]) -> None:
    write_findings_jsonl(tmp_path / "f.jsonl", [finding(score_value=float("inf"))])
    assert json.loads((tmp_path / "f.jsonl").read_text())["score_value"] is None


def test_urgent_rows_are_those_of_priority_one(
    tmp_path: Path, finding: Callable[..., Finding]
) -> None:
    found = [finding(priority=n, finding_id=f"f{n}") for n in (1, 2, 1, 5)]
    write_urgent_jsonl(tmp_path / "u.jsonl", found)
    lines = (tmp_path / "u.jsonl").read_text().splitlines()
    assert [json.loads(line)["finding_id"] for line in lines] == ["f1", "f1"]


@pytest.mark.parametrize(
    ("source", "url"),
    [("https://refs.example/1", "https://refs.example/1"), ("名录2026年版", ""), (None, "")],
)
def test_review_rows_link_a_source_only_if_it_is_an_address(
    tmp_path: Path, finding: Callable[..., Finding], source: str | None, url: str
) -> None:
    row = finding(reference_source=source, decision="uphold", decision_reason="核对过")
    write_review_csv(tmp_path / "r.csv", [row])
    (shown,) = rows(tmp_path / "r.csv")
    assert shown["reference_url"] == url
    assert (shown["decision"], shown["reason"]) == ("uphold", "核对过")


def test_writers_stream_and_never_hold_all_rows(
    tmp_path: Path, account: Callable[..., AccountRow]
) -> None:
    sizes: list[int] = []

    def watched() -> Iterator[AccountRow]:
        for _ in range(3000):
            (under_way,) = tmp_path.glob(".a.csv.*.part")
            sizes.append(under_way.stat().st_size)
            yield account()

    write_accounts_csv(tmp_path / "a.csv", watched())
    assert 0 < sizes[1500] < sizes[-1]


def test_the_record_of_a_run_is_readable_json(tmp_path: Path, run: Run) -> None:
    write_run_json(tmp_path / "run.json", run)
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    assert Run.model_validate_json(text) == run
    assert text.startswith('{\n  "run_id": "r1"')


@pytest.mark.parametrize("phone", ["13812345678", "138 1234 5678"])
def test_a_mobile_number_reaches_no_file(
    tmp_path: Path,
    phone: str,
    finding: Callable[..., Finding],
    account: Callable[..., AccountRow],
    run: Run,
) -> None:
    said = f"电话{phone}找我"
    row = finding(
        account_name=said,
        quote=said,
        fact_zh=said,
        fact_en=said,
        counter_evidence=(said,),
        reference_value=said,
        verified_label=said,
        decision_reason=said,
        question_zh=said,
        organisation=said,
        priority=1,
    )
    flagged = account(account_name=said, top_fact_zh=said, top_counter_evidence=said, cues=(said,))
    write_findings_csv(tmp_path / "f.csv", [row])
    write_findings_jsonl(tmp_path / "f.jsonl", [row])
    write_urgent_jsonl(tmp_path / "u.jsonl", [row])
    write_review_csv(tmp_path / "r.csv", [row])
    write_accounts_csv(tmp_path / "a.csv", [flagged])
    refused = Rejection(file="a.csv", line=3, kind="accounts", reason=f"name: {said}")
    write_rejected_csv(tmp_path / "x.csv", [refused])
    write_run_json(tmp_path / "run.json", run.model_copy(update={"warnings": (said,)}))
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        assert phone not in text, path
        assert "1234" not in text, path
        assert "找我" in text, path


def test_the_same_rows_give_the_same_bytes(
    tmp_path: Path,
    finding: Callable[..., Finding],
    cluster: ClusterRow,
    rules: tuple[RuleRow, ...],
) -> None:
    for name in ("one", "two"):
        write_findings_csv(tmp_path / f"{name}.f", [finding(), finding(priority=3)])
        write_clusters_csv(tmp_path / f"{name}.c", [cluster])
        write_rules_csv(tmp_path / f"{name}.r", rules)
        write_sources_csv(tmp_path / f"{name}.s", [SourceRow(source="demo", planned=3)])
    for kind in "fcrs":
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()
