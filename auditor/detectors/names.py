"""The account's name against the name index, and the guards that put the genuine first."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    Subject,
    TextField,
    View,
    text_of,
)
from auditor.model import Hit, Reference
from auditor.names import NameMatch

Tier = Literal["X", "A", "B", "C", "D", "G"]


class KnownName(Detector):
    """Finds a name that the index explains as built on a reference name, in one of the tiers.

    The index answers with its best tier only, so one name makes one row at most. ``ways`` and
    ``kinds`` narrow the answer to techniques and kinds of body.
    Source of the tiers: decision record 0006.
    """

    use: Literal["name_index"]
    field: TextField = "name"
    tiers: tuple[Tier, ...] = Field(min_length=1)
    ways: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    provides: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "reference",
            "n",
            "place",
            "places",
            "organ",
            "remainder",
            "tier",
            "why",
            "why_en",
        }
    )

    anchored: ClassVar[bool] = True

    def anchor(self) -> Anchor:
        """The index knows something about the name."""
        return Anchor("change" if self.field in ("before", "after") else "name", (self.field,))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return the index's matches that fit the parameters, best first."""
        name = text_of(subject, self.field)
        if name is None:
            return Missing(self.field)
        return [
            name_hit(self.field, name, match)
            for match in view.name_matches(name)
            if self._wants(match)
        ]

    def _wants(self, match: NameMatch) -> bool:
        return (
            match.tier in self.tiers
            and (not self.ways or match.way in self.ways)
            and (not self.kinds or match.kind in self.kinds)
        )


def name_hit(field: str, name: str, match: NameMatch) -> Hit:
    """Return the hit of one name match, with its reason in words."""
    facts = {
        "name": name,
        "reference": match.value,
        "n": str(len(match.differing)),
        "place": match.place,
        "places": str(match.places),
        "organ": match.organ,
        "remainder": match.remainder,
        "tier": match.tier,
        "why": reason(match, 0),
        "why_en": reason(match, 1),
    }
    return Hit(
        field=field,
        quote=name,
        span=match.span,
        reference=match.reference,
        steps=match.steps,
        score_name=match.score_name,
        score_value=match.score_value,
        facts=MappingProxyType(facts),
        caution=CAUTIONS.get(match.doubt),
    )


CAUTIONS: dict[str, tuple[str, str]] = {
    "everyday": (
        "所用地名或用语也是日常用词",
        "the place name or the word is also an everyday word",
    ),
    "unit": (
        "其余用语也可能是该机构内设部门或下属单位的名称",
        "the other words may as well name a department of that body",
    ),
    "between": (
        "名称中另有未收录的用语，也可能是另一机构的全称",
        "other words stand in between, so that it may be the full name of another body",
    ),
}
"""What the index itself holds against a match, zh and en, by ``NameMatch.doubt``."""

DIFFERENCES: dict[str, tuple[str, str]] = {
    "glyph": ("“{a}”与“{b}”字形相近（相似度{s}）", "“{a}” looks like “{b}” (similarity {s})"),
    "homophone": ("“{a}”与“{b}”读音相同", "“{a}” sounds like “{b}”"),
    "traditional": ("“{a}”为“{b}”的繁体", "“{a}” is the traditional form of “{b}”"),
    "variant": ("“{a}”为“{b}”的异体", "“{a}” is a variant form of “{b}”"),
    "inserted": ("多出“{a}”", "“{a}” is added"),
    "doubled": ("“{a}”重复", "“{a}” is doubled"),
    "dropped": ("缺少“{b}”", "“{b}” is missing"),
    "masked": ("“{b}”以“{a}”代替", "“{a}” stands for “{b}”"),
    "split": ("“{a}”为“{b}”的拆写", "“{a}” is “{b}” written in parts"),
    "latin": ("“{a}”代替“{b}”", "“{a}” stands for “{b}”"),
    "reordered": ("“{a}”与“{b}”次序不同", "“{a}” and “{b}” change places"),
}
"""What a difference is called in a sentence, zh and en, by the contracts' technique words."""

FOLDS: dict[str, tuple[str, str]] = {
    "fold:full_width": ("全角或半角写法", "full-width or half-width letters"),
    "fold:traditional": ("繁体写法", "traditional characters"),
    "fold:variant": ("异体写法", "variant characters"),
    "fold:inserted": ("字间夹有符号", "signs between the characters"),
}
SAME = ("逐字相同", "letter for letter")
REORDERED = ("用字相同而次序不同", "the same characters in another order")


def reason(match: NameMatch, language: int) -> str:
    """Return why the index matched, in words; ``language`` is 0 for Chinese and 1 for English."""
    words = [
        DIFFERENCES[item.reason][language].format(
            a=item.found, b=item.expected, s=f"{item.similarity:.2f}"
        )
        for item in match.differing
        if item.reason in DIFFERENCES
    ]
    words += [FOLDS[step][language] for step in match.steps if step in FOLDS]
    if not words:
        words = [(REORDERED if match.way == "reordered" else SAME)[language]]
    return ("；", "; ")[language].join(words)


class KnownAccount(Detector):
    """Finds that the account is one that the reference entry lists as genuine."""

    use: Literal["known_account"]

    def anchor(self) -> Anchor:
        """The index knows the name."""
        return Anchor("name", ("name",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return a hit when the entry of the match, or any of that name, lists the account."""
        key = subject.account.key
        listed: list[Reference] = [given.reference] if given.reference else []
        name = subject.account.name
        if name is not None:
            listed.extend(view.resources.names.own(name))
        return [
            Hit("account_id", key, reference=entry, steps=("known_account",))
            for entry in listed
            if key in entry.accounts
        ]
