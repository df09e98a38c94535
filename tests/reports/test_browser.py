"""The page in a real browser: it shows, asks nobody, and complains of nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.model import Finding
from auditor.reports import ReportInput, write_report_html
from auditor.reports.html.wording import LANGUAGES, Language


def chromium(profile: Path, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "install chromium: apt-get install chromium fonts-noto-cjk"
    command = [
        program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
        "--enable-logging=stderr", f"--user-data-dir={profile}", *options, page.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_shows_the_page_without_a_complaint(
    tmp_path: Path,
    report: Callable[..., ReportInput],
    finding: Callable[..., Finding],
    language: Language,
) -> None:
    page = tmp_path / "report.html"
    hostile = finding(account_name="<script>document.title='taken'</script>\u202e")
    write_report_html(page, report(findings=[finding(), hostile], language=language))
    log = tmp_path / "net.json"
    shown = chromium(tmp_path / "profile", page, "--dump-dom", f"--log-net-log={log}")
    assert shown.stdout.count('<article class="card"') == 2
    assert "taken</title>" not in shown.stdout
    assert "CONSOLE" not in shown.stderr
    assert ".example" not in log.read_text(encoding="utf-8")


def test_a_browser_draws_and_prints_the_page(
    tmp_path: Path, report: Callable[..., ReportInput]
) -> None:
    page, picture, paper = (tmp_path / name for name in ("report.html", "r.png", "r.pdf"))
    write_report_html(page, report())
    chromium(tmp_path / "one", page, "--window-size=1280,900", f"--screenshot={picture}")
    chromium(tmp_path / "two", page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert len(picture.read_bytes()) > 20_000
    assert paper.read_bytes().startswith(b"%PDF")
