"""The parts of ``scripts/build_glyphs.py`` that need no font: figures, decisions, rows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
HAND = "found,expected,decision,ways,similarity,reason,source,as_of\n"


def part(name: str) -> Any:
    sys.path.insert(0, str(SCRIPTS))
    try:
        return import_module(f"glyphs.{name}")
    finally:
        sys.path.remove(str(SCRIPTS))


pairs, rows, shapes = part("pairs"), part("rows"), part("shapes")


def drawn(found: str, expected: str, look: float = 0.0, strokes: int | None = None) -> Any:
    return pairs.Pair(found, expected, look, look / 2, strokes)


def added(figure: float = 0.8) -> Any:
    return pairs.Reviewed(True, figure, "by hand", "2026-11")


REJECTED = pairs.Reviewed(False, 0.0, "by hand", "2026-11")


@pytest.mark.parametrize(
    ("found", "expected", "look", "strokes", "listed", "taken"),
    [
        ("曰", "日", 0.86, None, False, True),
        ("曰", "日", 0.85, None, False, False),
        ("曰", "日", 0.85, 2, False, False),
        ("曰", "日", 0.78, 1, False, True),
        ("曰", "日", 0.77, 1, False, False),
        ("曰", "日", 0.70, 0, False, True),
        ("曰", "日", 0.69, 0, False, False),
        ("曰", "日", 0.78, None, True, True),
        ("о", "o", 0.99, None, False, False),
        ("о", "o", 0.50, None, True, True),
        ("о", "o", 0.49, None, True, False),
        ("ニ", "二", 0.99, None, False, False),
    ],
)
def test_a_pair_is_taken_from_the_figure_that_its_strokes_and_unicode_ask_for(
    found: str, expected: str, look: float, strokes: int | None, listed: bool, taken: bool
) -> None:
    assert pairs.admitted(pairs.Pair(found, expected, look, 0.0, strokes, listed)) is taken
    assert pairs.admitted(pairs.Pair(found, expected, 0.0, look, strokes, listed)) is taken


@pytest.mark.parametrize(
    ("one", "other", "strokes"),
    [("土", "士", 0), ("大", "太", 1), ("大", "口", 3), ("大", "〇", None)],
)
def test_strokes_are_counted_between_two_stroke_orders(
    one: str, other: str, strokes: int | None
) -> None:
    orders = {"土": "121", "士": "121", "大": "134", "太": "1344", "口": "251"}
    assert pairs.strokes_between(one, other, orders) == strokes
    assert pairs.strokes_between(other, one, orders) == strokes


def test_a_decision_counts_both_ways_where_the_row_says_so(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    path.write_text(
        HAND + "秦,泰,add,both,0.80,why,me,2026-11\n扱,报,add,one,0.87,why,me,2026-11\n"
        "口,日,reject,both,,why,me,2026-11\n",
        encoding="utf-8",
    )
    decided = pairs.read_reviewed(path)
    assert {pair for pair, one in decided.items() if one.added} == {
        ("秦", "泰"), ("泰", "秦"), ("扱", "报"),
    }  # fmt: skip
    assert {pair for pair, one in decided.items() if not one.added} == {("口", "日"), ("日", "口")}
    assert decided["扱", "报"].figure == 0.87


@pytest.mark.parametrize(
    ("case", "found", "decided", "kept"),
    [
        ("figures suffice", [drawn("曰", "日", 0.9)], {}, ["曰日"]),
        ("figures do not", [drawn("扱", "报", 0.7)], {}, []),
        ("a person adds", [drawn("扱", "报", 0.7)], {("扱", "报"): added()}, ["扱报"]),
        ("a person rejects", [drawn("口", "日", 0.9)], {("口", "日"): REJECTED}, []),
        ("the best of a capital and a small letter", [drawn("S", "5", 0.6), drawn("s", "5", 0.7)],
         {("S", "5"): added(), ("s", "5"): added()}, ["s5"]),
        ("traditional forms are decided as drawn", [drawn("綱", "網", 0.9)], {}, ["綱網"]),
        ("what folds to the same character", [drawn("網", "网", 0.9)], {}, []),
        ("what a fold drops", [drawn("丨", "1", 0.9)], {("丨", "1"): added()}, []),
    ],
)  # fmt: skip
def test_one_pair_is_kept_for_what_arrives_of_it_in_a_name(
    case: str, found: list[Any], decided: dict[tuple[str, str], Any], kept: list[str]
) -> None:
    assert [pair.found + pair.expected for pair in rows.kept(found, decided)] == kept, case


@pytest.mark.parametrize(
    ("case", "pair", "decided", "row"),
    [
        ("by look", drawn("曰", "日", 0.9), {}, "曰 日 0.900 0.900 0.450 - drawn"),
        ("by strokes", drawn("己", "已", 0.8, 0), {}, "己 已 0.800 0.800 0.400 0 strokes"),
        ("a person's figure is the least", drawn("扱", "报", 0.7), {("扱", "报"): added(0.87)},
         "扱 报 0.870 0.700 0.350 - hand"),
        ("a drawing above it counts", drawn("己", "口", 0.84), {("己", "口"): added()},
         "己 口 0.840 0.840 0.420 - hand"),
        ("a decision that the figures did not need", drawn("曰", "日", 0.9),
         {("曰", "日"): added()}, "曰 日 0.900 0.900 0.450 - drawn"),
        ("letters that Unicode lists", pairs.Pair("о", "o", 0.6, 0.5, None, True), {},
         "о o 0.800 0.600 0.500 - listed"),
        ("what no font draws", pairs.Pair("ѕ", "s", 0.0, 0.0, None, False, False),
         {("ѕ", "s"): added(0.95)}, "ѕ s 0.950 - - - hand"),
        ("what is expected arrives folded", drawn("綱", "網", 0.9), {},
         "綱 网 0.900 0.900 0.450 - drawn"),
    ],
)  # fmt: skip
def test_a_row_says_by_which_figure_and_source_it_stands(
    case: str, pair: Any, decided: dict[tuple[str, str], Any], row: str
) -> None:
    sources = {"drawn": rows.DRAWN, "strokes": rows.STROKES, "listed": rows.LISTED}
    cells = ["" if cell == "-" else cell for cell in row.split()]
    cells[-1] = sources.get(cells[-1], "by hand")
    assert rows.row_of(pair, decided) == [*cells, "2026-11"], case


def test_the_comparison_of_two_tables_tells_which_lines_are_new_and_which_are_gone() -> None:
    one = rows.render_table([["曰", "日", "0.9", "", "", "", "a", "2026"]])
    other = rows.render_table([["曰", "日", "0.8", "", "", "", "a", "2026"]])
    assert rows.differences(one, one) == []
    assert rows.differences(one, other) == ["+曰,日,0.9,,,,a,2026", "-曰,日,0.8,,,,a,2026"]


def likeness(one: Any, other: Any) -> float:
    left, right = shapes.features(np.stack([one, other]))
    return float(left @ right)


def bar(at: int, across: bool = False) -> Any:
    shape = np.zeros((shapes.SIDE, shapes.SIDE))
    shape[at : at + 3, 6:26] = 1.0
    return shape.T if across else shape


@given(st.integers(0, 2**32 - 1))
def test_likeness_is_symmetric_and_one_for_the_shape_itself(seed: int) -> None:
    one, other = np.random.default_rng(seed).random((2, shapes.SIDE, shapes.SIDE))
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert -1 <= likeness(one, other) < likeness(one, one) == pytest.approx(1)


@pytest.mark.parametrize("figure", [shapes.ink, shapes.directions, shapes.features])
def test_a_blank_shape_is_like_nothing(figure: Callable[[Any], Any]) -> None:
    assert not figure(np.zeros((1, shapes.SIDE, shapes.SIDE))).any()


def test_a_stroke_may_move_a_pixel_but_not_turn() -> None:
    moved, far, turned = (likeness(bar(10), x) for x in (bar(11), bar(24), bar(10, across=True)))
    assert moved > 0.9
    assert max(far, turned) < 0.1
