"""A command that is asked to end by SIGTERM: it says so, ends its workers, and is gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import cli
from auditor.cli.ending import answered_sigterm
from auditor.errors import AuditorError
from tests.conftest import Auditor
from tests.runs.nights import tables_of

SAID = "terminated; what was done is kept, run the same command to go on\n"
"""All that stands on standard error."""

ASKED = """
import os, signal, time
from auditor import cli
from auditor.runs import local

def asked(*_):
    # As timeout(1) does: to the process, and then to its group with all workers.
    os.kill(os.getpid(), signal.SIGTERM)
    os.killpg(0, signal.SIGTERM)
    time.sleep(60)

local.judge = asked
cli.main()
"""


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """An audit of one account by two workers."""
    (tmp_path / "data").mkdir()
    account = {"platform": "p", "account_id": "1", "name": "人民曰报"}
    text = json.dumps(account, ensure_ascii=False)
    (tmp_path / "data" / "accounts.jsonl").write_text(text, encoding="utf-8")
    now = "2026-11-21T08:00:00+08:00"
    return ["audit", "data", "--now", now, "--run-id", "r", "--workers", "2", "--quiet", "--out"]


def test_a_run_that_is_asked_to_end_says_how_to_go_on_and_the_same_command_does(
    tmp_path: Path, words: list[str], auditor: Auditor
) -> None:
    script = tmp_path / "asked.py"
    script.write_text(ASKED, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), *words, "run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (143, SAID)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert (tmp_path / "run" / ".work").is_dir()
    assert auditor(*words, "run").returncode == auditor(*words, "whole").returncode == 0
    assert tables_of(tmp_path / "run") == tables_of(tmp_path / "whole")


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), AuditorError("ended", "it")])
def test_what_a_library_makes_of_the_signal_is_no_crash(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def swallowed() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise error from None

    monkeypatch.setattr(cli, "app", swallowed)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err) == (143, SAID)


def test_a_caller_that_ignores_the_signal_goes_on_doing_so() -> None:
    was = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with answered_sigterm() as asked:
            signal.raise_signal(signal.SIGTERM)
        assert asked == []
    finally:
        signal.signal(signal.SIGTERM, was)
