"""What stands around a match: places and bodies of that name, the region, a critic's words."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Resources,
    Subject,
    View,
    lexicon_ids,
)
from auditor.detectors.phrases import phrase_hit
from auditor.detectors.scanned import PhraseSpan
from auditor.model import Hit, is_shown
from auditor.text import fold_name

NAMES = ("name", "after")
"""The fields in which a name is matched."""


class PlaceShared(Detector):
    """Finds that several divisions have the place name of the match: it does not say which."""

    use: Literal["place_shared"]
    least: int = Field(default=2, ge=2)

    provides: ClassVar[frozenset[str]] = frozenset({"place", "places"})

    def anchor(self) -> Anchor:
        """The index knows the name."""
        return Anchor("name", ("name",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with the place name and the number of divisions that have it."""
        facts = given.facts()
        place, places = facts.get("place", ""), facts.get("places", "0")
        if not place or int(places) < self.least:
            return []
        return [Hit("name", place, facts=MappingProxyType({"place": place, "places": places}))]


class EquallyNear(Detector):
    """Finds other listed bodies whose names the account's name is as near to as to the match's."""

    use: Literal["equally_near"]
    most: int = Field(default=3, ge=1)

    provides: ClassVar[frozenset[str]] = frozenset({"others"})

    def anchor(self) -> Anchor:
        """The index knows the name."""
        return Anchor("name", ("name",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit that names up to ``most`` of them."""
        if given.reference is None:
            return []
        departures = given.facts().get("n", "")
        others = {
            match.reference.name
            for hit in _name_hits(given)
            for match in view.name_matches(hit.quote)
            if match.reference is not None and str(len(match.differing)) == departures
        } - {given.reference.name}
        if not others:
            return []
        shown = "、".join(sorted(others)[: self.most])
        return [Hit("name", shown, facts=MappingProxyType({"others": shown}))]


class RegionFits(Detector):
    """Finds that the region the page shows is the place of the match, or a province around it."""

    use: Literal["region_fits"]

    provides: ClassVar[frozenset[str]] = frozenset({"region", "place"})

    def anchor(self) -> Anchor:
        """The region is collected."""
        return Anchor("field", ("region",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with the region; a region that was not collected speaks for nobody."""
        region, place = subject.account.region, given.facts().get("place", "")
        if not place or not is_shown(region) or not region:
            return []
        shown = fold_name(region).text
        if not any(name in shown for name in _around(view.resources, place)):
            return []
        facts = MappingProxyType({"region": region, "place": place})
        return [Hit("region", region, (0, len(region)), facts=facts)]


def _around(resources: Resources, place: str) -> set[str]:
    """Return the names of the divisions called so, and of their provinces."""
    divisions = resources.references.divisions
    codes = {one.code[:2] for one in divisions if place in (one.name, one.short_name) and one.code}
    provinces = [one for one in divisions if one.level == "province" and one.code[:2] in codes]
    return {place, *(name for one in provinces for name in (one.name, one.short_name))}


class NameLabel(Detector):
    """Finds a phrase of a word list in the matched name, outside the words that were matched.

    A label (乌海中院讨薪群) tells who speaks; inside the body's own name
    (投诉中心) the same word does not.
    """

    use: Literal["name_label"]
    words: tuple[str, ...] = Field(min_length=1)

    provides: ClassVar[frozenset[str]] = frozenset({"phrase"})

    def lexicons(self) -> frozenset[str]:
        """Return the named lists."""
        return lexicon_ids(self.words)

    def anchor(self) -> Anchor:
        """A phrase of the lists stands in the name."""
        return Anchor("lexicon", ("name",), lexicon_ids(self.words))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a phrase."""
        return [
            phrase_hit(matched.field, matched.quote, span, subject)
            for matched in _name_hits(given)
            for span in view.scanned(matched.quote).spans(self.lexicons())
            if not _lies_in(span, matched.span)
        ]


def _name_hits(given: Match) -> list[Hit]:
    """Return the hits of the name index; each quotes the whole name."""
    return [hit for hit in given.hits if hit.field in NAMES and "reference" in hit.facts]


def _lies_in(span: PhraseSpan, matched: tuple[int, int] | None) -> bool:
    return matched is not None and matched[0] <= span.start and span.end <= matched[1]
