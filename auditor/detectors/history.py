"""Changes between two captures of a profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.base import Anchor, Detector, Found, Match, Missing, Subject, View
from auditor.detectors.durations import Days
from auditor.model import Change, Hit, minute_in_china
from auditor.model.values import ChangeField
from auditor.text import fold_name


class Changed(Detector):
    """Finds that the subject is a change of one of the named profile fields.

    ``also`` says that the avatar changed at the same capture, ``back`` that the field was later
    changed to what it had been; both are empty, or go on with the sentence before them.
    """

    use: Literal["changed"]
    fields: tuple[ChangeField, ...] = Field(default=("name",), min_length=1)

    provides: ClassVar[frozenset[str]] = frozenset(
        {"old", "new", "changed", "also", "also_en", "back", "back_en"}
    )

    def anchor(self) -> Anchor:
        """One of the fields changed between two captures."""
        return Anchor("change", self.fields)

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with both values; a change without them was not collected whole."""
        change = subject.change
        if change is None or change.field not in self.fields:
            return []
        if change.before is None or change.after is None:
            return Missing("changes")
        facts = {
            "old": change.before,
            "new": change.after,
            "changed": change.changed_at.isoformat(),
            **_avatar(view.dossier.changes, change),
            **_back(view.dossier.changes, change),
        }
        span = (0, len(change.after))
        return [Hit("after", change.after, span, steps=("changed",), facts=MappingProxyType(facts))]


class RenamedWithin(Detector):
    """Finds that the name changed within so many days before the run's time.

    Changes that nobody collected cannot be told from none: they give nothing.
    """

    use: Literal["renamed_within"]
    days: Days

    def anchor(self) -> Anchor:
        """The name changed between two captures."""
        return Anchor("change", ("name",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit for the latest such change."""
        renamed = [change for change in view.dossier.changes if change.field == "name"]
        within = timedelta(days=self.days)
        recent = [one for one in renamed if view.is_within(one.changed_at, within)]
        latest = max(recent, key=lambda change: change.changed_at, default=None)
        return [Hit("before", latest.before or "")] if latest else []


def _avatar(changes: Sequence[Change], change: Change) -> dict[str, str]:
    together = any(
        other.field == "avatar" and other.changed_at == change.changed_at for other in changes
    )
    return {
        "also": "，头像在同一次采集时也已更换" if together else "",
        "also_en": ", and the avatar had changed at the same capture" if together else "",
    }


def _back(changes: Sequence[Change], change: Change) -> dict[str, str]:
    later = [
        other.changed_at
        for other in changes
        if other.field == change.field
        and other.changed_at > change.changed_at
        and fold_name(other.after or "").text == fold_name(change.before or "").text
    ]
    at = minute_in_china(min(later)) if later else ""
    return {
        "back": f"，{at}采集时已改回原值" if at else "",
        "back_en": f"; by the capture at {at} it had been changed back" if at else "",
    }


class MatchedBefore(Detector):
    """Finds that the value before the change already matched the same reference.

    Such a change is a re-spelling, not a move towards the reference.
    """

    use: Literal["matched_before"]

    def anchor(self) -> Anchor:
        """The name changed between two captures."""
        return Anchor("change", ("name",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return a hit when the earlier name is, or is built on, the reference of the match."""
        change, reference = subject.change, given.reference
        if change is None or change.before is None or reference is None:
            return []
        names = view.resources.names
        before = [*view.name_matches(change.before)]
        same = any(item.value == reference.name for item in before)
        same = same or any(own.name == reference.name for own in names.own(change.before))
        return [Hit("before", change.before, (0, len(change.before)))] if same else []
