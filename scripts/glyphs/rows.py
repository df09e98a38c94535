"""The rows of the table: which pairs become one, with which figure and source."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from glyphs import alphabets, pairs
from glyphs.pairs import Pair, Reviewed

FIGURES = ["similarity", "similarity_em", "similarity_box", "strokes"]
HEADER = ["found", "expected", *FIGURES, "source", "as_of"]
AS_OF = "2026-11"
DRAWN = "Noto CJK (OFL)"
STROKES = "Noto CJK (OFL); char-similar (MIT)"
LISTED = "Unicode confusables"

Decisions = Mapping[tuple[str, str], Reviewed]


def kept(found: Iterable[Pair], decided: Decisions) -> list[Pair]:
    """Return the pairs of the table, one for each pair of folded characters.

    What arrives in a name is folded. Capitals arrive as small letters and keep the row of their
    own look; any other character that a fold replaces could only be named wrongly.
    """
    best: dict[tuple[str, str], Pair] = {}
    for pair in found:
        arriving = pairs.arriving(pair)
        reviewed = decided.get((pair.found, pair.expected)) or decided.get(arriving)
        taken = reviewed.added if reviewed else pairs.admitted(pair)
        if taken and arriving[0] != arriving[1] and all(len(one) == 1 for one in arriving):
            other = best.get(arriving)
            if other is None or _rank(pair) > _rank(other):
                best[arriving] = pair
    return [best[arriving] for arriving in sorted(best)]


def _rank(pair: Pair) -> tuple[float, bool, str]:
    plain = alphabets.folded(pair.found) == pair.found
    return (round(pair.likeness, 3), plain, pair.found)


def row_of(pair: Pair, decided: Decisions) -> list[str]:
    """Return the row of a pair; the similarity is what names are decided by."""
    arriving = pairs.arriving(pair)
    reviewed = decided.get((pair.found, pair.expected)) or decided.get(arriving)
    similarity, source, as_of = pair.likeness, DRAWN, AS_OF
    if reviewed and not pairs.admitted(pair):
        similarity = max(similarity, reviewed.figure)
        source, as_of = reviewed.source, reviewed.as_of
    elif pair.listed and not alphabets.is_han(pair.found):
        similarity, source = max(similarity, pairs.FIGURE_LISTED), LISTED
    elif similarity < pairs.ALIKE:
        source = STROKES
    strokes = "" if pair.strokes is None else str(pair.strokes)
    square, box = (f"{max(one, 0.0):.3f}" if pair.drawn else "" for one in (pair.square, pair.box))
    return [pair.found, arriving[1], f"{similarity:.3f}", square, box, strokes, source, as_of]


def render_table(rows: Iterable[Sequence[str]]) -> str:
    """Return the table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return out.getvalue()


def differences(table: str, shipped: str) -> list[str]:
    """Return the lines of one table that the other lacks, marked + (new) and - (shipped only)."""
    new, old = set(table.splitlines()), set(shipped.splitlines())
    return sorted([f"+{line}" for line in new - old] + [f"-{line}" for line in old - new])
