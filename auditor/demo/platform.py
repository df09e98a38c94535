"""The fictional platform: its accounts and posts as each of two captures sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from auditor.demo.content import DATA, Entry, Site, published, read_entries, read_site
from auditor.errors import UsageError
from auditor.model import Account, Change, Post
from auditor.model.values import ChangeField

REFERENCES = Path(__file__).parent / "references"
"""The overlay of invented organisations, divisions and works, for ``--references``."""

_WATCHED: Mapping[str, ChangeField] = {
    "name": "name",
    "bio": "bio",
    "avatar": "avatar",
    "verified": "verification",
    "organisation": "entity",
}


class Platform:
    """Holds all of the platform; ``capture`` is what its pages show now, 1 or 2."""

    def __init__(self, site: Site, entries: tuple[Entry, ...]) -> None:
        self.site = site
        self.capture = 1
        self._entries = entries
        self._by_handle = {entry.profiles[0].handle: entry for entry in entries}

    def show_capture(self, number: int) -> None:
        """Switch what the pages show to the first or the second capture.

        Raises:
            UsageError: there is no capture of that number.
        """
        if not 1 <= number <= len(self.site.captures):
            raise UsageError(f"there is no capture {number}; there are {len(self.site.captures)}")
        self.capture = number

    def accounts(self) -> tuple[Account, ...]:
        """Return every profile as the capture that is shown sees it."""
        return tuple(self._profile(entry) for entry in self._entries)

    def account(self, handle: str) -> Account | None:
        """Return the profile of a handle, or ``None`` when nobody carries it."""
        entry = self._by_handle.get(handle)
        return self._profile(entry) if entry else None

    def posts(self, handle: str) -> tuple[Post, ...]:
        """Return the posts that the capture that is shown sees, newest first."""
        entry = self._by_handle[handle]
        return published(entry.posts, self.site.captures[self.capture - 1])[::-1]

    def changes(self) -> tuple[Change, ...]:
        """Return what differs between the first and the second capture, by account."""
        last = self.site.captures[-1]
        return tuple(change for entry in self._entries for change in _changes(entry, last))

    def _profile(self, entry: Entry) -> Account:
        return entry.profiles[self.capture - 1]


def read_platform(directory: Path = DATA) -> Platform:
    """Read the platform out of its data files; it shows capture 1."""
    site = read_site(directory)
    return Platform(site, read_entries(site, directory))


def _changes(entry: Entry, changed_at: datetime) -> list[Change]:
    before, after = entry.profiles[0], entry.profiles[-1]
    return [
        Change(
            platform=after.platform,
            account_id=after.account_id,
            field=field,
            before=getattr(before, name),
            after=getattr(after, name),
            changed_at=changed_at,
        )
        for name, field in _WATCHED.items()
        if getattr(before, name) != getattr(after, name)
    ]
