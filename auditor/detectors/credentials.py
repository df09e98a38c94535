"""What was shown for a claimed profession: credential numbers, their form, date and holder.

Every step reads the profession of the title claimed before it. No number is kept in clear: quotes
and facts hold it masked from the start.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
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
    View,
    lexicon_ids,
)
from auditor.detectors.shown import (
    POST_ANCHOR,
    ShownNumber,
    claimed_persons,
    is_full_name,
    kind_names,
    shown_numbers,
)
from auditor.model import CHINA, Credential, Hit
from auditor.text import FormAnswer, credential_kinds, fold_name, kinds_named, kinds_of, mask_person

_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*日?|\s*月)?")
_JOINED = re.compile(r"(\d{4})(\d{2})(\d{2})")


class CredentialAbsent(Detector):
    """Finds that the page shows no credential of the claimed profession: context, never a row.

    Looked at are the name, the bio, the mark, the listed credentials and the posts that hold a
    labelled number; whatever stands there counts as shown, of the published form or not.
    """

    use: Literal["credential_absent"]

    provides: ClassVar[frozenset[str]] = frozenset({"looked", "looked_en"})

    def anchor(self) -> Anchor:
        """The bio is collected."""
        return Anchor("field", ("bio",))

    def post_anchor(self) -> Anchor:
        """Posts with a labelled number wake, so that both doors see them."""
        return POST_ANCHOR

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit when nothing is shown; its facts say where was looked."""
        kinds = kinds_of(given.facts().get("profession", ""))
        account = subject.account
        if not kinds:
            return []
        if account.bio is None:
            return Missing("bio")
        listed = any(_is_of(one, kinds) for one in account.credentials or ())
        if listed or any(True for _ in shown_numbers(view, subject, kinds)):
            return []
        with_list = account.credentials is not None
        facts = {
            "looked": "名称、简介、认证文字" + ("与资质栏" if with_list else "（资质栏未采集）"),
            "looked_en": "name, bio and mark"
            + (
                " and the listed credentials"
                if with_list
                else " (listed credentials not collected)"
            ),
        }
        return [Hit("bio", "", steps=("credential:none",), facts=MappingProxyType(facts))]


class CredentialForm(Detector):
    """Finds a labelled credential number of the claimed profession by what its form is.

    ``answer`` is ``not_of_form``, ``of_form`` or ``not_judged``. A number counts where the account
    states it of itself: in name, bio, mark or the listed credentials unless quoted, denied, asked
    or told of others; in a post only right behind a word of ``own``, and beside none of ``sample``.
    """

    use: Literal["credential_form"]
    answer: FormAnswer = "not_of_form"
    own: tuple[str, ...] = Field(default=("@own-credential",), min_length=1)
    sample: tuple[str, ...] = ("@sample-data",)

    provides: ClassVar[frozenset[str]] = frozenset(
        {"credential", "credential_en", "masked", "where", "where_en", "form", "form_en", "length"}
    )

    def tables(self) -> frozenset[str]:
        """Return the lists that are looked up beside a number."""
        return lexicon_ids((*self.own, *self.sample))

    def anchor(self) -> Anchor:
        """The bio is collected."""
        return Anchor("field", ("bio",))

    def post_anchor(self) -> Anchor:
        """Posts with a labelled number wake, so that both doors see them."""
        return POST_ANCHOR

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a number, those of the profile before those of posts."""
        kinds = kinds_of(given.facts().get("profession", ""))
        words = view.resources.words
        own, sample = words(self.own), words(self.sample)
        found = [
            form_hit(number, kinds)
            for number in shown_numbers(view, subject, kinds, own, sample)
            if number.own and number.answer(kinds) == self.answer
        ]
        return Missing("bio") if subject.account.bio is None and kinds and not found else found


class CredentialExpired(Detector):
    """Finds a listed credential of the claimed profession that was past its date when captured.

    Another one of the profession that is in force, or has no date, speaks for the account. A date
    that cannot be read is *not evaluated*.
    """

    use: Literal["credential_expired"]

    provides: ClassVar[frozenset[str]] = frozenset({"credential", "credential_en", "valid_until"})

    def anchor(self) -> Anchor:
        """The bio is collected; the listed credentials need not be."""
        return Anchor("field", ("credentials",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a credential, the latest date first."""
        kinds = kinds_of(given.facts().get("profession", ""))
        account = subject.account
        if account.credentials is None:
            return Missing("credentials")
        own = [one for one in account.credentials if _is_of(one, kinds)]
        if not any(one.valid_until for one in own) or not all(one.valid_until for one in own):
            return []
        if account.fetched_at is None:
            return Missing("fetched_at")
        captured = account.fetched_at.astimezone(CHINA).date()
        dated = [(last_day(one.valid_until or ""), one) for one in own]
        if any(day is None for day, _ in dated):
            return Missing("credentials.valid_until")
        past = [(day, one) for day, one in dated if day is not None and day < captured]
        if len(past) < len(dated):
            return []
        past.sort(key=lambda entry: entry[0], reverse=True)
        return [_expired_hit(day, one, kinds) for day, one in past]


class CredentialHolder(Detector):
    """Finds a listed credential whose holder is another person than the account says to be.

    Both must be full personal names with different family names, and the holder's may stand
    nowhere on the profile; with a nickname or a family name alone it is *not evaluated*.
    """

    use: Literal["credential_holder"]
    surnames: tuple[str, ...] = Field(default=("@person-surnames",), min_length=1)

    provides: ClassVar[frozenset[str]] = frozenset(
        {"credential", "credential_en", "holder", "claimed"}
    )

    def tables(self) -> frozenset[str]:
        """Return the family names."""
        return lexicon_ids(self.surnames)

    def anchor(self) -> Anchor:
        """The listed credentials are collected."""
        return Anchor("field", ("credentials",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a credential of another holder."""
        kinds = kinds_of(given.facts().get("profession", ""))
        account = subject.account
        if account.credentials is None:
            return Missing("credentials")
        held = [one for one in account.credentials if one.holder and _is_of(one, kinds)]
        if not held:
            return []
        surnames = view.resources.words(self.surnames)
        claimed = claimed_persons(account, given, surnames)
        if not claimed or not all(
            is_full_name(fold_name(one.holder or "").text, surnames) for one in held
        ):
            return Missing("credentials.holder")
        shown = fold_name("".join((account.name or "", account.bio or ""))).text
        holders = [fold_name(one.holder or "").text for one in held]
        if any(holder in shown for holder in holders):
            return []
        return [
            _holder_hit(one, claimed[0], kinds)
            for one, holder in zip(held, holders, strict=True)
            if all(holder[:1] != name[:1] for name in claimed)
        ]


def last_day(written: str) -> date | None:
    """Return the last day on which a credential counts; ``None`` where no date can be read.

    2024-05-01, 2024.5.1, 2024/5/1, 20240501, 2024年5月1日; 2024-05 and 2024年5月 end the month.
    """
    text = written.strip()
    found = _DAY.fullmatch(text) or _JOINED.fullmatch(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    try:
        day = int(found[3]) if found[3] else monthrange(year, month)[1]
        return date(year, month, day)
    except ValueError:
        return None


def _is_of(one: Credential, kinds: tuple[str, ...]) -> bool:
    """Tell whether a listed credential is of the kinds; of an unknown kind it may be."""
    named = kinds_named(one.kind)
    return not named or not set(named).isdisjoint(kinds)


def form_hit(number: ShownNumber, kinds: tuple[str, ...]) -> Hit:
    """Return the hit of one number with what its published form is; it is masked."""
    named = number.named(kinds)
    known = [credential_kinds()[kind] for kind in named if kind in credential_kinds()]
    facts = {
        **number.facts(kinds),
        "form": "；".join(dict.fromkeys(one.form_zh for one in known)),
        "form_en": "; ".join(dict.fromkeys(one.form_en for one in known)),
        "length": str(len(number.readings[0])),
    }
    return number.hit((f"credential:{named[0]}", f"form:{number.answer(kinds)}"), facts)


def _names(one: Credential, kinds: tuple[str, ...]) -> dict[str, str]:
    named = tuple(kind for kind in kinds_named(one.kind) if kind in kinds)
    zh, en = kind_names(named) if named else ("未列明种类的证书", "credential of an unlisted kind")
    return {"credential": zh, "credential_en": en}


def _expired_hit(day: date, one: Credential, kinds: tuple[str, ...]) -> Hit:
    facts = {**_names(one, kinds), "valid_until": day.isoformat()}
    step = f"valid_until:{day.isoformat()}"
    return Hit("credentials", day.isoformat(), steps=(step,), facts=MappingProxyType(facts))


def _holder_hit(one: Credential, claimed: str, kinds: tuple[str, ...]) -> Hit:
    holder = mask_person(one.holder or "")
    facts = {**_names(one, kinds), "holder": holder, "claimed": mask_person(claimed)}
    return Hit("credentials", holder, steps=("holder:other",), facts=MappingProxyType(facts))
