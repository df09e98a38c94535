"""The words of a mark beside a claimed title: another employer, or a profession no longer."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

from auditor.detectors.base import Anchor, Detector, Found, Match, Missing, Subject, View
from auditor.detectors.titles import PROFESSIONAL, may_name_profession, names_profession
from auditor.detectors.verification import shown_texts
from auditor.model import NONE_SHOWN, Hit
from auditor.text import fold, mask
from auditor.titles import Title, differ, employer_of, employers


class EmployerDiffers(Detector):
    """Finds that the mark names another employer than the clause of the title in the bio.

    Two hospitals, two firms, two schools: names of one kind that share nothing else. The step
    follows one that finds a title. Doctors may practise at several hospitals.
    """

    use: Literal["employer_differs"]

    provides: ClassVar[frozenset[str]] = frozenset({"stated", "shown"})

    def anchor(self) -> Anchor:
        """The verification field is collected."""
        return Anchor("field", ("verified",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with both names, or what was not collected."""
        account = subject.account
        if account.verified is None or account.bio is None:
            return Missing("verified" if account.verified is None else "bio")
        claimed = given.first
        if claimed.field != "bio" or claimed.span is None:
            return []
        known = view.resources.title_words
        title = Title(claimed.quote, given.facts().get("profession", ""), *claimed.span)
        stated = employer_of(account.bio, title, known)
        marks = [text for _, text in shown_texts(account)]
        shown = [name for text in marks for name in employers(text, known)]
        if not stated or not shown or not differ(stated, " ".join(marks), known):
            return []
        if any(name in fold(account.bio).text for name in shown):
            return []  # 骨伤医院医师，每周三在青岫医院出诊
        facts = MappingProxyType({"stated": stated, "shown": shown[0]})
        return [Hit("bio", stated, steps=(f"employer:{shown[0]}",), facts=facts)]


class MarkLost(Detector):
    """Finds that the words of the mark named the profession before a change, and do not since.

    The step follows one that finds a title; ``changed`` finds the change.
    """

    use: Literal["mark_lost"]

    provides: ClassVar[frozenset[str]] = frozenset({"mark_before", "mark_after", "mark_after_en"})

    def lexicons(self) -> frozenset[str]:
        """Return the lists by which a mark names a profession."""
        return PROFESSIONAL

    def anchor(self) -> Anchor:
        """The verification changed between two captures."""
        return Anchor("change", ("verification",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with both texts; a change without them was not collected whole."""
        change = subject.change
        if change is None or change.field != "verification":
            return []
        if change.before is None or change.after is None:
            return Missing("changes")
        profession = given.facts().get("profession", "")
        before, after = change.before, "" if change.after == NONE_SHOWN else change.after
        if not names_profession(view, before, profession) or (
            after and may_name_profession(view, after, profession)
        ):
            return []
        facts = MappingProxyType(
            {
                "mark_before": mask(before),
                "mark_after": f"“{mask(after)}”" if after else "无认证文字",
                "mark_after_en": f"“{mask(after)}”" if after else "none",
            }
        )
        return [Hit("before", before, (0, len(before)), steps=("mark_lost",), facts=facts)]
