"""What a value looks like inside one CSV cell, and how a cell is read back.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula (OWASP, *CSV
Injection*), and some strip white space or fold full-width signs first. Names of accounts are
chosen by strangers, so every text cell is guarded; numbers are written by us and stay numbers.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

SEPARATOR = " | "
"""Between the members of a list; a ``|`` inside a member carries a backslash before it."""

LINE_BREAK = " ⏎ "
"""What a line break becomes, so that one row is one line for every tool."""

NONE = "none"
"""An empty list that was looked for, in a column where an empty cell would say *not collected*."""

# The small forms U+FE62, 63, 66 and 6B fold to the same signs as the full-width ones (NFKC); a
# leading line break, which stands as ⏎ by then, hides what follows it from a careless eye.
_TRIGGERS = frozenset("=+-@\t\r\n⏎＝＋－＠﹦﹢﹣﹫")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Tab stays: it is harmless inside a quoted cell. Other controls can drive a terminal that shows
# the file, and NUL ends the cell in many readers.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


# Nine cells in ten are plain: one pattern spares them three others.
_PLAIN = re.compile(
    "[0-9A-Za-z\u4e00-\u9fff][^\x00-\x08\n-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*"
)


def storable(text: str) -> str:
    """Return text with NUL, other controls and lone surrogates replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return text with every kind of line break written as `` ⏎ ``."""
    return storable(_BREAKS.sub(LINE_BREAK, text))


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take the text for a formula.

    Leading spaces of any width and invisible format characters are looked through, because some
    programs drop them; apostrophes too, so that ``guarded`` can be undone without doubt.
    """
    for character in text:
        if character in _TRIGGERS:
            return True
        if character == "'" or character.isspace() or unicodedata.category(character) == "Cf":
            continue
        return False
    return False


def guarded(text: str) -> str:
    """Return the text as one safe line, with an apostrophe before anything like a formula."""
    if _PLAIN.fullmatch(text):
        return text
    line = one_line(text)
    return f"'{line}" if is_formula(line) else line


def unguarded(cell: str) -> str:
    """Take the apostrophe of ``guarded`` away again; a line break stays `` ⏎ ``."""
    if cell.startswith("'") and is_formula(cell[1:]):
        return cell[1:]
    return cell


def joined(members: Iterable[object]) -> str:
    r"""Join list members with `` | ``; ``\`` and ``|`` inside a member get a backslash.

    Empty members say nothing and are left out. ``split`` undoes the joining exactly.
    """
    texts = (str(member).replace("\\", "\\\\").replace("|", "\\|") for member in members)
    return SEPARATOR.join(text for text in texts if text)


def split(cell: str) -> tuple[str, ...]:
    """Return the members of a joined cell."""
    if not cell:
        return ()
    return tuple(re.sub(r"\\([\\|])", r"\1", member) for member in cell.split(SEPARATOR))


def number(value: float) -> str:
    """Return the shortest text that reads back as the same number; infinities are unknown."""
    return repr(value) if math.isfinite(value) else ""


def cell(value: object) -> str:
    """Return what stands in a CSV cell for text, a number, a list of these or ``None`` (empty).

    Raises:
        TypeError: anything else; no column of the contracts holds a boolean.
    """
    # Nearly every value is one of these two, and to match costs more than to look at its type.
    if value is None:
        return ""
    if type(value) is str:
        return guarded(value)
    match value:
        case bool():
            raise TypeError("a column never holds a boolean; say the word for what is known")
        case int() | float():
            return number(value)
        case str():
            return guarded(value)
        case tuple() | list():
            return guarded(joined(value))
    raise TypeError(f"a cell cannot hold {type(value).__name__}")
