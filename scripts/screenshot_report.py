"""Draw report.html as the pictures of the documentation: docs/images/report-zh.png, report-en.png.

Usage: python scripts/screenshot_report.py RUN_DIR [--height PIXELS]
The report is written in both languages from the stored run; chromium does the drawing.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from auditor.config import rulesets_directory
from auditor.reports import rewrite_reports
from auditor.reports.html.wording import LANGUAGES
from auditor.rules import load_ruleset

IMAGES = Path(__file__).parent.parent / "docs" / "images"
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


def draw(page: Path, picture: Path, height: int) -> None:
    """Draw one page, 1280 pixels wide."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("chromium is missing: apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory() as profile:
        options = (f"--user-data-dir={profile}", f"--window-size=1280,{height}")
        command = [program, *QUIET, *options, f"--screenshot={picture}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> None:
    """Write both pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--height", type=int, default=1600)
    given = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    notices = load_ruleset([rulesets_directory()]).notices
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder)
            (page,) = rewrite_reports(
                given.run, ["html"], out=out, language=language, notices=notices
            )
            draw(page, IMAGES / f"report-{language}.png", given.height)
        print(IMAGES / f"report-{language}.png")


if __name__ == "__main__":
    main()
