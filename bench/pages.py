"""``python -m bench.pages``: the figures of the docs, from what ``python -m bench`` measured.

Rewrites what stands between the marks in docs/performance.md and docs/scale.md, and the plot.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.plot import write_plot
from bench.scale import scale_table
from bench.table import render

Told = Mapping[str, Any]

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
DOCS = Path(__file__).parent.parent / "docs"
RESULTS = Path(__file__).with_name("results.json")
PLOT = "bench-scaling.svg"


def replaced(page: str, text: str) -> str:
    """Return a page with another text between its marks.

    Raises:
        ValueError: the page has no marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} … {END} in the page")
    return f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}"


def write_pages(told: Told, docs: Path) -> None:
    """Write both pages, and the plot where matplotlib is installed."""
    for name, text in (
        ("performance.md", render(told)),
        ("scale.md", "\n".join(scale_table(told))),
    ):
        path = docs / name
        path.write_text(replaced(path.read_text(encoding="utf-8"), text), encoding="utf-8")
    if find_spec("matplotlib"):
        write_plot(told, docs / "images" / PLOT)
    else:
        print("matplotlib is not installed: the plot stays as it is")


def main() -> None:
    """Rewrite the pages from a file of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, nargs="?", default=RESULTS)
    words = parser.parse_args()
    write_pages(json.loads(words.results.read_text(encoding="utf-8")), DOCS)


if __name__ == "__main__":
    main()
