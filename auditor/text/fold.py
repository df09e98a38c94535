"""One spelling for every way of writing the same characters, with the way back to the original.

A fold replaces single characters by single characters, then drops the invisible ones. ``fold``
keeps spaces and punctuation, because they mean something in running text; ``fold_name`` drops them
too, with emoji and the strokes used as ornaments. Look-alikes (曰 and 日, 入 and 人) never fold:
they are a relation between two names, not one spelling. Forms that would become several characters
(㎡, ㈠, …) and list marks (①, ²) are left alone, so that offsets stay exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from auditor.text.tables import read_rows

Scope = Literal["all", "name"]

DROP: Final = 0xFFFF_FFFF
"""Stands in a numeric table for *dropped*."""

_STEP_OF: Final = {
    "full_width": "fold:full_width",
    "traditional": "fold:traditional",
    "variant": "fold:variant",
    "radical": "fold:variant",
    "styled": "fold:variant",
    "accent": "fold:variant",
}


class Folded(NamedTuple):
    """A folded text and where each of its characters came from.

    A named tuple, because a batch makes millions: a frozen dataclass costs six times as much.
    ``offsets[i]`` is the index in ``original`` of the folded text's character ``i``; ``None`` says
    that nothing was dropped, so that both count alike.
    """

    text: str
    original: str
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original (end exclusive) that ``text[start:end]`` stands for."""
        if self.offsets is None:
            return start, end
        first = self.offsets[start] if start < len(self.offsets) else len(self.original)
        return first, (self.offsets[end - 1] + 1 if end > start else first)


@dataclass(frozen=True, slots=True)
class FoldTable:
    """Code point → code point, ``None`` for dropped; and why, for the techniques of a match."""

    targets: dict[int, int | None]
    reasons: dict[int, str]


@cache
def fold_table(scope: Scope) -> FoldTable:
    """Return the reviewed table: ``all`` for running text, ``name`` for names."""
    rows = [(_code(row["from"]), _code(row["to"]), row["reason"]) for row in read_rows("fold")]
    targets: dict[int, int | None] = {
        code: None
        for row in read_rows("fold-drop")
        if row["scope"] in ("all", scope)
        for code in range(_code(row["first"]), _code(row["last"]) + 1)
    }
    # What a character folds into decides: Ⓐ is a symbol and stays as a letter, the full-width
    # space goes with the space. No row of the table starts from a character dropped everywhere.
    targets.update({source: targets.get(target, target) for source, target, _ in rows})
    return FoldTable(targets, {source: reason for source, _, reason in rows})


def _code(written: str) -> int:
    return int(written.removeprefix("U+"), 16)


def fold(text: str) -> Folded:
    """Fold running text: width, case, traditional forms and variants; invisible ones dropped."""
    return _fold(text, fold_table("all").targets)


def fold_name(name: str) -> Folded:
    """Fold a name: as ``fold``, and without spaces, punctuation, emoji and decoration."""
    return _fold(name, fold_table("name").targets)


def _fold(text: str, targets: dict[int, int | None]) -> Folded:
    folded = text.translate(targets)
    if len(folded) == len(text):
        return Folded(folded, text, None)
    # A character that is not in the table stays: only an explicit None drops it.
    kept = (index for index, char in enumerate(text) if targets.get(ord(char), 0) is not None)
    return Folded(folded, text, tuple(kept))


def fold_steps(text: str, scope: Scope = "all") -> tuple[str, ...]:
    """Return the techniques that folding this text undid, such as ``fold:full_width``.

    Case alone and full-width punctuation are ordinary writing and no technique.
    """
    table = fold_table(scope)
    steps: dict[str, None] = {}
    for char in text:
        target = table.targets.get(ord(char), 0)
        if target is None:
            steps["fold:inserted"] = None
        elif target and chr(target).isalnum():
            step = _STEP_OF.get(table.reasons[ord(char)])
            if step:
                steps[step] = None
    return tuple(steps)
