"""What a run leaves for people: tables, a page, and the same again for other readers."""

from auditor.reports.accounts import Kind, Sleeping, unflagged_lines
from auditor.reports.clusters import cluster_lines
from auditor.reports.editions import TRIAGE, Edition, report_key
from auditor.reports.hiding import starred
from auditor.reports.html import ReportInput, Unflagged, render_report, write_report_html
from auditor.reports.reading import (
    read_accounts_csv,
    read_clusters_csv,
    read_coverage_csv,
    read_findings_jsonl,
    read_rejected_csv,
    read_rules_csv,
    read_run_json,
    read_sources_csv,
)
from auditor.reports.stored import FORMATS, rewrite_reports
from auditor.reports.tables import (
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

__all__ = [
    "FORMATS",
    "TRIAGE",
    "Edition",
    "Kind",
    "ReportInput",
    "Sleeping",
    "Unflagged",
    "cluster_lines",
    "read_accounts_csv",
    "read_clusters_csv",
    "read_coverage_csv",
    "read_findings_jsonl",
    "read_rejected_csv",
    "read_rules_csv",
    "read_run_json",
    "read_sources_csv",
    "render_report",
    "report_key",
    "rewrite_reports",
    "starred",
    "unflagged_lines",
    "write_accounts_csv",
    "write_clusters_csv",
    "write_coverage_csv",
    "write_findings_csv",
    "write_findings_jsonl",
    "write_rejected_csv",
    "write_report_html",
    "write_review_csv",
    "write_rules_csv",
    "write_run_json",
    "write_sources_csv",
    "write_urgent_jsonl",
]
