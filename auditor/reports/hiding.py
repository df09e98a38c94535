"""How the shareable edition hides who a private person is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from auditor.model import Value
from auditor.text import mask_name_inner

V = TypeVar("V", bound=Value)

_QUOTED = re.compile('“[^”]*”|"[^"]*"')
_MENTION = re.compile(r"[@＠][\w.·-]+")


def starred(name: str) -> str:
    """Return a name with its inner characters as ``*``: 瑶*姑, 温**查, 王*.

    A single character is hidden too: quoted from a name, it tells how the name is put together.
    """
    return mask_name_inner(name) if len(name) > 1 else "*" * len(name)


@dataclass(frozen=True, slots=True)
class Hide:
    """Masks what an account is called, and mentions of others, inside a sentence.

    With ``quoted`` every text between quotation marks but ``keep`` is starred: a fact about a name
    quotes earlier names and single characters, from which the name could be put together again.
    """

    names: tuple[str, ...]
    quoted: bool = False
    keep: str = ""

    def sentence(self, text: str) -> str:
        """Return a sentence as strangers may read it."""
        for name in self.names:
            text = _without(text, name)
        if self.quoted:
            text = _QUOTED.sub(self._quotation, text)
        return _MENTION.sub("@*", text)

    def _quotation(self, match: re.Match[str]) -> str:
        words = match[0][1:-1]
        return match[0] if words == self.keep else f"{match[0][0]}{starred(words)}{match[0][-1]}"


def _without(text: str, name: str) -> str:
    """Return the text with a name starred wherever it stands."""
    if len(name) > 2:
        return text.replace(name, starred(name))
    # A name of one or two characters occurs inside other words; only its quotation is meant.
    for left, right in ("“”", '""') if name else ():
        text = text.replace(f"{left}{name}{right}", f"{left}{starred(name)}{right}")
    return text


def changed(row: V, names: Iterable[str], change: Callable[[str], str]) -> V:
    """Return a row whose named fields, text or tuples of text, went through ``change``."""
    changes: dict[str, str | tuple[str, ...]] = {}
    for name in names:
        before = getattr(row, name)
        after = before
        if isinstance(before, str):
            after = change(before)
        elif isinstance(before, tuple):
            after = tuple(change(member) for member in before)
        if after != before:
            changes[name] = after
    return row.model_copy(update=changes) if changes else row
