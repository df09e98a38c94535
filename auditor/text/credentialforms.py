"""The published forms of credential numbers, as ``rulesets/tables/credentials.csv`` states them.

A form is checked and nothing is decoded: a number of the published form need not have been issued,
and one of another form may be a slip of the pen (specification, section 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from auditor.errors import RulesetError
from auditor.text.checkdigits import (
    is_luhn,
    is_old_resident_number,
    is_resident_number,
    is_uscc,
)
from auditor.text.fold import fold
from auditor.text.numbers import NUMERALS
from auditor.text.tables import read_rows

FormAnswer = Literal["of_form", "not_of_form", "not_judged"]
"""All that a check of the form may answer."""

_LIST: Final = " | "
_COUNT: Final = re.compile(r"(\d+)(?:-(\d+))?")
_CLASSES: Final = {"digits": "[0-9]", "alnum": "[0-9A-Z]", "word": "[-_0-9A-Z]"}
_FIXED: Final = {
    "letter": "[A-Z]",
    "year": "(?:19|20)[0-9]{2}",
    "month": "(?:0[1-9]|1[0-2])",
    # GB/T 2260, and 66 under which the production corps of Xinjiang keeps its own records.
    "province": "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[1-3])",
    "resident": "(?P<resident>[0-9]{15}|[0-9]{17}[0-9X])",
    "uscc": "(?P<uscc>[0-9A-Z]{18})",
    "luhn": "(?P<luhn>[0-9]{16,19})",
    "rest": ".*",
}


def _is_resident(value: str) -> bool:
    return is_resident_number(value) or is_old_resident_number(value)


_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "resident": _is_resident,
    "uscc": is_uscc,
    "luhn": is_luhn,
}


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """One kind of credential number; ``forms`` empty means that no form is known.

    ``professions`` are those that show it, ``labels`` (folded) introduce it, ``unjudged`` are forms
    of which nothing is said. ``form_zh`` and ``form_en`` tell the published form to a reader.
    ``lapses`` says that it counts for a time; a qualification for life has no such date.
    """

    kind: str
    zh: str
    en: str
    professions: tuple[str, ...]
    labels: tuple[str, ...]
    forms: tuple[re.Pattern[str], ...]
    unjudged: tuple[re.Pattern[str], ...]
    form_zh: str
    form_en: str
    lapses: bool
    status: str

    def answer(self, value: str) -> FormAnswer:
        """Compare one number in plain form (capital letters and digits) with the form."""
        if any(_fits(form, value) for form in self.forms):
            return "of_form"
        if not self.forms or any(_fits(form, value) for form in self.unjudged):
            return "not_judged"
        return "not_of_form"


def _fits(form: re.Pattern[str], value: str) -> bool:
    found = form.fullmatch(value)
    if found is None:
        return False
    return all(_CHECKS[name](part) for name, part in found.groupdict().items() if part)


def form_pattern(written: str) -> re.Pattern[str]:
    """Return a form as a pattern over plain numbers: ``=S digits:4 month`` is S, 4 digits, a month.

    Raises:
        RulesetError: a part is none that is known.
    """
    return re.compile("".join(_part(part) for part in written.split()))


def _part(part: str) -> str:
    name, _, given = part.partition(":")
    if part.startswith("="):
        return re.escape(part[1:])
    if name == "one-of" and given.isalnum():
        return f"[{given}]"
    if name == "uscc-of" and given.isalnum():
        return f"(?={given}){_FIXED['uscc']}"
    counted = _COUNT.fullmatch(given)
    if name in _CLASSES and counted:
        least, most = counted.groups()
        return f"{_CLASSES[name]}{{{least},{most or least}}}"
    if part in _FIXED:
        return _FIXED[part]
    known = ", ".join(sorted({*_FIXED, "one-of:", "uscc-of:", *(f"{one}:" for one in _CLASSES)}))
    raise RulesetError(f"“{part}” is no part of a form; known: {known}", "credentials.csv")


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(_LIST) if part.strip())


@cache
def credential_kinds() -> dict[str, CredentialKind]:
    """Return the 24 kinds of the specification by id, in its order.

    Raises:
        RulesetError: the table cannot be read, or a form in it is none.
    """
    return {
        row["kind"]: CredentialKind(
            kind=row["kind"],
            zh=row["zh"],
            en=row["en"],
            professions=_parts(row["profession"]),
            labels=tuple(fold(label).text for label in _parts(row["labels"])),
            forms=tuple(map(form_pattern, _parts(row["form"]))),
            unjudged=tuple(map(form_pattern, _parts(row["unjudged"]))),
            form_zh=row["form_zh"],
            form_en=row["form_en"],
            lapses=row["lapses"] == "yes",
            status=row["status"],
        )
        for row in read_rows("credentials")
    }


def kinds_of(profession: str) -> tuple[str, ...]:
    """Return the kinds that a profession shows, in the order of the table."""
    return tuple(kind for kind, one in credential_kinds().items() if profession in one.professions)


def judge_form(kinds: Iterable[str], readings: Iterable[str], *, whole: bool = True) -> FormAnswer:
    """Return what may be said of a number that can be read in several ways, as several kinds.

    One reading of one kind that fits is enough. Where a kind is unknown or its form is not
    judged, or with ``whole`` false the number is shown in part, no other form is stated.
    """
    known, values = credential_kinds(), tuple(readings)
    answers = [known[kind].answer(value) for kind in kinds if kind in known for value in values]
    if "of_form" in answers:
        return "of_form"
    if not answers or not whole or "not_judged" in answers or any(k not in known for k in kinds):
        return "not_judged"
    return "not_of_form"


def plain_number(written: str) -> str:
    """Return the letters (capital) and digits of a number, folded: signs between them go."""
    text = fold(written).text.translate(NUMERALS).upper()
    return "".join(sign for sign in text if sign.isascii() and sign.isalnum())


def kinds_named(name: str) -> tuple[str, ...]:
    """Return the kinds that an id or a label names (律师执业证), none where it is unknown."""
    known = credential_kinds()
    if name in known:
        return (name,)
    words = {fold(name).text.strip()}
    words |= {word.removesuffix(end) for word in words for end in ("号", "编号", "号码", "编码")}
    return tuple(kind for kind, one in known.items() if words.intersection(one.labels))
