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

Capture = pytest.CaptureFixture[str]

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


WORDS = [
    ("audit gone --kept a\udcff", "encoding of the locale"),
    ("audit gone --out a\udcff", "encoding of the locale"),
    ("audit gone --run-id a\udcff", "encoding of the locale"),
    ("audit gone --rules a\udcff", "encoding of the locale"),
    ("audit gone --db postgresql://u:geheim@h/a\udcff", "://u:***@h/a\\udcff: is not in the enc"),
    ("crawl a\udcff --targets targets.csv", "encoding of the locale"),
    ("crawl profiles --targets targets.csv --db sqlite:///a\udcff", "encoding of the locale"),
    ("demo --out a\udcff", "encoding of the locale"),
    ("export there --db sqlite:///a\udcff", "is no database URL"),
    ("explain p:1 --db postgresql://u:geheim@h/a\udcff", "://u:***@h/a\\udcff: is no database URL"),
    ("audit a\nb", "a\\nb: does not exist"),
    ("explain p:1 --dataset a\u2028b\x1b[2J", "a\\u2028b\\x1b[2J: does not exist"),
]


@pytest.mark.parametrize(("words", "told"), WORDS)
def test_a_word_of_any_bytes_is_one_line_and_the_callers_mistake(
    words: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "targets.csv").write_text("target\nhttps://example.org/u\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["auditor", *words.split(" ")])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    error = capfd.readouterr().err
    assert ended.value.code == 2, error
    assert told in error
    assert error.splitlines() == [error.removesuffix("\n")]


def test_what_the_environment_holds_is_looked_at_too(
    monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.setenv("AUDITOR_KEPT", "a\udcff")
    monkeypatch.setattr(sys, "argv", ["auditor", "audit", "gone"])
    with pytest.raises(SystemExit):
        cli.main()
    assert "encoding of the locale" in capfd.readouterr().err


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
