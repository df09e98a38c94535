"""A name as the index reads it: folded, with its masks kept and its offsets known."""

from __future__ import annotations

from auditor.names.spelling import MASK
from auditor.text import Folded, fold_name, fold_steps

_MASKS = str.maketrans({"＊": MASK, "✱": MASK, "﹡": MASK, "∗": MASK})
MASKED = frozenset("*＊✱﹡∗")
"""Signs that people put where a character is hidden."""


class Reading:
    """One name, folded once.

    ``text`` is the folded name; ``masked`` the same with one ``*`` kept for every hidden character,
    because folding drops the sign and with it the place where a character is missing. Who has
    folded the name already gives its ``text``.
    """

    __slots__ = ("_folded", "_steps", "masked", "name", "text")

    def __init__(self, name: str, text: str | None = None) -> None:
        self.name = name
        self._folded: Folded | None = None
        self.text = fold_name(name).text if text is None else text
        self.masked = self.text if MASKED.isdisjoint(name) else masked(name)
        self._steps: tuple[str, ...] | None = None

    @property
    def steps(self) -> tuple[str, ...]:
        """What the folding undid, as ``fold:full_width``."""
        if self._steps is None:
            plain = self.text == self.name  # as four of five names are
            self._steps = () if plain else fold_steps(self.name, "name")
        return self._steps

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original name of a span of the folded one."""
        if start >= min(end, len(self.text)):
            return (0, len(self.name))
        if self.text == self.name:
            return (start, min(end, len(self.text)))
        if self._folded is None:
            self._folded = fold_name(self.name)
        return self._folded.span(start, min(end, len(self.text)))


def masked(name: str) -> str:
    """Return the folded name with one ``*`` for every hidden character."""
    return MASK.join(fold_name(part).text for part in name.translate(_MASKS).split(MASK))
