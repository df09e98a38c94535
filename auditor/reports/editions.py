"""Who may read a report decides what stands in it: the triage and the shareable edition.

Every value that a writer of this room puts into a file passes through an edition first. Both
editions mask identifiers (specification 8.5); the shareable one also masks the names of private
persons and replaces account and post ids by keyed tokens. A *restricted* edition, which unmasks,
is not written here: values arrive masked, and only sealed evidence holds the clear text.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from auditor.errors import UsageError
from auditor.model import AccountRow, ClusterRow, Finding, Rejection, Run, Verified, is_shown
from auditor.text import mask

EditionName = Literal["triage", "shareable"]

PUBLIC_BODIES: frozenset[Verified] = frozenset({"organisation", "media", "government"})
"""Marks of bodies; an account that shows one is no private person and stays in clear."""

MIN_KEY_BYTES = 16
"""A shorter key could be guessed; ids are few enough to be tried one by one (specification 8.5)."""

_FINDING_TEXTS = (
    "account_name",
    "verified_label",
    "quote",
    "reference_value",
    "fact_zh",
    "fact_en",
    "question_zh",
    "question_en",
    "steps",
    "counter_evidence",
    "coverage_note",
    "decision_reason",
    "organisation",
    "mcn",
)
_NAMING = ("quote", "fact_zh", "fact_en", "question_zh", "question_en", "steps", "counter_evidence")
_ACCOUNT_TEXTS = (
    "account_name",
    "cues",
    "top_fact_zh",
    "top_counter_evidence",
    "top_question_zh",
)
_NAME_FIELDS = frozenset({"name", "before", "after"})
"""Fields whose quote is a name, present or earlier."""

_QUOTED = re.compile('“[^”]*”|"[^"]*"')
_MENTION = re.compile(r"[@＠][\w.·-]+")


class _Textual(Protocol):
    def __call__(self, text: str, /) -> str: ...


def starred(name: str) -> str:
    """Return a name with its inner characters as ``*``: 瑶*姑, 温**查, 王*."""
    if len(name) < 3:
        return name[:1] + "*" if len(name) == 2 else "*" * len(name)
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def report_key(path: Path | None = None, text: str | None = None) -> bytes:
    """Return the key of the shareable edition, from a file or from a setting's text.

    Raises:
        UsageError: neither is given, the file cannot be read, or the key is too short.
    """
    wanted = (
        "the shareable edition needs a secret key of 16 bytes or more, kept outside the project"
    )
    if path is not None:
        try:
            key = path.read_bytes().strip()
        except OSError as error:
            raise UsageError(f"{wanted}; cannot read it: {error.strerror}", str(path)) from error
    else:
        key = (text or "").strip().encode()
    if len(key) < MIN_KEY_BYTES:
        raise UsageError(wanted, str(path or ""))
    return key


@dataclass(frozen=True, slots=True)
class Edition:
    """What a reader may see.

    ``public`` holds the account ids (``platform:id``) that stay in clear where a row does not
    show the account's verification itself. ``key`` never appears in any output or ``repr``.

    Raises:
        UsageError: the shareable edition without a key.
    """

    name: EditionName = "triage"
    key: bytes = field(default=b"", repr=False)
    public: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.name == "shareable" and len(self.key) < MIN_KEY_BYTES:
            report_key()

    def token(self, value: str) -> str:
        """Return the first 16 hex digits of HMAC-SHA-256: the same id, the same token."""
        return hmac.new(self.key, value.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]

    def account_id(self, account_id: str, platform: str = "") -> str:
        """Return ``platform:token``; the prefix keeps a spreadsheet from reading a number."""
        return f"{platform or account_id.partition(':')[0]}:{self.token(account_id)}"

    def post_id(self, post_id: str, account_id: str, platform: str = "") -> str:
        """Return ``platform:token:token``."""
        return f"{self.account_id(account_id, platform)}:{self.token(post_id)}"

    def is_private(self, account_id: str, verified: Verified | None) -> bool:
        """Tell whether this edition hides who the account is."""
        if self.name == "triage":
            return False
        return verified not in PUBLIC_BODIES and account_id not in self.public

    def finding(self, row: Finding) -> Finding:
        """Return a finding as this edition shows it."""
        changes = _each(row, _FINDING_TEXTS, mask)
        if self.is_private(row.account_id, row.verified):
            changes |= self._private_finding(row, changes)
        return row.model_copy(update=changes)

    def account(self, row: AccountRow) -> AccountRow:
        """Return an account row as this edition shows it."""
        changes = _each(row, _ACCOUNT_TEXTS, mask)
        if self.is_private(row.account_id, row.verified):
            fact = changes.get("top_fact_zh", row.top_fact_zh)
            changes |= {
                "account_id": self.account_id(row.account_id, row.platform),
                "account_name": _starred_or_none(row.account_name),
                "account_url": None,
                "top_fact_zh": fact and _QUOTED.sub(_starred_quote, fact),
            }
            hide = _Hide((row.account_name or "",))
            changes |= _each(row, ("top_counter_evidence", "top_question_zh"), hide, changes)
        return row.model_copy(update=changes)

    def cluster(self, row: ClusterRow) -> ClusterRow:
        """Return a member of a group of copies as this edition shows it."""
        if not self.is_private(row.account_id, None):
            return row
        return row.model_copy(
            update={
                "account_id": self.account_id(row.account_id),
                "post_id": self.post_id(row.post_id, row.account_id),
            }
        )

    def rejection(self, row: Rejection) -> Rejection:
        """Return a rejected row's record; a reason may quote the value that was refused."""
        return row.model_copy(update=_each(row, ("reason",), mask))

    def run(self, row: Run) -> Run:
        """Return the record of a run; a warning may quote a value."""
        return row.model_copy(update=_each(row, ("warnings",), mask))

    def _private_finding(self, row: Finding, masked: dict[str, Any]) -> dict[str, Any]:
        account_id = self.account_id(row.account_id, row.platform)
        about_name = row.field in _NAME_FIELDS
        changes: dict[str, Any] = {
            "account_id": account_id,
            "account_name": _starred_or_none(row.account_name),
            "account_url": None,
            "post_url": None,
            "post_id": row.post_id and self.post_id(row.post_id, row.account_id, row.platform),
            "reviewer": row.reviewer and self.token(row.reviewer),
        }
        shown = [row.account_name or ""]
        if row.verified_label and is_shown(row.verified_label):
            changes["verified_label"] = starred(row.verified_label)
            shown.append(row.verified_label)
        hide = _Hide(tuple(shown), quoted=about_name, keep=row.reference_value or "")
        changes |= _each(row, _NAMING, hide, masked)
        if about_name:
            changes["quote"] = starred(row.quote)
        return changes


@dataclass(frozen=True, slots=True)
class _Hide:
    """Masks what an account is called, and mentions of others, inside a sentence.

    With ``quoted`` every text between quotation marks but ``keep`` is starred: a fact about a name
    quotes earlier names and single characters, from which the name could be put together again.
    """

    names: tuple[str, ...]
    quoted: bool = False
    keep: str = ""

    def __call__(self, text: str, /) -> str:
        for name in self.names:
            text = _without(text, name)
        if self.quoted:
            text = _QUOTED.sub(self._quotation, text)
        return _MENTION.sub("@*", text)

    def _quotation(self, match: re.Match[str]) -> str:
        return match[0] if match[0][1:-1] == self.keep else _starred_quote(match)


def _without(text: str, name: str) -> str:
    """Return the text with a name starred wherever it stands."""
    if len(name) > 2:
        return text.replace(name, starred(name))
    # A name of one or two characters occurs inside other words; only its quotation is meant.
    for left, right in ("“”", '""') if name else ():
        text = text.replace(f"{left}{name}{right}", f"{left}{starred(name)}{right}")
    return text


def _starred_quote(match: re.Match[str]) -> str:
    return f"{match[0][0]}{starred(match[0][1:-1])}{match[0][-1]}"


def _starred_or_none(name: str | None) -> str | None:
    return None if name is None else starred(name)


def _each(
    row: Any, names: Iterable[str], change: _Textual, earlier: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the fields that ``change`` alters, for text and for tuples of text."""
    changes: dict[str, Any] = {}
    for name in names:
        before = (earlier or {}).get(name, getattr(row, name))
        if isinstance(before, str):
            after: Any = change(before)
        elif isinstance(before, tuple):
            after = tuple(change(member) for member in before)
        else:
            continue
        if after != before:
            changes[name] = after
    return changes


TRIAGE = Edition()
"""The default: public ids and names in clear, identifiers masked."""
