"""The command line: exit status, one clear line, data on stdout, nothing half-written."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from auditor import cli
from auditor.cli import options
from auditor.config import LEAST_MEMORY_MIB

ACCOUNT = {"platform": "p", "account_id": "1", "name": "小满的阳台"}
POST = {"platform": "p", "account_id": "1", "post_id": "9", "text": "早安"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.startswith("AUDITOR_")]:
        monkeypatch.delenv(name)

    def invoke(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["auditor", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), told.out, told.err

    return invoke


def write_lines(path: Path, *members: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [m if isinstance(m, str) else json.dumps(m) for m in members]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def one_line(error: str) -> str:
    lines = [line for line in error.splitlines() if line.startswith("auditor")]
    assert len(lines) == 1, error
    return lines[0]


def test_help_answers_on_every_level_and_prints_the_exit_status(run: Run) -> None:
    for words in ([], ["audit"], ["rules"], ["rules", "list"], ["crawl"], ["references", "list"]):
        code, out, _ = run(*words, "--help")
        assert code == 0
        assert "130" in " ".join(out.split())


def test_version(run: Run) -> None:
    assert run("--version")[1].startswith("auditor 0.")


Unreadable = Callable[[Path], None]


def missing(_: Path) -> None: ...


def empty_directory(path: Path) -> None:
    path.mkdir()


def empty_file(path: Path) -> None:
    path.mkdir()
    (path / "accounts.jsonl").touch()


def truncated_gzip(path: Path) -> None:
    path.mkdir()
    whole = gzip.compress(json.dumps(ACCOUNT).encode())
    (path / "accounts.jsonl.gz").write_bytes(whole[: len(whole) // 2])


def truncated_parquet(path: Path) -> None:
    path.mkdir()
    (path / "accounts.parquet").write_bytes(b"PAR1 and then nothing")


def no_encoding(path: Path) -> None:
    path.mkdir()
    (path / "accounts.csv").write_bytes(b"platform,account_id,name\np,1,\xff\xff\xfe\n")


def no_json(path: Path) -> None:
    write_lines(path / "accounts.jsonl", "these are", "not rows")


@pytest.mark.parametrize(
    "make",
    [missing, empty_directory, truncated_gzip, truncated_parquet, no_encoding, no_json],
)
def test_an_input_of_which_nothing_can_be_read_is_one_line_and_status_two(
    run: Run, tmp_path: Path, make: Unreadable
) -> None:
    make(tmp_path / "dataset")
    code, out, error = run("audit", "dataset", "--out", "run", "--quiet")
    assert code == 2, error
    assert "dataset" in one_line(error)
    assert not out
    assert not (tmp_path / "run" / "findings.csv").exists()


def test_an_empty_file_is_nothing_scanned_unless_that_is_allowed(run: Run, tmp_path: Path) -> None:
    empty_file(tmp_path / "dataset")
    code, _, error = run("audit", "dataset", "--out", "run", "--quiet")
    assert code == 4
    assert "dataset" in one_line(error)
    assert run("audit", "dataset", "--out", "run", "--quiet", "--allow-empty")[0] == 0


BAD_ROWS: list[tuple[str, Any, str]] = [
    ("not json", "{broken", "JSON"),
    ("wrong type", {**ACCOUNT, "account_id": "2", "followers": "many"}, "followers"),
    ("a 10 MB name", {**ACCOUNT, "account_id": "2", "name": "长" * 3_500_000}, "200"),
    ("a NUL", {**ACCOUNT, "account_id": "2", "name": "a\x00b"}, "NUL"),
    ("a lone surrogate", {**ACCOUNT, "account_id": "2", "name": "a\ud800b"}, "surrogate"),
    ("no name", {"platform": "p", "account_id": "2"}, "name"),
    ("naive time", {**ACCOUNT, "account_id": "2", "fetched_at": "2026-11-01T08:00:00"}, "offset"),
    ("unknown word", {**ACCOUNT, "account_id": "2", "verified": "gold"}, "government"),
    ("duplicate that differs", {**ACCOUNT, "name": "别的名字"}, "differ"),
]


@pytest.mark.parametrize(
    ("row", "words"), [pytest.param(row, words, id=case) for case, row, words in BAD_ROWS]
)
def test_a_bad_row_is_rejected_with_file_line_and_reason_and_the_run_goes_on(
    run: Run, tmp_path: Path, row: Any, words: str
) -> None:
    write_lines(tmp_path / "dataset" / "accounts.jsonl", ACCOUNT, row)
    code, out, error = run("audit", "dataset", "--out", "run", "--quiet", "--workers", "1")
    assert code == 3, error
    assert out.strip().endswith("run")
    rejected = (tmp_path / "run" / "rejected.csv").read_text(encoding="utf-8-sig")
    assert "accounts.jsonl" in rejected
    assert words in rejected
    accounts = (tmp_path / "run" / "accounts.csv").read_text(encoding="utf-8-sig")
    assert accounts.count("p:1") == 1


def test_a_run_directory_that_can_hold_no_database_is_told_before_it_is_made(
    run: Run, tmp_path: Path
) -> None:
    write_lines(tmp_path / "data" / "accounts.jsonl", ACCOUNT)
    code, _, error = run("audit", "data", "--out", "run?")
    assert code == 2
    assert one_line(error).startswith("auditor: run?: no database can lie below a name with “?”")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_good_run_ends_with_the_run_directory_on_stdout(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "dataset" / "accounts.jsonl", ACCOUNT)
    write_lines(tmp_path / "dataset" / "posts.jsonl", POST)
    code, out, _ = run("audit", "dataset", "--out", "run", "--workers", "1")
    assert code == 0
    assert out.splitlines()[-1] == "run"
    assert (tmp_path / "run" / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["audit", "dataset", "--now", "yesterday"], "--now"),
        (["audit", "dataset", "--now", "2026-11-21T08:00:00"], "offset"),
        (["audit", "dataset", "--timezone", "Mars/Base"], "--timezone"),
        (["audit", "dataset", "--notice", "nothing"], "--notice"),
        (["audit", "dataset", "--rules", "nowhere"], "does not exist"),
        (["rules", "show", "no-such-rule"], "no-such-rule"),
        (["explain", "p:404", "--dataset", "dataset"], "p:404"),
        (["explain", "p:1", "--dataset", "dataset", "--rule", "x"], "--rule"),
        (["report", "nowhere"], "nowhere"),
        (["crawl", "profiles", "--targets", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_a_mistake_of_the_caller_is_one_line_and_status_two(
    run: Run, tmp_path: Path, words: list[str], told: str
) -> None:
    write_lines(tmp_path / "dataset" / "accounts.jsonl", ACCOUNT)
    code, _, error = run(*words)
    assert code == 2, error
    assert told in one_line(error)


def test_settings_that_are_wrong_name_the_setting(run: Run, tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text("colour = 1\n", encoding="utf-8")
    code, _, error = run("rules", "list")
    assert code == 2
    assert "colour" in one_line(error)


def test_the_environment_wins_over_the_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "auditor.toml").write_text('rules = "here"\n', encoding="utf-8")
    monkeypatch.setenv("AUDITOR_RULES", "there")
    assert "there" in run("rules", "list")[2]


def test_an_internal_error_is_one_line_with_the_path_of_the_details(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ValueError("broken on purpose")

    monkeypatch.setattr("auditor.commands.listings.list_rules", broken)
    code, _, error = run("rules", "list")
    assert code == 70
    crash = Path(one_line(error).rsplit(" ", 1)[1])
    assert "broken on purpose" in crash.read_text(encoding="utf-8")
    crash.unlink()


def test_an_interrupt_is_status_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditor.commands.listings.list_rules", interrupted)
    assert run("rules", "list")[0] == 130


def test_rules_check_passes_and_counts_examples(run: Run) -> None:
    code, out, _ = run("rules", "check")
    assert code == 0
    assert "examples" in out


def test_listings_can_be_json(run: Run) -> None:
    for words in (["rules", "list"], ["rules", "coverage"], ["references", "list"]):
        code, out, _ = run(*words, "--format", "json")
        assert code == 0
        assert all(isinstance(json.loads(line), dict) for line in out.splitlines())


def test_a_listing_into_a_pipe_is_one_row_a_line(run: Run) -> None:
    lines = run("rules", "list")[1].splitlines()
    assert lines[0].startswith("rule\tversion\t")
    assert all(line.count("\t") == lines[0].count("\t") for line in lines)


def test_a_rule_is_shown_as_text_or_as_json(run: Run) -> None:
    text = run("rules", "show", "name-look-alike")[1]
    for word in ("find", "G-VERIFIED", "AI22-forbid", "another real paper", "known gap"):
        assert word in text
    record = json.loads(run("rules", "show", "name-look-alike", "--format", "json")[1])
    assert record["id"] == "name-look-alike"
    assert [item["item_id"] for item in record["citations"]] == record["items"]


@pytest.mark.parametrize(("width", "word"), [("60", "rule: name-look-alike"), ("160", "│")])
def test_a_listing_fits_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, width: str, word: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert word in run("rules", "list")[1]


def test_explain_says_why_a_rule_spoke(run: Run, tmp_path: Path) -> None:
    account = {**ACCOUNT, "name": "人民曰报", "verified": "none"}
    write_lines(tmp_path / "dataset" / "accounts.jsonl", account)
    code, out, _ = run("explain", "p:1", "--dataset", "dataset", "--rule", "name-look-alike")
    assert code == 0
    assert "spoke" in out
    assert "曰" in out


def test_doctor_reports_a_row_for_everything_it_looks_at(run: Run) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    for word in ("python", "rules", "references", "database", "controller"):
        assert word in out


def test_import_audit_and_export_of_the_store_agree(run: Run, tmp_path: Path) -> None:
    account = {**ACCOUNT, "name": "人民曰报", "verified": "none"}
    write_lines(tmp_path / "dataset" / "accounts.jsonl", account)
    write_lines(tmp_path / "dataset" / "posts.jsonl", POST)
    assert run("import", "dataset", "--db", "sqlite:///a.db")[0] == 0
    now = ("--now", "2026-11-21T08:00:00+08:00", "--run-id", "r")
    assert run("audit", "--db", "sqlite:///a.db", "--out", "one", *now)[0] == 0
    assert run("export", "copy", "--db", "sqlite:///a.db")[0] == 0
    assert run("audit", "copy", "--out", "two", *now)[0] == 0
    for name in ("findings.csv", "accounts.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert "人民曰报" in (tmp_path / "one" / "findings.csv").read_text(encoding="utf-8-sig")


def test_the_report_is_written_again_in_english(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "dataset" / "accounts.jsonl", ACCOUNT)
    assert run("audit", "dataset", "--out", "run")[0] == 0
    before = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert run("report", "run", "--format", "html", "--lang", "en")[0] == 0
    after = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert 'lang="zh-CN"' in before
    assert '<html lang="en"' in after


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00"])
def test_a_time_of_the_run_beyond_the_years_is_the_callers_mistake(
    run: Run, tmp_path: Path, now: str
) -> None:
    write_lines(tmp_path / "data" / "accounts.jsonl", ACCOUNT)
    code, _, error = run("audit", "data", "--out", "run", "--now", now)
    assert code == 2
    assert "is outside the years 1 to 9999" in one_line(error)


def test_the_help_on_memory_names_what_a_process_may_take() -> None:
    (option,) = get_args(options.Memory)[1:]
    assert f"less than {LEAST_MEMORY_MIB} is not held" in option.help
