"""Build the table of look-alikes, ``rulesets/tables/glyphs.csv``, from fonts and stroke orders.

Every character is drawn in Noto Sans CJK and Noto Serif CJK (OFL) and compared as a picture;
stroke orders (char-similar 0.0.2, MIT), Unicode's list of confusables (confusable-homoglyphs
3.3.1, MIT) and ``glyphs-hand.csv``, which people reviewed, decide together with the pictures.
docs/look-alikes.md tells how. On Debian 12, in the environment of the project:

    apt-get install fonts-noto-cjk unicode-data
    pip install pillow==13.0.0 fonttools==4.68.0
    pip install --no-deps --target sources char-similar==0.0.2 confusable-homoglyphs==3.3.1
    python scripts/build_glyphs.py --packages sources            # writes the table
    python scripts/build_glyphs.py --packages sources --check    # builds it and compares

It takes about two minutes on one core. ``--sheets DIR`` draws samples of every band for review.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import product
from pathlib import Path

from glyphs import alphabets, pairs, sheets
from glyphs.comparison import MARGIN, Comparison
from glyphs.drawing import FACE, FONTS, Font
from glyphs.pairs import Pair
from glyphs.rows import differences, kept, render_table, row_of
from PIL import features as pillow

RULESETS = Path(__file__).resolve().parents[1] / "rulesets"
TABLE = RULESETS / "tables" / "glyphs.csv"
COMPANION = TABLE.with_suffix(".json")
HAND = RULESETS / "tables" / "glyphs-hand.csv"


class Sources:
    """All that the table is made from."""

    def __init__(self, fonts: Path, unicode_data: Path, packages: Path) -> None:
        self.font_files = [fonts / name for name in FONTS]
        self.fonts = [Font(path) for path in self.font_files]
        self.general = alphabets.read_general_table(unicode_data)
        self.orders = alphabets.read_stroke_orders(packages / "char_similar")
        self.classes = alphabets.read_confusables(packages / "confusable_homoglyphs")
        self.decided = pairs.read_reviewed(HAND)
        protected = alphabets.read_protected(RULESETS / "references")
        common = {one for one, number in self.general.items() if number <= alphabets.COMMON}
        self.expected = sorted(common | protected | set(alphabets.LETTERS))
        written = {one for pair in self.decided for one in pair}
        everything = {*alphabets.candidates(), *self.general, *self.expected, *written}
        self.characters = sorted(filter(self._drawable, everything))

    def _drawable(self, character: str) -> bool:
        return all(character in font.characters for font in self.fonts)

    def listed(self, found: str, expected: str) -> bool:
        """Tell whether Unicode lists two characters as confusable."""
        none = frozenset[str]()
        left, right = self.classes.get(found, none), self.classes.get(expected, none)
        return found in right or expected in left or not left.isdisjoint(right)

    def pair(self, found: str, expected: str, square: float, box: float) -> Pair:
        """Return a pair with all that is known of it."""
        strokes = pairs.strokes_between(found, expected, self.orders)
        return Pair(found, expected, square, box, strokes, self.listed(found, expected))


def measured(sources: Sources) -> list[Pair]:
    """Return every pair that may stand in the table, with its exact figures."""
    compared = Comparison(sources.characters, sources.fonts)
    drawable = frozenset(sources.characters)
    han = [c for c in sources.characters if alphabets.is_han(c) and alphabets.folded(c) == c]
    general = [c for c in han if c in sources.general]
    expected = [c for c in sources.expected if c in drawable and alphabets.folded(c) == c]
    near = compared.near(han, [c for c in expected if alphabets.is_han(c)])
    near |= compared.near(general, general)
    chosen = {
        pair
        for pair, first in near.items()
        if pairs.admitted(sources.pair(*pair, first + MARGIN, 0.0))
    }
    others = [c for c in sources.characters if not alphabets.is_han(c) and _stays(c)]
    ends = [c for c in sources.expected if c in drawable]
    for pair in (*product(others, ends), *product(han, alphabets.LETTERS)):
        if sources.listed(*pair):
            chosen.add(pair)
    chosen.update(pair for pair in sources.decided if drawable.issuperset(pair))
    ordered = sorted(chosen)
    figures = compared.likenesses(ordered)
    undrawn = sorted(pair for pair in sources.decided if not drawable.issuperset(pair))
    return [
        *(
            sources.pair(*pair, *map(float, two))
            for pair, two in zip(ordered, figures, strict=True)
        ),
        *(replace(sources.pair(*pair, 0.0, 0.0), drawn=False) for pair in undrawn),
    ]


def _stays(character: str) -> bool:
    """Tell whether a fold leaves a letter as it looks, but for its case."""
    return alphabets.folded(character) in (character, character.lower())


def render_companion(sources: Sources, rows: Sequence[Sequence[str]]) -> str:
    """Return what the table was made from, with versions and digests, as JSON."""
    made = {
        "fonts": [
            {"file": font.file, "version": font.version, "sha256": font.sha256}
            for font in sources.fonts
        ],
        "packages": {
            **{name: version(name) for name in ("pillow", "numpy", "fonttools", "rapidfuzz")},
            "freetype": str(pillow.version("freetype2")),
            "char-similar": "0.0.2",
            "confusable-homoglyphs": "3.3.1",
            "unicode-data": "15.0.0",
        },
        "thresholds": {
            "alike": pairs.ALIKE,
            "alike_one_stroke": pairs.ALIKE_ONE_STROKE,
            "alike_same_strokes": pairs.ALIKE_SAME_STROKES,
            "alike_listed": pairs.ALIKE_LISTED,
            "figure_listed": pairs.FIGURE_LISTED,
        },
        "characters_compared": len(sources.characters),
        "characters_expected": len(sources.expected),
        "rows": dict(sorted(Counter(row[-2] for row in rows).items())),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the table, or compare it with the one that is shipped."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts/opentype/noto"))
    parser.add_argument("--unicode-data", type=Path, default=Path("/usr/share/unicode"))
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    sources = Sources(chosen.fonts, chosen.unicode_data, chosen.packages)
    table_pairs = kept(measured(sources), sources.decided)
    rows = [row_of(pair, sources.decided) for pair in table_pairs]
    table = render_table(rows)
    print(f"{len(rows)} rows, {len(table.encode())} bytes")
    if chosen.sheets:
        for band, some in sheets.sample(table_pairs).items():
            path = chosen.sheets / f"pairs-{band}.png"
            sheets.write_sheet(path, some, sources.font_files[0], FACE)
    if chosen.check:
        lines = differences(table, TABLE.read_text(encoding="utf-8"))
        print("\n".join(lines[:20] or ["the shipped table is what the sources give"]))
        return 1 if lines else 0
    TABLE.write_text(table, encoding="utf-8", newline="\n")
    COMPANION.write_text(render_companion(sources, rows), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
