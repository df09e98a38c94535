"""Runs that are gone on with from elsewhere, and databases that are told of first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.errors import AuditorError
from auditor.model import Account
from auditor.runs import local
from auditor.runs.local import audit
from auditor.store import open_store
from tests.runs.stopping import request_for, stopped


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    directory = tmp_path / "data"
    directory.mkdir()
    lines = '{"platform":"p","account_id":"1","name":"人民曰报","verified":"none"}\n'
    (directory / "accounts.jsonl").write_text(lines, encoding="utf-8")
    return directory


def test_a_run_whose_directory_was_moved_is_done_again(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = audit(request_for(dataset, tmp_path / "whole"))
    request = request_for(dataset, tmp_path / "run")
    stopped(request, monkeypatch, "judge")
    request.out.rename(tmp_path / "moved")
    assert audit(replace(request, out=tmp_path / "moved")).counts == whole.counts
    assert "has another path than it had" in caplog.text


def test_a_run_is_gone_on_with_from_another_directory(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audit(request_for(dataset, tmp_path / "whole"))
    monkeypatch.chdir(tmp_path)
    request = request_for(dataset, Path("run"))
    stopped(request, monkeypatch, "judge")
    monkeypatch.chdir(tmp_path.parent)
    there = Path(tmp_path.name) / "run"
    assert audit(replace(request, out=there)).counts == whole.counts


def test_a_run_that_was_recorded_and_moved_is_not_compared_with_itself(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = f"sqlite:///{tmp_path / 'a.db'}"
    request = request_for(dataset, tmp_path / "run", db=db, fail_on="E4")
    stopped(request, monkeypatch, "remove_work")
    request.out.rename(tmp_path / "moved")
    assert audit(replace(request, out=tmp_path / "moved")).exit_code == 1


@pytest.mark.parametrize("place", ["a.db", "directory", "nonsense"])
def test_a_database_that_cannot_be_opened_is_told_before_the_work(
    place: str, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "a.db").write_bytes(b"no database" * 100)
    db = "nonsense://x" if place == "nonsense" else f"sqlite:///{tmp_path / place}"
    with monkeypatch.context() as patch:
        patch.setattr(local, "set_up", None)
        with pytest.raises(AuditorError):
            audit(request_for(dataset, tmp_path / "run", db=db))
    # The command as it should have been finds its place free.
    assert audit(request_for(dataset, tmp_path / "run")).counts["accounts"] == 1


def test_a_store_that_is_audited_is_opened_as_before(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path / 'a.db'}"
    now = datetime(2026, 11, 21, tzinfo=UTC)
    with open_store(db) as store:
        store.save_account(Account(platform="p", account_id="1", name="小满", fetched_at=now))
    request = replace(request_for(tmp_path, tmp_path / "run", db=db), dataset=None)
    assert audit(request).counts["accounts"] == 1
