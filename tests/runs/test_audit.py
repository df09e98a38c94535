"""A whole run: the same findings from any format, order, number of workers; whole or resumed."""

from __future__ import annotations

import csv
import gzip
import json
import logging
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor import rules
from auditor.config import rulesets_directory
from auditor.demo import REFERENCES, read_planted, write_demo_dataset
from auditor.errors import LockedError, NothingScannedError, OutputError, UsageError
from auditor.model import Finding
from auditor.rules.sentences import local_time
from auditor.runs import stages, statements, worker
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.tasks import is_done
from auditor.runs.work import locked, read_values
from auditor.sources import slices

NOW = datetime(2026, 11, 21, tzinfo=UTC)
STABLE = ("findings.csv", "accounts.csv", "clusters.csv", "coverage.csv")


def request_for(dataset: Path, out: Path, **more: Any) -> AuditRequest:
    shipped = rulesets_directory()
    given = {
        "out": out,
        "now": NOW,
        "rules": (shipped,),
        "references": (shipped / "references", REFERENCES),
        "dataset": dataset,
        "run_id": "test",
        **more,
    }
    return AuditRequest(**given)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo") / "dataset"
    write_demo_dataset(directory)
    return directory


@pytest.fixture(scope="module")
def first(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> AuditSummary:
    return audit(request_for(dataset, tmp_path_factory.mktemp("first") / "run"))


def stable_bytes(directory: Path) -> dict[str, bytes]:
    return {name: (directory / name).read_bytes() for name in STABLE}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def outcomes_of(summary: AuditSummary) -> dict[str, str]:
    accounts = table(summary.run_directory / "accounts.csv")
    return {row["account_id"]: row["outcome"] for row in accounts}


def as_csv(source: Path, target: Path) -> None:
    for path in source.glob("*.jsonl"):
        members = rows(path)
        names = sorted({name for member in members for name in member})
        with (target / f"{path.stem}.csv").open("w", encoding="gb18030", newline="") as handle:
            writer = csv.DictWriter(handle, names)
            writer.writeheader()
            for member in members:
                cells = {
                    key: json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else v
                    for key, v in member.items()
                }
                writer.writerow(cells)


def as_parquet(source: Path, target: Path) -> None:
    for path in source.glob("*.jsonl"):
        content = pa.Table.from_pylist(rows(path))
        pq.write_table(content, target / f"{path.stem}.parquet")


def as_shuffled_gzip(source: Path, target: Path) -> None:
    for path in source.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        random.Random(3).shuffle(lines)
        with gzip.open(target / f"{path.stem}.jsonl.gz", "wt", encoding="utf-8") as handle:
            handle.writelines(lines)


@pytest.mark.parametrize("convert", [as_csv, as_parquet, as_shuffled_gzip])
def test_the_same_accounts_in_another_format_give_the_same_bytes(
    dataset: Path,
    first: AuditSummary,
    tmp_path: Path,
    convert: Callable[[Path, Path], None],
) -> None:
    other = tmp_path / "dataset"
    other.mkdir()
    convert(dataset, other)
    again = audit(request_for(other, tmp_path / "run"))
    assert stable_bytes(again.run_directory) == stable_bytes(first.run_directory)


SMALL = [(slices, "ROWS", 40), (statements, "ACCOUNT_BYTES", 20_000_000)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many slices, and parts of a few accounts."""
    for module, name, value in SMALL:
        monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("workers", [1, 2])
def test_the_number_of_workers_slices_and_parts_changes_nothing(
    dataset: Path, first: AuditSummary, tmp_path: Path, workers: int
) -> None:
    again = audit(request_for(dataset, tmp_path / "run", workers=workers))
    assert stable_bytes(again.run_directory) == stable_bytes(first.run_directory)


def test_the_demo_dataset_gives_the_planted_findings_and_no_others(first: AuditSummary) -> None:
    found = {
        (row["account_id"].partition(":")[2], row["rule_id"])
        for row in rows(first.run_directory / "findings.jsonl")
    }
    assert found == {(planted.account_id, planted.rule_id) for planted in read_planted()}


def test_every_account_has_one_row_and_only_flagged_ones_are_ranked(
    dataset: Path, first: AuditSummary
) -> None:
    accounts = table(first.run_directory / "accounts.csv")
    assert len(accounts) == len(rows(dataset / "accounts.jsonl"))
    plain = [row["account_id"] for row in accounts if not row["rank"]]
    assert plain == sorted(plain)
    for row in accounts:
        assert bool(row["rank"]) == bool(row["priority"]) == (row["findings"] != "0")
    ranks = [int(row["rank"]) for row in accounts if row["rank"]]
    assert ranks == sorted(ranks) == list(range(1, len(ranks) + 1))


def test_coverage_has_a_row_for_every_item_and_says_why_not(first: AuditSummary) -> None:
    coverage = table(first.run_directory / "coverage.csv")
    campaign = [row for row in coverage if row["item_id"].startswith("SM23-")]
    assert len(campaign) == 27
    for row in coverage:
        counted = int(row["accounts_evaluated"]) + int(row["accounts_not_evaluated"])
        assert counted == first.counts["accounts"]
        assert row["coverage"] == "checked" or row["why_not"]


def test_run_json_names_every_file_with_its_digest(first: AuditSummary) -> None:
    record = json.loads((first.run_directory / "run.json").read_text(encoding="utf-8"))
    names = {entry["path"] for entry in record["outputs"]}
    assert set(STABLE) | {"report.html", "rules.csv", "rejected.csv", "findings.jsonl"} <= names
    assert len(record["ruleset_sha256"]) == len(record["references_sha256"]) == 64
    assert not (first.run_directory / ".work").exists()


TASKS = ("lay_down_task", "screen_task", "fetch_task", "judge_task")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("stage", TASKS)
def test_a_run_that_was_killed_goes_on_from_its_last_task(
    stage: str,
    dataset: Path,
    first: AuditSummary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = request_for(dataset, tmp_path / "run")
    begun: list[Path] = []
    plain = getattr(worker, stage)

    def dies_at_the_second(path: Path) -> None:
        if begun:
            raise KeyboardInterrupt
        begun.append(path)
        plain(path)

    with monkeypatch.context() as patch:
        patch.setattr(stages, stage, dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            audit(request)
    assert is_done(begun[0])
    again: list[Path] = []

    def counted(path: Path) -> None:
        again.append(path)
        plain(path)

    monkeypatch.setattr(stages, stage, counted)
    summary = audit(request)
    assert again
    assert begun[0] not in again
    assert stable_bytes(summary.run_directory) == stable_bytes(first.run_directory)


def test_a_directory_with_other_files_is_refused_and_left_alone(
    dataset: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="other files"):
        audit(request_for(dataset, out))
    assert [path.name for path in out.iterdir()] == ["letter.txt"]


def test_two_runs_cannot_write_to_one_directory(dataset: Path, tmp_path: Path) -> None:
    with locked(tmp_path / "run"), pytest.raises(LockedError, match="another run"):
        audit(request_for(dataset, tmp_path / "run"))


def test_a_full_disk_is_one_clear_line_and_the_run_can_go_on(
    dataset: Path, first: AuditSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(dataset, tmp_path / "run")

    def full(*_: object) -> None:
        raise OutputError("cannot be written: No space left on device", "findings.csv")

    with monkeypatch.context() as patch:
        patch.setattr("auditor.runs.outputs.write_findings_csv", full)
        with pytest.raises(OutputError, match="No space left"):
            audit(request)
    summary = audit(request)
    assert stable_bytes(summary.run_directory) == stable_bytes(first.run_directory)


def test_one_account_that_fails_is_recorded_and_the_others_are_audited(
    dataset: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plain = rules.evaluate
    failed: list[str] = []

    def fails_once(*arguments: Any) -> Any:
        if not failed:
            failed.append(arguments[1].account.key)
            raise ValueError("broken\non purpose")
        return plain(*arguments)

    monkeypatch.setattr("auditor.runs.judging.evaluate", fails_once)
    summary = audit(request_for(dataset, tmp_path / "run"))
    assert summary.exit_code == 3
    outcomes = outcomes_of(summary)
    assert outcomes[failed[0]] == "failed"
    assert list(outcomes.values()).count("failed") == 1
    # Nothing on standard error but the warning, which stands in run.json too.
    assert not caplog.records
    (warning,) = summary.warnings
    place = r"\(auditor/runs/judging\.py:\d+\)"
    assert re.fullmatch(
        f"account failed: {failed[0]}: ValueError: broken on purpose {place}", warning
    )


def test_a_failure_names_where_it_was_and_its_trace_can_be_asked_for(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("auditor.runs.judging.evaluate", lambda *given: local_time(given[3]))
    caplog.set_level(logging.DEBUG, "auditor.runs.judging")
    warning = audit(request_for(dataset, tmp_path / "run")).warnings[0]
    assert re.search(r"AttributeError: .* \(auditor/model/moments\.py:\d+\)$", warning)
    assert all(one.levelno == logging.DEBUG and one.exc_info for one in caplog.records)
    assert caplog.records


@pytest.mark.parametrize(("asked", "said"), [(128, True), (895, True), (896, False)])
def test_a_budget_that_is_not_held_is_told(
    dataset: Path, tmp_path: Path, asked: int, said: bool
) -> None:
    summary = audit(replace(request_for(dataset, tmp_path / "run"), memory_mib=asked))
    told = f"memory: a process may take 896 MiB, more than the {asked} asked for"
    assert [one.startswith(told) for one in summary.warnings] == [True] * said


def test_an_input_without_accounts_is_nothing_scanned(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("platform,account_id,name\n", encoding="utf-8")
    with pytest.raises((NothingScannedError, UsageError)):
        audit(request_for(tmp_path, tmp_path / "run"))


def test_posts_of_an_unknown_account_are_kept_and_it_counts_as_not_fetched(tmp_path: Path) -> None:
    account = {"platform": "p", "account_id": "1", "name": "小满"}
    post = {"platform": "p", "account_id": "2", "post_id": "9", "text": "早安"}
    (tmp_path / "accounts.jsonl").write_text(json.dumps(account) + "\n", encoding="utf-8")
    (tmp_path / "posts.jsonl").write_text(json.dumps(post) + "\n", encoding="utf-8")
    summary = audit(request_for(tmp_path, tmp_path / "run"))
    outcomes = outcomes_of(summary)
    assert outcomes["p:2"] == "not_fetched"
    assert summary.exit_code == 3


def test_fail_on_gives_exit_status_one_for_a_new_finding_of_that_grade(
    dataset: Path, tmp_path: Path
) -> None:
    assert audit(request_for(dataset, tmp_path / "run", fail_on="E1")).exit_code == 1


def test_findings_hold_no_identifier_in_clear(first: AuditSummary) -> None:
    from auditor.text import identifiers

    for finding in rows(first.run_directory / "findings.jsonl"):
        for field in ("quote", "fact_zh", "fact_en", "steps"):
            kinds = [item.kind for item in identifiers(finding[field] or "")]
            assert not kinds, (finding["rule_id"], field, kinds)


def test_machine_text_holds_no_verdict(first: AuditSummary) -> None:
    from auditor.rules.wording import banned_words

    for finding in rows(first.run_directory / "findings.jsonl"):
        for field in ("fact_zh", "fact_en", "question_zh", "question_en", "steps", "rule_id"):
            assert not banned_words(finding[field]), finding["rule_id"]
        assert not finding["law_refs"]
        assert not finding["disposition_hint"]


def test_values_survive_being_written_between_stages(first: AuditSummary, tmp_path: Path) -> None:
    from auditor.runs.work import write_values

    found = list(read_findings(first.run_directory))
    write_values(tmp_path / "again.jsonl", found)
    assert list(read_values(tmp_path / "again.jsonl", Finding)) == found


def read_findings(directory: Path) -> list[Finding]:
    from auditor.reports.reading import read_findings_jsonl

    return list(read_findings_jsonl(directory / "findings.jsonl"))
