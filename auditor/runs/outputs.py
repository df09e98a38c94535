"""Every file of a run directory, each whole or not there; run.json last, with all digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from auditor import __version__
from auditor.model import (
    SCHEMA_VERSION,
    InputFile,
    Run,
    SourceRow,
)
from auditor.reports import (
    ReportInput,
    write_accounts_csv,
    write_clusters_csv,
    write_coverage_csv,
    write_findings_csv,
    write_findings_jsonl,
    write_rejected_csv,
    write_report_html,
    write_review_csv,
    write_rules_csv,
    write_run_json,
    write_sources_csv,
    write_urgent_jsonl,
)
from auditor.rules import Ruleset
from auditor.rules.sentences import local_time
from auditor.runs.collected import Collected
from auditor.runs.coverage import coverage_rows, rule_rows
from auditor.runs.ordered import Ordered
from auditor.runs.refused import Refused
from auditor.runs.request import AuditRequest


@dataclass(frozen=True)
class RunRows:
    """All that a finished run writes.

    ``ordered`` has the findings and their accounts in the order of a review; ``unflagged`` yields
    the lines of the other accounts, once, and ``groups`` those of clusters.csv.
    """

    request: AuditRequest
    run_id: str
    ruleset: Ruleset
    references_sha256: str
    ordered: Ordered
    unflagged: Iterator[bytes | memoryview]
    groups: Iterator[memoryview]
    collected: Collected
    rejected: Refused
    inputs: tuple[InputFile, ...]
    started_at: datetime
    stages: dict[str, float]
    warnings: tuple[str, ...]
    exit_code: int
    sources: tuple[SourceRow, ...] = ()


def write_outputs(directory: Path, rows: RunRows) -> Run:
    """Write the run directory and return its record.

    Raises:
        OutputError: the disk is full or the directory cannot be written.
    """
    collected = rows.collected
    coverage = coverage_rows(rows.ruleset, collected)
    rules = rule_rows(rows.ruleset, collected)
    write_findings_csv(directory / "findings.csv", rows.ordered.findings())
    write_findings_jsonl(directory / "findings.jsonl", rows.ordered.findings())
    write_review_csv(directory / "review.csv", rows.ordered.findings())
    write_urgent_jsonl(directory / "urgent.jsonl", rows.ordered.findings())
    write_accounts_csv(directory / "accounts.csv", rows.ordered.accounts(), rows.unflagged)
    write_clusters_csv(directory / "clusters.csv", (), rows.groups)
    write_coverage_csv(directory / "coverage.csv", coverage)
    write_rules_csv(directory / "rules.csv", rules)
    write_rejected_csv(directory / "rejected.csv", rows.rejected)
    if rows.sources:
        write_sources_csv(directory / "sources.csv", rows.sources)
    run = run_record(rows)
    write_report_html(
        directory / "report.html",
        ReportInput(
            run=run,
            findings=rows.ordered.findings(),
            accounts=rows.ordered.accounts(),
            unflagged=collected.unflagged,
            coverage=coverage,
            rules=rules,
            rejected=rows.rejected,
            sources=rows.sources,
            notices=rows.ruleset.notices,
            language=rows.request.language,
        ),
    )
    run = run.model_copy(update={"outputs": output_files(directory)})
    write_run_json(directory / "run.json", run)
    return run


def run_record(rows: RunRows) -> Run:
    """Return the record of a run."""
    request, collected = rows.request, rows.collected
    return Run(
        run_id=rows.run_id,
        schema_version=SCHEMA_VERSION,
        tool_version=__version__,
        command=request.command,
        now=local_time(request.now),
        started_at=local_time(rows.started_at),
        finished_at=local_time(datetime.now(UTC)),
        language=request.language,
        workers=request.workers,
        notices=tuple(notice.notice_id for notice in rows.ruleset.notices),
        ruleset_sha256=rows.ruleset.sha256,
        references_sha256=rows.references_sha256,
        inputs=rows.inputs,
        counts={**collected.counts, **collected.outcomes, "findings": collected.findings},
        timings_s=rows.stages,
        warnings=rows.warnings,
        crawl=dict(request.duties),
        exit_code=rows.exit_code,
    )


def output_files(directory: Path) -> tuple[InputFile, ...]:
    """Return every file of the run directory with its digest; run.json cannot hold its own."""
    return tuple(
        InputFile(path=path.name, sha256=file_sha256(path))
        for path in sorted(directory.iterdir())
        if path.is_file() and path.name != "run.json"
    )


def file_sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
