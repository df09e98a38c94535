"""The forms of every reference: its name and registered short names, folded, and derived keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from auditor.model import Reference

_STATE = ("中国", "国家", "中央", "全国")
# What a state body's name may lose at its end and still read as that body: 国家安全(部).
_HEADS = ("委员会", "部队", "总局", "部", "局", "委", "署", "办")
ENDINGS = "报网社台刊"
"""The endings of outlets; a second one before the last makes another outlet of it: 人民(报)网."""
_ISSUES = "日晚早晨"
"""What makes another paper of one that is called by its last character: 大河(日)报."""
_SHORTEST_HEADLESS = 4
SHORTEST_DROPPED = 5
SHORTEST_REORDERED = 6


def may_be_second(ending: str) -> bool:
    """Tell whether two last characters of an outlet may be one and another put before it."""
    paper = ending[-1:] == "报" and ending[:1] in _ISSUES
    return paper or (ending[-1:] in ENDINGS and ending[:1] in ENDINGS)


class Form(NamedTuple):
    """One folded form; ``raw`` is as registered, ``full`` is false for a short name."""

    text: str
    raw: str
    reference: Reference
    full: bool


class Forms:
    """All forms, by their folded text and as registered.

    ``texts`` are sorted; ``headless`` holds what the names of state bodies shorten to.
    """

    def __init__(self, organisations: Iterable[Reference], fold: Callable[[str], str]) -> None:
        self.by_text: dict[str, list[Form]] = {}
        self.by_raw: dict[str, list[Form]] = {}
        for reference in sorted(organisations, key=lambda one: (one.name, one.kind)):
            for raw in (reference.name, *reference.short_names):
                text, full = fold(raw), raw == reference.name
                if len(text) >= 2:
                    form = Form(text, raw, reference, full)
                    self.by_text.setdefault(text, []).append(form)
                    self.by_raw.setdefault(raw, []).append(form)
        self.texts = sorted(self.by_text)
        self.headless: dict[str, list[Form]] = {}
        for text in self.texts:
            if text.startswith(_STATE):
                self._behead(text)

    def _behead(self, text: str) -> None:
        for head in _HEADS:
            key = text.removesuffix(head)
            if key != text and len(key) >= _SHORTEST_HEADLESS and key not in self.by_text:
                self.headless.setdefault(key, []).extend(self.by_text[text])

    def shortened(self, text: str, form: str) -> int | None:
        """Return where ``form`` lost an inner character, or its last word, to give ``text``.

        Without its last character it may be a word for anybody: 中国消费者(报).
        """
        if any(one.text == form for one in self.headless.get(text, ())):
            return len(text)
        if len(form) < SHORTEST_DROPPED or len(form) != len(text) + 1:
            return None
        lost = next((i for i, (a, b) in enumerate(zip(text, form, strict=False)) if a != b), None)
        is_inner = lost is not None and form[:lost] + form[lost + 1 :] == text
        return lost if is_inner else None

    def lengthened(self, text: str, form: str) -> int | None:
        """Return where ``text`` has one inner character more than a long ``form``.

        A shorter outlet may have been given a second ending: 人民(报)网.
        """
        outlet = any(one.reference.kind == "media" for one in self.by_text[form])
        longer = text[:-2] + text[-1:] == form
        if outlet and longer and may_be_second(text[-2:]):
            return len(text) - 2
        if len(form) < SHORTEST_DROPPED or len(text) != len(form) + 1:
            return None
        more = next((i for i, (a, b) in enumerate(zip(text, form, strict=False)) if a != b), None)
        is_inner = more is not None and more > 0 and text[:more] + text[more + 1 :] == form
        return more if is_inner else None

    def reordered(self, text: str, form: str) -> bool:
        """Tell whether ``text`` has the characters of ``form`` in another order that still reads.

        Any order from six characters on; of a shorter full name two neighbours change places.
        """
        if text == form or len(text) != len(form) or sorted(text) != sorted(form):
            return False
        if len(form) >= SHORTEST_REORDERED:
            return True
        differing = [i for i, (a, b) in enumerate(zip(text, form, strict=True)) if a != b]
        neighbours = len(differing) == 2 and differing[1] == differing[0] + 1
        return neighbours and any(one.full for one in self.by_text[form])
