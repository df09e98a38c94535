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
    NumberReader,
    ShownNumber,
    claimed_persons,
    is_full_name,
    kind_names,
    shown_numbers,
)
from auditor.model import Account, Credential, Hit, in_china
from auditor.text import (
    FormAnswer,
    credential_kinds,
    fold,
    fold_name,
    kinds_named,
    kinds_of,
    mask_person,
)

FORMS: dict[FormAnswer, tuple[str, str]] = {
    "of_form": ("符合已公布的形式", "is of the published form"),
    "not_of_form": ("不是已公布的形式", "is not of the published form"),
    "not_judged": ("的形式未判断", "is of a form that was not judged"),
}
"""What a form is called in a sentence, Chinese and English."""

NEAR = 24
"""Characters around a number within which words say what paper it is."""

_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*日?|\s*月)?")
_JOINED = re.compile(r"(\d{4})(\d{2})(\d{2})")


class CredentialState(NumberReader):
    """Finds what credential numbers of the claimed profession are shown; it always hits.

    Looked at are the name, the bio, the mark, the listed credentials and the posts that hold a
    labelled number. It follows a step that finds a title and fills a sentence; alone it is context
    (fairness, section 1).
    """

    use: Literal["credential_state"]

    provides: ClassVar[frozenset[str]] = frozenset({"papers", "papers_en"})

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with what is shown, of what form, or that nothing is."""
        kinds = kinds_of(given.facts().get("profession", ""))
        account = subject.account
        number = next((one for one in shown_numbers(view, subject, kinds) if one.own), None)
        listed = next((one for one in account.credentials or () if _is_of(one, kinds)), None)
        if number is not None:
            zh, en = _told(number, kinds)
        elif listed is not None:
            zh, en = kind_names(tuple(kind for kind in kinds_named(listed.kind) if kind in kinds))
            zh, en = f"资质栏列有{zh}，未列号码", f"its list names a {en} without a number"
        else:
            zh, en = _nothing_in(account)
        facts = MappingProxyType({"papers": zh, "papers_en": en})
        return [Hit("bio", "", steps=("credential:state",), facts=facts)]


def _told(number: ShownNumber, kinds: tuple[str, ...]) -> tuple[str, str]:
    """Say of what form a number is; it is masked."""
    facts, (form, form_en) = number.facts(kinds), FORMS[number.answer(kinds)]
    return (
        f"{facts['where']}所示{facts['credential']}（{facts['masked']}）{form}",
        f"the {facts['credential_en']} in its {facts['where_en']} ({facts['masked']}) {form_en}",
    )


def _nothing_in(account: Account) -> tuple[str, str]:
    """Say that no number is shown, of what was collected alone."""
    collected = (
        ("名称", "name", account.name),
        ("简介", "bio", account.bio),
        ("认证文字", "mark", account.verified_label),
        ("资质栏", "listed credentials", account.credentials),
    )
    looked = [(zh, en) for zh, en, value in collected if value is not None]
    return (
        "、".join(zh for zh, _ in looked) + "中未见该职业的证件号码",
        "no credential number of that profession was seen in its "
        + ", ".join(en for _, en in looked),
    )


class CredentialForm(NumberReader):
    """Finds a labelled credential number of the claimed profession by what its form is.

    ``answer`` is ``not_of_form``, ``of_form`` or ``not_judged``. A number counts where the account
    states it of itself: in name, bio, mark or the listed credentials unless quoted, denied, asked
    or told of others; in a post only right behind a word of ``own``, and beside none of ``sample``.
    Words of ``elsewhere`` near it say that it is a paper of another place or kind.
    """

    use: Literal["credential_form"]
    answer: FormAnswer = "not_of_form"
    own: tuple[str, ...] = Field(default=("@own-credential",), min_length=1)
    sample: tuple[str, ...] = ("@sample-data",)
    elsewhere: tuple[str, ...] = ("@credential-elsewhere",)

    provides: ClassVar[frozenset[str]] = frozenset(
        {"credential", "credential_en", "masked", "where", "where_en", "form", "form_en", "length"}
    )

    def tables(self) -> frozenset[str]:
        """Return the lists that are looked up beside a number."""
        return lexicon_ids((*self.own, *self.sample, *self.elsewhere))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a number, those of the profile before those of posts."""
        kinds = kinds_of(given.facts().get("profession", ""))
        words = view.resources.words
        own, sample = words(self.own), words(self.sample)
        found = [
            form_hit(number, kinds)
            for number in shown_numbers(view, subject, kinds, own, sample)
            if number.own
            and number.answer(kinds) == self.answer
            and not self._is_elsewhere(view, subject, number)
        ]
        return Missing("bio") if subject.account.bio is None and kinds and not found else found

    def _is_elsewhere(self, view: View, subject: Subject, number: ShownNumber) -> bool:
        """Tell whether words near a number say that it is a paper of another place or kind."""
        if number.span is None:
            return False
        post = None if number.post is None else view.dossier.posts[number.post]
        text = post.text if post else getattr(subject.account, number.field) or ""
        start, end = number.span
        near = fold(text[max(0, start - NEAR) : end + NEAR]).text
        return any(fold(word).text in near for word in view.resources.words(self.elsewhere))


class CredentialExpired(Detector):
    """Finds a listed credential of the claimed profession that was past its date when captured.

    Another one of the profession that is in force, or has no date, speaks for the account. A date
    that cannot be read is *not evaluated*.
    """

    use: Literal["credential_expired"]

    provides: ClassVar[frozenset[str]] = frozenset({"credential", "credential_en", "valid_until"})

    def anchor(self) -> Anchor:
        """The listed credentials are collected."""
        return Anchor("field", ("credentials",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a credential, the latest date first."""
        kinds = kinds_of(given.facts().get("profession", ""))
        account = subject.account
        if account.credentials is None:
            return Missing("credentials")
        lapsing = tuple(kind for kind in kinds if credential_kinds()[kind].lapses)
        own = [one for one in account.credentials if _is_of(one, lapsing)]
        if not any(one.valid_until for one in own) or not all(one.valid_until for one in own):
            return []
        if account.fetched_at is None:
            return Missing("fetched_at")
        captured = in_china(account.fetched_at).date()
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
    """Tell whether a listed credential is of the kinds; one of an unknown kind is not."""
    return not set(kinds_named(one.kind)).isdisjoint(kinds)


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
