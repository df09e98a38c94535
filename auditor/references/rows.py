"""One frozen class for the rows of each list (contracts, section 3)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from auditor.model import CHINA, MAX_BIO, MAX_NAME, MAX_TEXT, Reference, Value, in_china
from auditor.model.values import Text

LIST_MARK = " | "
"""What joins the members of a list inside a CSV cell."""

LONGEST_EVENT = timedelta(days=90)
"""How long an event may last (fairness: no list becomes a watch list)."""

_DATED = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _members(cell: object) -> object:
    """Split a CSV cell at the list mark; a JSON array passes unchanged."""
    if isinstance(cell, str):
        return tuple(part.strip() for part in cell.split(LIST_MARK.strip()) if part.strip())
    return cell


def _dated(text: str) -> str:
    if not _DATED.fullmatch(text):
        raise ValueError("is no date; write YYYY, YYYY-MM or YYYY-MM-DD")
    return text


def _withdrawn(cell: object) -> object:
    """Accept yes or no, or the day of the withdrawal."""
    if isinstance(cell, str):
        word = cell.strip().lower()
        if word in {"", "no", "false", "0"}:
            return False
        if word in {"yes", "true", "1"} or _DATED.fullmatch(word):
            return True
    return cell


def _visible(text: str) -> str:
    # Blanks, and the marks of no width that a copied cell may hold, would be compared with nothing.
    # The first look spares nearly every cell the second.
    if not text[:1].isalnum() and all(unicodedata.category(sign)[0] in "ZC" for sign in text):
        raise ValueError("holds nothing that can be seen")
    return text


def _genuine_account(text: str) -> str:
    platform, mark, account_id = text.partition(":")
    if not (platform and mark and account_id):
        raise ValueError(f"“{text}” is no account; write platform:id")
    return text


Filled = Annotated[Text, AfterValidator(_visible), Field(min_length=1, max_length=MAX_NAME)]
Dated = Annotated[Text, AfterValidator(_dated)]
Names = Annotated[tuple[Filled, ...], BeforeValidator(_members)]
Accounts = Annotated[
    tuple[Annotated[Filled, AfterValidator(_genuine_account)], ...], BeforeValidator(_members)
]


class Row(Value):
    """What every row of every list carries: where it comes from, and as of when."""

    source: Filled
    as_of: Dated
    valid_until: date | None = None
    withdrawn: Annotated[bool, BeforeValidator(_withdrawn)] = False

    def in_force(self, on: date | None) -> bool:
        """Tell whether the row counts on a day; without a day only a withdrawal takes it out."""
        return not self.withdrawn and (on is None or not self.valid_until or on <= self.valid_until)


class Organisation(Row):
    """A body whose name is protected."""

    name: Filled
    kind: Literal[
        "party",
        "government",
        "military",
        "institution",
        "media",
        "company",
        "group",
        "charity",
        "international",
    ]
    short_names: Names = ()
    division_code: Text = ""
    accounts: Accounts = ()
    domains: Names = ()

    def reference(self) -> Reference:
        """Return the plain value that matches and findings carry; its id is ``kind:name``."""
        return Reference(
            kind=self.kind,
            name=self.name,
            short_names=self.short_names,
            reference_id=f"{self.kind}:{self.name}",
            source=self.source,
            as_of=self.as_of,
            accounts=self.accounts,
            domains=self.domains,
        )


class Division(Row):
    """A division at county level or above, or a new area of the state (``zone``, no code).

    ``ambiguous`` is empty, or says what else the short name is: ``word`` (an everyday word,
    surname or brand), ``blessing`` (a word of good wishes). Short names that several divisions
    share need no mark: the index counts them.
    """

    code: Annotated[Text, Field(pattern=r"^(\d{6})?$")] = ""
    level: Literal["province", "city", "county", "zone"]
    name: Filled
    short_name: Filled
    ambiguous: Literal["", "word", "blessing"] = ""


class FormerDivision(Row):
    """A division name that was valid in some year since 1949 and is not now."""

    name: Filled
    province: Filled
    level: Literal["province", "city", "county"]
    last_year: Annotated[int, Field(ge=1949, le=2100)]


class OrganWord(Row):
    """A word that makes the name of a body, a public service or an outlet when it follows a place.

    ``class_`` says which part of the grammar it fills: ``organ`` (ends the name of a body),
    ``modifier`` (may stand before an organ word; from medium on it names what an authority does),
    ``service`` (public service or information), ``topic`` (may stand before a service word),
    ``unit`` (ends the name of a desk, department or bulletin), ``news`` (ends the name of an
    outlet), ``brand`` (stands before a place), ``state`` (stands where a place would), ``region``
    (a stretch of land that is no division; weak where it is an everyday word), ``role`` (a person
    at a desk), ``prefix`` (before a place), ``matter`` (a public matter: it may stand before the
    words of a desk or organ, and not before those of an outlet). A strong ``modifier`` or
    ``matter`` names what nobody but an authority does.
    """

    word: Filled
    kind: Literal["party", "government", "military", "institution", "media", "group", "any"]
    level: Literal["central", "province", "city", "county", "all"] = "all"
    class_: Annotated[
        Literal[
            "organ",
            "modifier",
            "service",
            "topic",
            "news",
            "unit",
            "brand",
            "state",
            "region",
            "role",
            "prefix",
            "matter",
        ],
        Field(alias="class"),
    ]
    strength: Literal["strong", "medium", "weak"]


class OrganForm(Row):
    """A short organ word, and words of the legal names of the bodies that carry it.

    中院 is 中级人民法院; 发布 is run by a news office, a publicity department, a media centre.
    """

    word: Filled
    forms: Annotated[Names, Field(min_length=1)]


class Affix(Row):
    """A word beside a name, by what it says about the speaker.

    ``official``, ``outlet``, ``commerce`` and ``ornament`` words leave a name looking like the body
    itself; ``relational``, ``fan``, ``critic`` and ``topic`` words show that somebody else speaks;
    ``document`` words turn a news word into a paper of the office (工作日报).
    """

    word: Filled
    class_: Annotated[
        Literal[
            "official",
            "outlet",
            "commerce",
            "ornament",
            "relational",
            "fan",
            "critic",
            "topic",
            "document",
        ],
        Field(alias="class"),
    ]
    position: Literal["any", "before", "after"] = "any"


class LookAlike(Row):
    """Two characters that look alike: ``found`` stands for ``expected``.

    ``similarity`` (0..1) is what names are decided by: the higher of the two measured figures, or
    a person's. ``similarity_em`` compares the characters as they stand in a line,
    ``similarity_box`` their ink stretched to one size; ``strokes`` is the distance of their stroke
    orders. Empty where it was not measured.
    """

    found: Annotated[Text, Field(min_length=1, max_length=1)]
    expected: Annotated[Text, Field(min_length=1, max_length=1)]
    similarity: Annotated[float, Field(ge=0, le=1)]
    similarity_em: Annotated[float, Field(ge=0, le=1)] | None = None
    similarity_box: Annotated[float, Field(ge=0, le=1)] | None = None
    strokes: Annotated[int, Field(ge=0)] | None = None


class Person(Row):
    """A protected person: private with consent, a public figure, or an official (names only)."""

    name: Filled
    aliases: Names = ()
    kind: Literal["private", "public_figure", "official"]
    consent_ref: Text = ""
    known_accounts: Accounts = ()

    @model_validator(mode="after")
    def _needs_consent(self) -> Person:
        if self.kind == "private" and not self.consent_ref:
            raise ValueError("a private person needs consent_ref: where the consent is filed")
        return self


class ClosedAccount(Row):
    """An account that the platform closed; ``avatar`` is what it showed, as URL or path."""

    platform: Filled
    account_id: Filled
    name: Filled
    bio: Annotated[Text, Field(max_length=MAX_BIO)] = ""
    avatar: Text = ""
    closed_at: Dated


def _begins(cell: object) -> object:
    """Read a day without an hour as its first moment in +08:00."""
    return _moment(cell, time.min)


def _ends(cell: object) -> object:
    """Read a day without an hour as its last moment in +08:00."""
    return _moment(cell, time.max)


def _moment(cell: object, hour: time) -> object:
    if isinstance(cell, str) and len(cell) == len("2026-11-21") and _DATED.fullmatch(cell):
        try:
            return datetime.combine(date.fromisoformat(cell), hour, CHINA)
        except ValueError:
            return cell
    return cell


class Event(Row):
    """An event during which renames towards its name are looked at, for 90 days at most.

    Only these kinds: no policy, law, party, leader, nation, protest or strike is an event here. One
    person adds it and another approves it. A day without an hour counts whole, in +08:00.
    """

    event_id: Annotated[Filled, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    name: Filled
    aliases: Names = ()
    place: Text = ""
    kind: Literal["disaster", "accident", "crime_case", "missing_person", "celebrity", "consumer"]
    starts_at: Annotated[AwareDatetime, BeforeValidator(_begins)]
    ends_at: Annotated[AwareDatetime, BeforeValidator(_ends)]
    persons: Names = ()
    organisations: Names = ()
    added_by: Filled
    approved_by: Filled

    @model_validator(mode="after")
    def _is_short_and_approved(self) -> Event:
        if self.ends_at < self.starts_at:
            raise ValueError("ends_at is before starts_at")
        if self.ends_at - self.starts_at > LONGEST_EVENT:
            raise ValueError(f"lasts longer than {LONGEST_EVENT.days} days; end it earlier")
        if self.approved_by.strip().casefold() == self.added_by.strip().casefold():
            raise ValueError("approved_by is who added it; a second person approves an event")
        return self

    def covers(self, moment: datetime) -> bool:
        """Tell whether a moment lies between the start and the end, both included."""
        return self.starts_at <= moment <= self.ends_at

    def in_force(self, on: date | None) -> bool:
        """Tell whether the row counts on a day, which must be one of the event's."""
        first, last = (in_china(at).date() for at in (self.starts_at, self.ends_at))
        return super().in_force(on) and (on is None or first <= on <= last)


class OptOut(Row):
    """An account that asked to be left out of everything."""

    platform: Filled
    account_id: Filled


class RegistryEntry(Row):
    """One line of an extract of a professional register; ``coverage`` is what it covers."""

    profession: Filled
    name: Filled
    number: Text = ""
    holder: Text = ""
    status: Text = ""
    coverage: Filled


class Work(Row):
    """A text that anybody may repeat: a lyric, a poem, a statute, a template."""

    id: Filled
    text: Annotated[Text, Field(min_length=1, max_length=MAX_TEXT)]
