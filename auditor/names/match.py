"""What the name index returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from auditor.model import Reference

Tier = Literal["X", "A", "B", "C", "D", "G", "E", "F", "N"]
TIERS: tuple[Tier, ...] = get_args(Tier)
"""Best first: identical, identical when folded, differing for a named reason, beside official
affixes, place and organ word, news word. The last three are set aside and make no row: contained
beside neutral words, one edit that nothing explains, and words of somebody else beside the name or
across a word's edge."""

Doubt = Literal["", "everyday", "unit", "between"]
"""Why a match may come by chance: an everyday word or place; words that a department of the body
would carry as well; unknown words in between."""

Way = Literal[
    "equal",
    "folded",
    "glyph",
    "homophone",
    "doubled",
    "inserted",
    "masked",
    "split",
    "latin",
    "dropped",
    "reordered",
    "affix",
    "commerce",
    "unit",
    "place_organ",
    "state_organ",
    "function_desk",
    "brand_place",
    "place_service",
    "place_news",
    "news_word",
    "contained",
    "unexplained",
]
WAYS: tuple[Way, ...] = get_args(Way)
"""The reason a match rests on; of several, the least likely to come by chance names the match."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which a name departs from a reference.

    ``index`` is 1-based in the expected text. ``found`` is what stands there (empty when dropped),
    ``expected`` what the reference has (empty when inserted or doubled); ``reason`` is a technique
    word of the contracts; ``similarity`` is 0..1, 1.0 where the reason is not a measured likeness.
    """

    index: int
    found: str
    expected: str
    reason: str
    similarity: float = 1.0

    @property
    def step(self) -> str:
        """The machine-readable step, as ``glyph:曰→日@2``; its place counts from 0 (contracts)."""
        return f"{self.reason}:{self.found}→{self.expected}@{self.index - 1}"


class NameMatch(NamedTuple):
    """One reason why a name is, or looks like, the name of a body; a tuple, as millions are made.

    ``kind`` is the kind of body; ``value`` the reference's form that was met, or the place and
    organ words; ``span`` counts code points of the original name, end exclusive. ``places`` counts
    the divisions of that place name. ``doubt`` says why the match may come by chance, ``why_not``
    why it was set aside (tiers E, F, N). ``score_value`` is rapidfuzz's ratio (0..100) between the
    folded name and ``value``; it explains and never decides.
    """

    tier: Tier
    way: Way
    kind: str
    value: str
    span: tuple[int, int]
    reference: Reference | None = None
    steps: tuple[str, ...] = ()
    place: str = ""
    places: int = 0
    organ: str = ""
    remainder: str = ""
    differing: tuple[Difference, ...] = ()
    score_name: str = ""
    score_value: float | None = None
    doubt: Doubt = ""
    why_not: str = ""
