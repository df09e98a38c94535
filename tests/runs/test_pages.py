"""An audit works in small pages; what else a process does is left as the system has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.runs import pages

SWITCH = "THP_enabled:"
"""The line of /proc/self/status; Linux 5.0 and later."""

_STATUS = Path("/proc/self/status")

pytestmark = pytest.mark.skipif(
    not os.environ.get("AUDITOR_REQUIRE_ALL")
    and (not _STATUS.exists() or SWITCH not in _STATUS.read_text()),
    reason="the system does not tell: no Linux, or one older than 5.0",
)

SHOW = "print(*(line for line in open('/proc/self/status') if line.startswith('THP_enabled:')))"
FORKED = f"""
import os
from auditor.runs.pages import use_small_pages
use_small_pages()
if not os.fork():
    {SHOW}
    os._exit(0)
os.wait()
"""
CALLED = f"""
import sys
from pathlib import Path
from auditor.runs.local import audit
from tests.runs.stopping import request_for
audit(request_for(Path(sys.argv[1]), Path(sys.argv[2])))
{SHOW}
"""
AUDITED = f"""
import sys
from auditor.cli import main
sys.argv = ["auditor", "audit", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
{SHOW}
"""


def shown(program: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-u", "-c", program, *words], capture_output=True, text=True, check=True
    )
    return done.stdout.split()[-1]


def test_a_process_that_is_forked_has_small_pages_too() -> None:
    assert shown(FORKED) == "0"


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """One account."""
    directory = tmp_path / "data"
    directory.mkdir()
    rows = "platform,account_id,name\np,1,小满\n"
    (directory / "accounts.csv").write_text(rows, encoding="utf-8")
    return directory


def test_an_audit_has_small_pages(dataset: Path, tmp_path: Path) -> None:
    assert shown(AUDITED, str(dataset), "--out", str(tmp_path / "run")) == "0"
    assert (tmp_path / "run" / "run.json").exists()


def test_a_program_that_calls_the_function_keeps_the_pages_it_has(
    dataset: Path, tmp_path: Path
) -> None:
    assert shown(CALLED, str(dataset), str(tmp_path / "run")) == shown(SHOW)
    assert (tmp_path / "run" / "run.json").exists()


def test_another_system_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.runs.pages.sys.platform", "darwin")
    monkeypatch.setattr(pages, "ctypes", None)
    pages.use_small_pages()
