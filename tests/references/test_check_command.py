"""``auditor references check``: exit status, what is printed, one line for what is broken."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from auditor.commands.references import check_references
from auditor.errors import UsageError

HEADER = "name,kind,short_names,source,as_of\n"
NOW = "2026-11-25T08:00:00+08:00"


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.startswith("AUDITOR_")]:
        monkeypatch.delenv(name)


def check(own: Path | None, *, stale_after: int | None = None, everything: bool = True) -> int:
    return check_references(own, stale_after, NOW, "json", everything=everything)


def own_list(tmp_path: Path, rows: str, name: str = "organisations.csv") -> Path:
    own = tmp_path / "own"
    own.mkdir()
    (own / name).write_text(rows, encoding="utf-8")
    return own


def test_the_shipped_lists_hold_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(None, everything=False) == 0
    told = capsys.readouterr()
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert {row["severity"] for row in rows} == {"note"}
    assert len(rows) < 20
    assert told.err.startswith("0 faults, ")


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("云泽社,media,新华社,desk,2026-11", "duplicate"),
        ("新华社,company,,desk,2026-11", "duplicate"),
        ("朝阳,media,,desk,2026-11", "place"),
        ("生活,media,,desk,2026-11", "everyday"),
        ("云泽\u200b日报,media,,desk,2026-11", "untidy"),
        ("云泽С报,media,,desk,2026-11", "mixed"),
        ("云泽日报,media,云,desk,2026-11", "short"),
    ],
)
def test_a_fault_in_a_list_of_ones_own_ends_with_3(
    tmp_path: Path, row: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_list(tmp_path, f"{HEADER}{row}\n")
    assert check(own) == 3
    told = capsys.readouterr()
    found = [json.loads(line) for line in told.out.splitlines()]
    faults = [one for one in found if one["severity"] == "fault"]
    assert kind in {one["kind"] for one in faults}
    assert found[: len(faults)] == faults
    for one in faults:
        assert one["where"] == f"{own / 'organisations.csv'}:2"
        assert one["what"]
        assert one["right"]
    assert told.err.startswith(f"{len(faults)} faults, ")


@pytest.mark.parametrize(("stale_after", "notes"), [(None, 0), (100, 1)])
def test_the_age_of_a_row_is_counted_in_the_days_given(
    tmp_path: Path, stale_after: int | None, notes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_list(tmp_path, f"{HEADER}云泽日报,media,,desk,2026-01\n")
    assert check(own, stale_after=stale_after) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    mine = [one for one in rows if str(own) in one["where"] and one["kind"] == "stale"]
    assert len(mine) == notes


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("organisations.csv", f"{HEADER}云泽日报,media,,,2026\n", "source: Field required"),
        ("organisations.csv", f"{HEADER}云泽日报,media,, ,2026\n", "source: holds nothing"),
        ("organisations.csv", f"{HEADER}云泽日报,paper,,desk,2026\n", "kind: "),
        ("organisations.csv", f"{HEADER}云泽日报,media,,desk,soon\n", "as_of: is no date"),
        ("organisations.csv", f"{HEADER}云泽日报,media\n", "has 2 cells, not 5"),
        ("organisations.csv", "name,colour\n", "column “colour” is unknown"),
        ("bodies.csv", HEADER, "is no list of this program"),
        ("persons.jsonl", "{\n", "is no JSON"),
    ],
)
def test_what_does_not_load_is_one_line_with_its_place(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    own = own_list(tmp_path, text, name)
    with pytest.raises(UsageError) as caught:
        check(own)
    assert caught.value.exit_code == 2
    (line,) = caught.value.message.splitlines()
    assert line.startswith(f"{own / name}:")
    assert message in line


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no directory"):
        check(tmp_path / "none")
