"""The forms of every reference: its name and registered short names, folded, and derived keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from auditor.model import Reference

_STATE = ("中国", "国家", "中央", "全国")
# What a state body's name may lose at its end and still read as that body: 国家安全(部).
_HEADS = ("委员会", "部队", "总局", "部", "局", "委", "署", "办")
# The endings of outlets; a second one before the last makes another outlet of it: 人民(报)网.
_ENDINGS = "报网社台刊"
_SHORTEST_HEADLESS = 4
_SHORTEST_DROPPED = 6
_SHORTEST_REORDERED = 6
_SHORTEST_TRANSPOSED = 4


class Form(NamedTuple):
    """One folded form; ``raw`` is as registered, ``full`` is false for a short name."""

    text: str
    raw: str
    reference: Reference
    full: bool


class Forms:
    """All forms by their text, and the texts by the keys of what may be done to them."""

    def __init__(self, organisations: Iterable[Reference], fold: Callable[[str], str]) -> None:
        self.by_text: dict[str, list[Form]] = {}
        for reference in sorted(organisations, key=lambda one: (one.name, one.kind)):
            for raw in (reference.name, *reference.short_names):
                text, full = fold(raw), raw == reference.name
                if len(text) >= 2:
                    self.by_text.setdefault(text, []).append(Form(text, raw, reference, full))
        self.headless: dict[str, list[Form]] = {}
        self._dropped: dict[str, list[tuple[int, str]]] = {}
        self._lengthened: dict[str, list[tuple[int, str]]] = {}
        self._multisets: dict[str, list[str]] = {}
        self._transposed: dict[str, list[str]] = {}
        for text in sorted(self.by_text):
            self._derive(text)

    def _derive(self, text: str) -> None:
        if len(text) >= _SHORTEST_DROPPED:
            for index in range(len(text)):
                key = text[:index] + text[index + 1 :]
                self._dropped.setdefault(key, []).append((index, text))
        if text.startswith(_STATE):
            self._behead(text)
        if text[-1] in _ENDINGS and any(f.reference.kind == "media" for f in self.by_text[text]):
            for ending in _ENDINGS.replace(text[-1], ""):
                key = text[:-1] + ending + text[-1]
                self._lengthened.setdefault(key, []).append((len(text) - 1, text))
        if len(text) >= _SHORTEST_REORDERED:
            self._multisets.setdefault("".join(sorted(text)), []).append(text)
        elif len(text) >= _SHORTEST_TRANSPOSED and any(f.full for f in self.by_text[text]):
            for index in range(len(text) - 1):
                key = text[:index] + text[index + 1] + text[index] + text[index + 2 :]
                if key not in self.by_text:
                    self._transposed.setdefault(key, []).append(text)

    def _behead(self, text: str) -> None:
        for head in _HEADS:
            key = text.removesuffix(head)
            if key != text and len(key) >= _SHORTEST_HEADLESS and key not in self.by_text:
                self.headless.setdefault(key, []).extend(self.by_text[text])

    def shortened(self, text: str) -> list[tuple[int, str]]:
        """Return forms that lose one character, or a state body's last word, to give ``text``.

        Each comes with the index of what is lost.
        """
        beheaded = [(len(text), form.text) for form in self.headless.get(text, ())]
        return list(dict.fromkeys(beheaded + self._dropped.get(text, [])))

    def lengthened(self, text: str) -> list[tuple[int, str]]:
        """Return outlets that ``text`` gives a second ending, with the index of what is added."""
        return self._lengthened.get(text, [])

    def reordered(self, text: str) -> list[str]:
        """Return forms of the same characters in another order: any order from six on."""
        same = self._multisets.get("".join(sorted(text)), [])
        return [form for form in same if form != text] + self._transposed.get(text, [])
