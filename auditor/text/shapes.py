"""Tables of characters written as something else: in two parts, as letters, between other signs.

Relations between two names, like the look-alikes, and never a fold.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from auditor.text.tables import read_rows


class SplitForm(NamedTuple):
    """A character typed as its parts, side by side: ``parts`` (two or more) for one ``whole``."""

    parts: str
    whole: str


class LatinForm(NamedTuple):
    """Letters or digits for one character: ``kind`` is ``stroke`` (0 for 口) or ``numeral``.

    ``found`` is written as people write it, capitals kept; a folded name holds it in lower case.
    """

    found: str
    expected: str
    kind: str


class Sign(NamedTuple):
    """A sign put between characters, or in place of one (``kind`` ``mask``)."""

    sign: str
    kind: str


@cache
def split_forms() -> tuple[SplitForm, ...]:
    """Return the rows of ``rulesets/tables/split.csv``.

    Raises:
        RulesetError: the table cannot be read.
    """
    return tuple(SplitForm(row["parts"], row["whole"]) for row in read_rows("split"))


@cache
def latin_forms() -> tuple[LatinForm, ...]:
    """Return the rows of ``rulesets/tables/latin.csv``; what pinyin gives is not among them.

    Raises:
        RulesetError: the table cannot be read.
    """
    rows = read_rows("latin")
    return tuple(LatinForm(row["found"], row["expected"], row["kind"]) for row in rows)


@cache
def inserted_signs() -> tuple[Sign, ...]:
    """Return the rows of ``rulesets/tables/spoof-signs.csv``.

    Raises:
        RulesetError: the table cannot be read.
    """
    rows = read_rows("spoof-signs")
    return tuple(Sign(chr(int(row["sign"].removeprefix("U+"), 16)), row["kind"]) for row in rows)


@cache
def stroke_orders() -> Mapping[str, str]:
    """Return the rows of ``rulesets/tables/strokes.csv``: a digit 1 to 5 for each stroke, in order.

    Raises:
        RulesetError: the table cannot be read.
    """
    return {row["character"]: row["order"] for row in read_rows("strokes")}
