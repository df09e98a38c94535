"""Plain facts of a profile: how old it is, what it lists, how many follow it."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.base import Anchor, Detector, Found, Match, Missing, Subject, View
from auditor.detectors.durations import Days
from auditor.model import Hit, in_china


class AccountAge(Detector):
    """Finds that the account was created at least so many days before the run's time."""

    use: Literal["account_age"]
    least_days: Days

    provides: ClassVar[frozenset[str]] = frozenset({"created", "years"})

    def anchor(self) -> Anchor:
        """The day of creation is collected."""
        return Anchor("field", ("created_at",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with the day; a day that was not collected says nothing."""
        created = subject.account.created_at
        if created is None or view.elapsed(created, timedelta(days=self.least_days)) < 1:
            return []
        years = str(view.elapsed(created, timedelta(days=365)))
        day = in_china(created).date()
        facts = MappingProxyType({"created": day.isoformat(), "years": years})
        return [Hit("created_at", day.isoformat(), facts=facts)]


class ProfileLists(Detector):
    """Finds members in a list of the profile: ways of earning, shops or contacts that it shows."""

    use: Literal["profile_lists"]
    fields: tuple[Literal["monetisation", "shops", "contacts"], ...] = Field(min_length=1)

    def anchor(self) -> Anchor:
        """One of the lists is collected."""
        return Anchor("field", self.fields)

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a list that has members; all lists unknown is missing input."""
        lists = {name: getattr(subject.account, name) for name in self.fields}
        if all(members is None for members in lists.values()):
            return Missing(self.fields[0])
        return [Hit(name, ", ".join(members)) for name, members in lists.items() if members]


class FollowersShown(Detector):
    """Finds that the profile shows at least ``least`` followers.

    The score of the hit counts powers of ten: 1 from ``least``, 2 from ten times as many, never
    more than ``most``.
    """

    use: Literal["followers_shown"]
    least: int = Field(default=1_000, ge=1)
    most: int = Field(default=5, ge=1)

    def anchor(self) -> Anchor:
        """The number of followers is collected."""
        return Anchor("field", ("followers",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with the number of powers of ten as its score."""
        followers = subject.account.followers
        if followers is None:
            return Missing("followers")
        steps = sum(followers >= self.least * 10**power for power in range(self.most))
        if not steps:
            return []
        return [
            Hit("followers", str(followers), score_name="powers_of_ten", score_value=float(steps))
        ]
