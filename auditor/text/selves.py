"""Whether an author says to be what a phrase names."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from auditor.text.sentences import clause_after, clause_before
from auditor.text.tables import alternation, word_list

_SEPARATED: Final = re.compile(r"[^\w]+")
_OTHERS: Final = re.compile(r"[，,、\s]*(?:[他她你您它]|大家|对方)")
# 日本, 基本, 版本 … end in 本 and are no self-reference.
_ATTACHED: Final = re.compile(
    r"(?:(?<![日基根版课标成原书])本|我这个|我一个|我这名|我们这些|我们|我等)$"
)
LABEL_REACH: Final = 12
"""Characters between a label's colon and the phrase, without spaces."""

_BEHIND_SIGNS: Final = r"(?:一[名个位枚只]|是|职业|现任).{0,8}$"
LISTED_SIGNS: Final = "一是职现"
"""What ``_BEHIND_SIGNS`` begins with."""

LISTED_REACH: Final = 10
"""Characters that it spans."""

_LISTED: Final = re.compile(_BEHIND_SIGNS)
_BETWEEN: Final = re.compile(r"[，,、:：\s]")
_WORD: Final = re.compile(r"\w")
_LONGEST_MODIFIER: Final = 20
_LONGEST_BETWEEN: Final = 8
"""Characters between the first person and its copula (我从小就是)."""

_LONGEST_BEHIND: Final = 18
"""Characters between a copula and the phrase (是北京某医院的)."""


def is_about_self(before: str, after: str, *, profile: bool = False) -> bool:
    """Tell whether a sentence says that its author is what stands between the two parts."""
    if _pattern("relation").match(after):
        return False  # 我是医生的女儿, 律师太太
    clause = clause_before(before)
    return (
        _copula(clause)
        or _as_one(clause, after)
        or _ATTACHED.search(clause) is not None
        or _pattern("listed").search(before) is not None
        or _pattern("label").search(before) is not None
        or (profile and _stands_alone(before, after))
    )


def first_person(*words: str) -> str:
    """Return words of the first person as one pattern, all of them where none is named.

    在下 is none of them where 下 belongs to what follows: 在下雨天.
    """
    chosen = "|".join(words) or alternation("text-self")
    return chosen.replace("在下", rf"在下(?!{alternation('text-below')})")


def may_be_about_self(text: str, start: int) -> bool:
    """Tell whether what stands before a phrase can make it its author's; ``False`` is certain.

    ``text`` is folded and the phrase begins at ``start``. No clause is looked for and no word
    weighed: most professions that the news and everyday talk name end here for a microsecond or
    two each, in a long text too: it is read no further back than what counts may stand.
    """
    near = text[max(0, start - self_reach()) : start]
    return (
        near.endswith("本")
        or (_pattern("signs").search(near) is not None and _may_take_on(near))
        or (_LISTED.search(near) is not None and _is_listed(text, start))
        # Further away than that a colon counts behind spaces alone.
        or ((":" in near or near[:-LABEL_REACH].isspace()) and _is_labelled(text, start))
    )


def _may_take_on(near: str) -> bool:
    """Tell whether a first person with its copula, or 作为, may reach the phrase behind."""
    return (
        _pattern("copula").search(near) is not None
        or _pattern("as").search(near) is not None
        or _ATTACHED.search(near) is not None
    )


def _is_listed(text: str, start: int) -> bool:
    # Any number of signs may stand behind a listed first person.
    low = max(0, start - LISTED_REACH)
    while low and _BETWEEN.match(text[low - 1]):
        low -= 1
    longest = max(map(len, word_list("text-self")))
    return _pattern("listed").search(text[max(0, low - longest) : start]) is not None


def _is_labelled(text: str, start: int) -> bool:
    at = start
    while at and start - at < LABEL_REACH and _WORD.match(text[at - 1]):
        at -= 1
    while at and text[at - 1].isspace():
        at -= 1
    labels = word_list("text-self-labels")
    before = text[max(0, at - 1 - max(map(len, labels))) : at]
    return before.endswith(":") and before[:-1].endswith(labels)


@cache
def self_reach() -> int:
    """Return how many characters before a phrase its first person may stand, by ``copula``."""
    longest = [max(map(len, word_list(name))) for name in ("text-self", "text-copulas")]
    return sum(longest) + _LONGEST_BETWEEN + _LONGEST_BEHIND


def _copula(clause: str) -> bool:
    """我是(北京某医院的)医生: first person, copula, modifiers without a verb of their own."""
    found = _pattern("copula").search(clause)
    return (
        found is not None
        and not _broken(found.group("between"))
        and not _broken(found.group("modifier"))
        and not _pattern("relation").match(found.group("between"))
    )


def _as_one(clause: str, after: str) -> bool:
    """作为医生，我…: the author, unless another subject follows."""
    found = _pattern("as").match(clause)
    if not found or _broken(found.group("modifier")):
        return False
    return _OTHERS.match(after) is None


def _stands_alone(before: str, after: str) -> bool:
    """A whole segment between separators, as in 协和医院主治医师｜科普."""
    segment = _SEPARATED.split(before)[-1] if before else ""
    return (
        not (after and _SEPARATED.match(after) is None)
        and len(segment) <= _LONGEST_MODIFIER
        and not _broken(segment)
        and not clause_after(after).strip()
    )


def _broken(words: str) -> bool:
    """Tell whether words between "I am" and a phrase hold a verb or a person of their own."""
    return _pattern("breaks").search(_pattern("nouns").sub("□", words)) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    me, copulas = first_person(), alternation("text-copulas")
    relations, breaks = alternation("text-relations"), alternation("text-self-breaks")
    modifier = rf"(?P<modifier>.{{0,{_LONGEST_BEHIND}}})$"
    patterns = {
        "copula": rf"(?:{me})(?P<between>(?:(?!{me}).){{0,{_LONGEST_BETWEEN}}}?)(?:{copulas})"
        rf"{modifier}",
        "as": rf"(?:作为|身为){modifier}",
        # 我 as well, whatever the list holds: it begins most of what stands directly before.
        "signs": rf"我|作为|身为|{me}",
        "listed": rf"(?:{me}){_BETWEEN.pattern}+{_BEHIND_SIGNS}",
        "label": rf"(?:^|[^\w])(?:{alternation('text-self-labels')})[:：]\s*\w{{0,{LABEL_REACH}}}$",
        "relation": rf"(?:的(?=\w)|们?(?:{relations})|(?:{relations}))",
        "breaks": rf"{breaks}|说|[他她你您它]",
        "nouns": alternation("text-not-self-breaks"),
    }
    return re.compile(patterns[name])
