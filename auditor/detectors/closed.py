"""Profiles that equal one which the operator recorded as closed."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.base import Anchor, Detector, Found, Match, Missing, Subject, View
from auditor.detectors.listed import closed_reference
from auditor.model import Account, Hit, in_china, is_shown
from auditor.references.rows import ClosedAccount
from auditor.text import fold_name, ratio


class ClosedProfile(Detector):
    """Finds a profile whose name and bio equal those of an account recorded as closed.

    The names are equal after folding; the bios, of at least ``min_characters`` folded characters,
    have a likeness of ``min_ratio`` (0..100) or more; where list and page both have an avatar, it
    is the same file. Only accounts of the same platform and another id are compared: nobody is
    traced from one platform to another.
    """

    use: Literal["closed_profile"]
    min_characters: int = Field(default=10, ge=1)
    min_ratio: float = Field(default=90, gt=0, le=100)

    provides: ClassVar[frozenset[str]] = frozenset(
        {"closed", "closed_at", "alike", "avatar", "avatar_en"}
    )

    def anchor(self) -> Anchor:
        """An account recorded as closed has the name."""
        return Anchor("closed", ("name", "bio"))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a closed account that the profile equals, the likest bio first."""
        account = subject.account
        if account.name is None:
            return Missing("name")
        listed = view.resources.listed.closed(account.name)
        entries = [entry for entry in listed if self._is_other(entry, account)]
        if entries and account.bio is None:
            return Missing("bio")
        found = [hit for entry in entries if (hit := self._hit(entry, account)) is not None]
        return sorted(found, key=lambda hit: -(hit.score_value or 0))

    @staticmethod
    def _is_other(entry: ClosedAccount, account: Account) -> bool:
        return entry.platform == account.platform and entry.account_id != account.account_id

    def _hit(self, entry: ClosedAccount, account: Account) -> Hit | None:
        bio, closed = fold_name(account.bio or "").text, fold_name(entry.bio).text
        alike = ratio(bio, closed)
        if min(len(bio), len(closed)) < self.min_characters or alike < self.min_ratio:
            return None
        has_both = bool(entry.avatar) and is_shown(account.avatar)
        if has_both and entry.avatar != account.avatar:
            return None
        text = account.bio or ""
        facts = {
            "closed": entry.account_id, "closed_at": entry.closed_at, "alike": f"{alike:.0f}",
            "avatar": "，头像文件也相同" if has_both else "",
            "avatar_en": ", and so does the avatar file" if has_both else "",
        }  # fmt: skip
        return Hit(
            field="bio",
            quote=text,
            span=(0, len(text)),
            reference=closed_reference(entry),
            steps=("equal:name", "near:bio", *(("equal:avatar",) if has_both else ())),
            score_name="rapidfuzz.fuzz.ratio",
            score_value=round(alike, 1),
            threshold=self.min_ratio,
            facts=MappingProxyType(facts),
        )


class CreatedBefore(Detector):
    """Finds that the account was created before the one of the match was closed."""

    use: Literal["created_before_closing"]

    def anchor(self) -> Anchor:
        """The day of creation is collected."""
        return Anchor("field", ("created_at",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return a hit when the day (or, of a coarser date, the month or year) is earlier."""
        created, closed_at = subject.account.created_at, given.facts().get("closed_at", "")
        if created is None:
            return Missing("created_at")
        day = in_china(created).date().isoformat()
        earlier = day[: len(closed_at)] < closed_at
        return [Hit("created_at", day, steps=("created_before_closing",))] if earlier else []
