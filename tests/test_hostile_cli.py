"""The process itself: closed and full streams, crashes without a disk, broken settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import cli
from auditor.config import load_settings
from auditor.errors import UsageError

STREAMS = [
    ("{python} -m auditor rules schema | true; exit ${{PIPESTATUS[0]}}", 74),
    ("{python} -m auditor rules list > /dev/full", 74),
    ("PYTHONUTF8=0 PYTHONIOENCODING=ascii LC_ALL=C {python} -m auditor rules list", 0),
    ("{python} -m auditor rules list >&-", 0),
    ("{python} -m auditor audit gone 2>&-", 2),
    ("{python} -m auditor audit gone --out $'\\xff'", 2),
    ("{python} -m auditor audit gone 2>/dev/full", 2),
]


@pytest.mark.parametrize(("line", "code"), STREAMS)
def test_a_reader_that_went_away_never_looks_like_a_finding(
    tmp_path: Path, line: str, code: int
) -> None:
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        ["bash", "-c", line.format(python=sys.executable)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x ="])
def test_a_settings_file_that_is_no_toml_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "auditor.toml").write_bytes(content)
    with pytest.raises(UsageError, match=r"^auditor.toml: not "):
        load_settings()


def test_a_folder_in_place_of_the_settings_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "auditor.toml").mkdir()
    with pytest.raises(UsageError, match="is no file"):
        load_settings()


def test_a_crash_without_a_place_for_its_details_is_still_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks() -> None:
        raise RuntimeError("张三 13800138000")

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli, "app", breaks)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", full_disk)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    line = "auditor: internal error (RuntimeError); its details could not be written\n"
    assert capsys.readouterr().err == line


def test_an_interrupted_command_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", lambda: sys.exit(130))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert "run the same command to go on" in capsys.readouterr().err
