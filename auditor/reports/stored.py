"""The reports of a finished run, written again from its own tables."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from auditor.errors import UsageError
from auditor.model import Notice, Run
from auditor.reports.editions import PUBLIC_BODIES, TRIAGE, Edition
from auditor.reports.files import make_directory
from auditor.reports.html import ReportInput, write_report_html
from auditor.reports.html.wording import Language
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
from auditor.reports.tables import (
    write_accounts_csv,
    write_clusters_csv,
    write_coverage_csv,
    write_findings_csv,
    write_findings_jsonl,
    write_review_csv,
    write_rules_csv,
    write_run_json,
)

Format = Literal["csv", "jsonl", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)


def rewrite_reports(
    run_directory: Path,
    formats: Collection[str] = FORMATS,
    edition: Edition = TRIAGE,
    *,
    out: Path | None = None,
    language: Language | None = None,
    notices: Sequence[Notice] = (),
) -> tuple[Path, ...]:
    """Write the reports of a stored run again and return the files written.

    The triage edition goes to ``out`` or back into the run directory; the shareable one to
    ``out`` or ``run_directory/shareable``, and never over the run's own files, from which it could
    not be undone. Files that replace the run's own get their new digest in run.json. ``notices``
    give the report the documents' titles; without them their ids stand.

    Raises:
        UsageError: an unknown format, or the shareable edition over the run itself.
        InputError: a table of the run is missing or not written by this version.
        OutputError: the file system refused.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise UsageError(f"no such format: {', '.join(unknown)}; known: {', '.join(FORMATS)}")
    target = out or (run_directory if edition.name == "triage" else run_directory / "shareable")
    if edition.name != "triage" and target.resolve() == run_directory.resolve():
        raise UsageError("the shareable edition cannot replace the run itself", str(target))
    run = read_run_json(run_directory / "run.json")
    if edition.name != "triage":
        edition = replace(edition, public=_public_accounts(run_directory))
    make_directory(target)
    written: list[Path] = []
    if "csv" in formats:
        written += _tables(run_directory, target, edition)
    if "jsonl" in formats:
        written.append(target / "findings.jsonl")
        # The old file stays open and readable while the new one is written beside it.
        write_findings_jsonl(
            written[-1], read_findings_jsonl(run_directory / "findings.jsonl"), edition=edition
        )
    if "html" in formats:
        written.append(target / "report.html")
        report = _report(run_directory, run, edition, language or _language(run), notices)
        write_report_html(written[-1], report)
    if target.resolve() == run_directory.resolve():
        _renew_digests(run_directory, run, written)
    return tuple(written)


def _renew_digests(directory: Path, run: Run, written: Sequence[Path]) -> None:
    """Let run.json hold the digests of the files as they are now, so that the run verifies."""
    renewed = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written}
    outputs = tuple(
        file.model_copy(update={"sha256": renewed.get(file.path, file.sha256)})
        for file in run.outputs
    )
    if outputs != run.outputs:
        write_run_json(directory / "run.json", run.model_copy(update={"outputs": outputs}))


def _public_accounts(run_directory: Path) -> frozenset[str]:
    """Return the accounts whose shown mark is a body's; clusters.csv itself does not say."""
    rows = read_accounts_csv(run_directory / "accounts.csv")
    return frozenset(row.account_id for row in rows if row.verified in PUBLIC_BODIES)


def _tables(run: Path, target: Path, edition: Edition) -> list[Path]:
    findings = run / "findings.jsonl"
    paths = {name: target / f"{name}.csv" for name in ("findings", "review", "accounts")}
    paths |= {name: target / f"{name}.csv" for name in ("clusters", "coverage", "rules")}
    write_findings_csv(paths["findings"], read_findings_jsonl(findings), edition=edition)
    write_review_csv(paths["review"], read_findings_jsonl(findings), edition=edition)
    accounts = read_accounts_csv(run / "accounts.csv")
    write_accounts_csv(paths["accounts"], accounts, edition=edition)
    clusters = read_clusters_csv(run / "clusters.csv")
    write_clusters_csv(paths["clusters"], clusters, edition=edition)
    write_coverage_csv(paths["coverage"], read_coverage_csv(run / "coverage.csv"))
    write_rules_csv(paths["rules"], read_rules_csv(run / "rules.csv"))
    return list(paths.values())


def _report(
    directory: Path, run: Run, edition: Edition, language: Language, notices: Sequence[Notice]
) -> ReportInput:
    rejected, sources = directory / "rejected.csv", directory / "sources.csv"
    return ReportInput(
        run=run,
        findings=read_findings_jsonl(directory / "findings.jsonl"),
        accounts=read_accounts_csv(directory / "accounts.csv"),
        coverage=tuple(read_coverage_csv(directory / "coverage.csv")),
        rules=tuple(read_rules_csv(directory / "rules.csv")),
        rejected=read_rejected_csv(rejected) if rejected.exists() else (),
        sources=tuple(read_sources_csv(sources)) if sources.exists() else (),
        notices=tuple(notices),
        language=language,
        edition=edition,
    )


def _language(run: Run) -> Language:
    return "en" if run.language == "en" else "zh"
