"""What an author only repeats: quotation marks, titles, quoted lines and repost chains."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from auditor.text.tables import alternation

_REACH: Final = 500
"""Characters on either side in which the other quotation mark is looked for."""

_PAIRS: Final = ("“”", "‘’", "「」", "『』", "《》", "〈〉")
_QUOTED_LINE: Final = re.compile(r"[ \t]*[>＞]")


def is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]`` stands in quotation marks, a quoted line or a repost."""
    line = text.rfind("\n", 0, start) + 1
    return (
        _in_marks(text, start, end)
        or _QUOTED_LINE.match(text, line) is not None
        or is_reposted(text, start)
    )


def _in_marks(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    for opening, closing in _PAIRS:
        if before.rfind(opening) > before.rfind(closing) and closing in after:
            return True
    paragraph = before[before.rfind("\n") + 1 :].replace("＂", '"')
    rest = after.split("\n", 1)[0].replace("＂", '"')
    return paragraph.count('"') % 2 == 1 and '"' in rest


def is_reposted(text: str, start: int) -> bool:
    """Tell whether position ``start`` lies in what another account wrote (``//@name:``)."""
    chain = text.find("//@")
    return 0 <= chain < start or _head().match(text) is not None


@cache
def _head() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{alternation('text-repost-marks')})", re.IGNORECASE)
