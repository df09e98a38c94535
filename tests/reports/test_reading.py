from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.model import (
    AccountRow,
    ClusterRow,
    CoverageRow,
    Finding,
    Rejection,
    RuleRow,
    SourceRow,
)
from auditor.reports import (
    read_accounts_csv,
    read_clusters_csv,
    read_coverage_csv,
    read_findings_jsonl,
    read_rejected_csv,
    read_rules_csv,
    read_run_json,
    read_sources_csv,
    write_accounts_csv,
    write_clusters_csv,
    write_coverage_csv,
    write_findings_jsonl,
    write_rejected_csv,
    write_rules_csv,
    write_sources_csv,
)


def test_every_table_reads_back_as_it_was(
    tmp_path: Path,
    finding: Callable[..., Finding],
    account: Callable[..., AccountRow],
    plain_account: AccountRow,
    coverage: tuple[CoverageRow, ...],
    rules: tuple[RuleRow, ...],
    cluster: ClusterRow,
    rejection: Rejection,
) -> None:
    path = tmp_path / "table"
    found = [finding(), finding(counter_evidence=("a | b",), score_value=None, quote="a\nb")]
    write_findings_jsonl(path, found)
    assert list(read_findings_jsonl(path)) == found
    seen = [account(account_name="=1", cues=("a|b", "c\\")), plain_account]
    write_accounts_csv(path, seen)
    assert list(read_accounts_csv(path)) == seen
    write_coverage_csv(path, coverage)
    assert tuple(read_coverage_csv(path)) == coverage
    write_rules_csv(path, rules)
    assert tuple(read_rules_csv(path)) == rules
    write_clusters_csv(path, [cluster])
    assert list(read_clusters_csv(path)) == [cluster]
    write_rejected_csv(path, [rejection])
    assert list(read_rejected_csv(path)) == [rejection]
    write_sources_csv(path, [SourceRow(source="demo", planned=1)])
    assert list(read_sources_csv(path)) == [SourceRow(source="demo", planned=1)]


def test_a_line_that_is_no_finding_is_named_by_its_line(
    tmp_path: Path, finding: Callable[..., Finding]
) -> None:
    path = tmp_path / "findings.jsonl"
    write_findings_jsonl(path, [finding()])
    path.write_text(path.read_text(encoding="utf-8") + '{"half": \n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(read_findings_jsonl(path))
    assert caught.value.where == f"{path}:2"


@pytest.mark.parametrize(
    ("content", "line"),
    [("a,b\r\n", 1), ("", 1), ("file,line,kind,reason\r\nx,notanumber,k,r\r\n", 2),
     ("file,line,kind,reason\r\nx,1\r\n", 2)],
)  # fmt: skip
def test_a_table_of_another_shape_is_named_by_its_line(
    tmp_path: Path, content: str, line: int
) -> None:
    path = tmp_path / "rejected.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with pytest.raises(InputError) as caught:
        list(read_rejected_csv(path))
    assert caught.value.where == f"{path}:{line}"


@pytest.mark.parametrize(
    "read", [read_findings_jsonl, read_accounts_csv, lambda path: [read_run_json(path)]]
)
@pytest.mark.parametrize("data", [None, b"\xff\xfe\x00"])
def test_an_absent_or_broken_file_is_an_input_error(
    tmp_path: Path, read: Callable[[Path], list[object]], data: bytes | None
) -> None:
    path = tmp_path / "file"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match="not a file that this version wrote"):
        list(read(path))
