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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from auditor.errors import UsageError
from auditor.model import AccountRow, ClusterRow, Finding, Rejection, Run, Verified, is_shown
from auditor.reports.hiding import Hide, changed, starred
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
_FACTS = ("fact_zh", "fact_en", "counter_evidence")
_ACCOUNT_TEXTS = (
    "account_name",
    "cues",
    "top_fact_zh",
    "top_counter_evidence",
    "top_question_zh",
)
_TOP_FACTS = ("top_fact_zh", "top_counter_evidence", "top_question_zh")
WITHHELD = "（本版不收录含他人信息的引文 / a quotation with another person's data is left out）"
"""Stands for a quotation that the shareable edition does not pass on."""

_NAME_FIELDS = frozenset({"name", "before", "after"})
"""Fields whose quote is a name, present or earlier."""

_ID = re.compile(r"(?<![A-Za-z0-9_:/])[a-z][a-z0-9_]{1,30}:[A-Za-z0-9_.-]*\d[A-Za-z0-9_-]*")
"""``platform:id`` inside a sentence."""


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

    def without_ids(self, text: str) -> str:
        """Return a sentence with account ids replaced; a fact may name another account."""
        if self.name == "triage":
            return text
        return _ID.sub(lambda match: self._shown_id(match[0]), text)

    def _shown_id(self, account_id: str) -> str:
        return account_id if account_id in self.public else self.account_id(account_id)

    def finding(self, row: Finding) -> Finding:
        """Return a finding as this edition shows it."""
        row = changed(changed(row, _FINDING_TEXTS, mask), _FACTS, self.without_ids)
        if self.name == "shareable":
            row = _without_others_data(row)
        if not self.is_private(row.account_id, row.verified):
            return row
        return self._with_tokens(_without_names(row))

    def account(self, row: AccountRow) -> AccountRow:
        """Return an account row as this edition shows it."""
        row = changed(changed(row, _ACCOUNT_TEXTS, mask), _TOP_FACTS, self.without_ids)
        if not self.is_private(row.account_id, row.verified):
            return row
        row = changed(row, _TOP_FACTS, Hide((row.account_name or "",), quoted=True).sentence)
        row = changed(row, ("account_name",), starred)
        account_id = self.account_id(row.account_id, row.platform)
        return row.model_copy(update={"account_id": account_id, "account_url": None})

    def cluster(self, row: ClusterRow) -> ClusterRow:
        """Return a member of a group of copies as this edition shows it."""
        if not self.is_private(row.account_id, None):
            return row
        account_id = self.account_id(row.account_id)
        post_id = self.post_id(row.post_id, row.account_id)
        return row.model_copy(update={"account_id": account_id, "post_id": post_id})

    def rejection(self, row: Rejection) -> Rejection:
        """Return a rejected row's record; a reason may quote the value that was refused."""
        return changed(row, ("reason",), mask)

    def run(self, row: Run) -> Run:
        """Return the record of a run; a warning may quote a value."""
        return changed(changed(row, ("warnings",), mask), ("warnings",), self.without_ids)

    def _with_tokens(self, row: Finding) -> Finding:
        post_id = row.post_id and self.post_id(row.post_id, row.account_id, row.platform)
        return row.model_copy(
            update={
                "account_id": self.account_id(row.account_id, row.platform),
                "post_id": post_id,
                "account_url": None,
                "post_url": None,
                "reviewer": row.reviewer and self.token(row.reviewer),
            }
        )


def _without_others_data(row: Finding) -> Finding:
    """Return a finding without a quotation that sets out somebody's personal data.

    Numbers and addresses are masked already; the name beside them, which no pattern finds for
    certain, would still tell a stranger whose they are.
    """
    if not row.pii_kinds or row.field in _NAME_FIELDS:
        return row
    return row.model_copy(update={"quote": WITHHELD, "span_start": None, "span_end": None})


def _without_names(row: Finding) -> Finding:
    """Return a finding in which a private account's name and mark are starred everywhere."""
    label = row.verified_label if is_shown(row.verified_label) else None
    about_name = row.field in _NAME_FIELDS
    keep = row.reference_value or "" if row.reference_source else ""
    hide = Hide((row.account_name or "", label or ""), quoted=about_name, keep=keep)
    row = changed(row, _NAMING, hide.sentence)
    if not row.reference_source:
        # Compared with no list entry: the value was made from the name itself.
        row = changed(row, ("reference_value",), Hide((row.account_name or "",)).sentence)
    names = ["account_name"]
    if label:
        names.append("verified_label")
    if about_name:
        names.append("quote")
    return changed(row, names, starred)


TRIAGE = Edition()
"""The default: public ids and names in clear, identifiers masked."""
