"""When a host does not want to be asked: its answer is recorded, and the host is left alone."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.errors import RulesetError

FUSE_STATUSES = frozenset({401, 403, 407, 412, 418, 432, 461, 471})
"""Refusals seen in the field: RFC 9110, and 412, 418, 432, 461 and 471 of large Chinese sites."""

PLACES = ("title", "markup", "text", "segment", "host_label")
_SAMPLE = 65_536
_SHORT_TEXT = 2_000
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Challenges:
    """Marks of pages that stand in for the page asked for, by the place where they are looked for.

    ``title``, ``markup`` and ``text`` are lower-case substrings; ``segment`` and ``host_label``
    are whole path segments and host labels of a page that asks to log in or to prove something.
    """

    title: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    segment: frozenset[str] = frozenset()
    host_label: frozenset[str] = frozenset()

    def mark_of(self, body: str) -> str | None:
        """Return the mark that shows a page to be a challenge, or ``None``.

        Only marks that no ordinary page carries are looked for: the title, and markup of known
        challenge pages.
        """
        sample = body[:_SAMPLE].lower()
        title = _TITLE.search(sample)
        return _first(self.title, title.group(1) if title else "") or _first(self.markup, sample)

    def likely_mark_of(self, body: str) -> str | None:
        """Return the mark of a page that lacks what was asked for; its short text counts too."""
        sample = body[:_SAMPLE].lower()
        shown = " ".join(_MARKUP.sub(" ", sample).split())
        return self.mark_of(body) or (
            _first(self.text, shown) if len(shown) <= _SHORT_TEXT else None
        )

    def is_door(self, url: str) -> bool:
        """Tell whether a redirect leads to a page for logging in or for proving something."""
        parts = urlsplit(url.lower())
        # Whole labels and segments: a handle like `login-fan` is no login page.
        labels = (parts.hostname or "").split(".")[:-1]
        return not self.host_label.isdisjoint(labels) or not self.segment.isdisjoint(
            parts.path.split("/")
        )


def read_challenges(text: str, where: str) -> Challenges:
    """Read the table ``place, mark, source, as_of``.

    Raises:
        RulesetError: a row names no known place, no mark or no source; all faults at once.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    faults = []
    for line, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        place, mark = (row.get("place") or "").strip(), (row.get("mark") or "").strip().lower()
        if place not in PLACES or not mark or not row.get("source") or not row.get("as_of"):
            faults.append(
                f"{where}:{line}: needs place ({', '.join(PLACES)}), mark, source and as_of"
            )
        found[place].append(mark)
    if faults:
        raise RulesetError.of(faults)
    return Challenges(
        title=tuple(found["title"]),
        markup=tuple(found["markup"]),
        text=tuple(found["text"]),
        segment=frozenset(found["segment"]),
        host_label=frozenset(found["host_label"]),
    )


def refused_by_status(status: int, retry_after: str | None) -> str | None:
    """Return why a status blows the fuse, or ``None``; 429 does only when it says no time."""
    if status in FUSE_STATUSES or (status == 429 and not retry_after):
        return f"HTTP {status}"
    return None


def _first(marks: Iterable[str], text: str) -> str | None:
    return next((mark for mark in marks if mark in text), None)
