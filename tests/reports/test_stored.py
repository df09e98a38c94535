from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from auditor.errors import InputError, UsageError
from auditor.model import InputFile, Run
from auditor.reports import Edition, read_run_json, rewrite_reports, write_run_json

SHAREABLE = Edition("shareable", b"a key of 16 bytes")


def test_a_run_written_again_gives_the_same_bytes(stored_run: Path) -> None:
    first = rewrite_reports(stored_run)
    before = {path.name: path.read_bytes() for path in stored_run.iterdir()}
    assert rewrite_reports(stored_run) == first
    assert {path.name: path.read_bytes() for path in stored_run.iterdir()} == before
    assert {"findings.csv", "review.csv", "report.html"} <= set(before)


def test_the_shareable_edition_stands_beside_the_run_and_names_nobody(stored_run: Path) -> None:
    written = rewrite_reports(stored_run, edition=SHAREABLE)
    assert {path.parent for path in written} == {stored_run / "shareable"}
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert "云岭曰报" not in text, path
        assert "6630215874" not in text, path


def test_the_shareable_edition_never_replaces_the_run(stored_run: Path) -> None:
    with pytest.raises(UsageError, match="cannot replace"):
        rewrite_reports(stored_run, edition=SHAREABLE, out=stored_run)


def test_formats_are_written_one_by_one(stored_run: Path, tmp_path: Path) -> None:
    (page,) = rewrite_reports(stored_run, ["html"], out=tmp_path / "out", language="en")
    assert page == tmp_path / "out" / "report.html"
    assert '<html lang="en">' in page.read_text(encoding="utf-8")


def test_an_unknown_format_names_the_known_ones(stored_run: Path) -> None:
    with pytest.raises(UsageError, match="no such format: pdf; known: csv, jsonl, html"):
        rewrite_reports(stored_run, ["pdf", "csv"])


def test_a_run_without_its_tables_is_an_input_error(stored_run: Path) -> None:
    (stored_run / "accounts.csv").unlink()
    with pytest.raises(InputError):
        rewrite_reports(stored_run)


def test_a_page_written_again_in_place_keeps_the_run_verifiable(stored_run: Path, run: Run) -> None:
    rewrite_reports(stored_run, ["html"])
    listed = InputFile(path="report.html", sha256="00" * 32)
    other = InputFile(path="findings.jsonl", sha256="11" * 32)
    write_run_json(stored_run / "run.json", run.model_copy(update={"outputs": (listed, other)}))
    rewrite_reports(stored_run, ["html"], language="en")
    outputs = read_run_json(stored_run / "run.json").outputs
    digest = hashlib.sha256((stored_run / "report.html").read_bytes()).hexdigest()
    assert outputs == (listed.model_copy(update={"sha256": digest}), other)
