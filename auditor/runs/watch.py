"""Which accounts of a dataset bear a name that is built on one name: for a body's own watch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path

from auditor.errors import NothingScannedError
from auditor.model import Account, Reference, Rejection, is_shown
from auditor.names import TIERS, NameIndex, NameMatch
from auditor.names.spoof import Technique, leads_to, techniques_of
from auditor.references import References
from auditor.sources import Columns, account_at, profile_fetched, read_partition, write_partitions
from auditor.sources.dataset import DatasetSource
from auditor.sources.files import dataset_files
from auditor.text import Scanner, fold, fold_name

SHOWN = 20
"""Rejected rows that are kept to be shown; of the others only the number is known."""

PART_BYTES = 6 * 1024 * 1024
"""Bytes of text a partition holds at a budget of 1 GiB."""

COMMAND_LINE = "named on the command line"
"""The source of a name that is on no list."""

BADGES = frozenset({"organisation", "media", "government"})
"""The marks whose words may fit a body; the same as the guards of the rules ask for."""

KNOWN = "the lists hold this account as the body's own"
FITS = "the verification names the body"
NOT_COLLECTED = "verification not collected"


@dataclass(frozen=True, slots=True)
class WatchedAccount:
    """One account and how its name was read; ``note`` says what speaks for or about it.

    ``account_id`` is ``platform:id``; ``verified`` and ``followers`` are ``None`` when they were
    not collected; ``way`` is what the index calls the match, and ``tier`` its place in ``TIERS``.
    ``last`` is true for accounts that are the body's own, or that say they are not the body.
    """

    account_id: str
    account_name: str
    techniques: tuple[Technique, ...]
    way: str
    reference: str
    steps: tuple[str, ...]
    verified: str | None
    followers: int | None
    note: str
    last: bool
    tier: int


@dataclass(slots=True)
class Watch:
    """What a look through a dataset gave; ``rejected`` counts rows, ``rejections`` shows some."""

    accounts: int = 0
    rows: list[WatchedAccount] = field(default_factory=list)
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    incomplete: bool = False

    def reject(self, rejection: Rejection) -> None:
        """Take note of one row that was not read."""
        self.rejected += 1
        if len(self.rejections) < SHOWN:
            self.rejections.append(rejection)


class Watcher:
    """Looks at one account's name and says how it is built on the watched one."""

    def __init__(self, name: str, references: References, labels: Scanner) -> None:
        index = NameIndex.build(references)
        if not index.own(name):
            added = Reference(
                kind="institution",
                name=name,
                reference_id=f"institution:{name}",
                source=COMMAND_LINE,
            )
            organisations = (*references.organisations, added)
            index = NameIndex.build(replace(references, organisations=organisations))
        self._index = index
        self._name = name
        self._labels = labels
        self._own = index.own(name)
        self._forms = [
            fold_name(form).text for one in self._own for form in (one.name, *one.short_names)
        ]

    def match(self, name: str | None) -> NameMatch | None:
        """Return the best match that leads to the watched name, or ``None``."""
        matches = self._index.matches(name) if name else ()
        return next((one for one in matches if leads_to(one, self._name, self._own)), None)

    def row(self, account: Account, match: NameMatch) -> WatchedAccount:
        """Return what is known of an account whose name matched."""
        note, last = self._note(account)
        return WatchedAccount(
            account_id=account.key,
            account_name=account.name or "",
            techniques=techniques_of(match),
            way=match.way,
            reference=match.reference.name if match.reference else self._own[0].name,
            steps=match.steps,
            verified=account.verified,
            followers=account.followers,
            note=note,
            last=last,
            tier=TIERS.index(match.tier),
        )

    def _note(self, account: Account) -> tuple[str, bool]:
        if any(account.key in one.accounts for one in self._own):
            return KNOWN, True
        if account.verified in BADGES:
            for text in (account.verified_label, account.organisation):
                if text and is_shown(text) and self._names_body(text):
                    return f"{FITS}: {text}", True
        if words := self._own_words(account):
            return f"name or bio holds: {' '.join(words)}", True
        return ("" if account.verified else NOT_COLLECTED), False

    def _names_body(self, text: str) -> bool:
        shown = fold_name(text).text
        return any(form in shown for form in self._forms if form)

    def _own_words(self, account: Account) -> list[str]:
        """Return the words by which the account says that it is not the body."""
        folded = fold("\n".join(text for text in (account.name, account.bio) if text)).text
        hits = dict.fromkeys(folded[hit.start : hit.end] for hit in self._labels.scan(folded))
        longest = [word for word in hits if not any(word in other != word for other in hits)]
        return [word for word in longest if not any(word in form for form in self._forms)]


def watch(
    watcher: Watcher,
    dataset: Path,
    zone: tzinfo | None,
    *,
    opted_out: frozenset[str],
    memory_mib: int,
) -> Watch:
    """Look through the accounts of a dataset, posts unread, in bounded memory.

    Accounts that asked to be left out are not looked at.

    Raises:
        InputError: the dataset cannot be read at all.
        NothingScannedError: it holds no account.
    """
    found = Watch()
    for columns in _accounts(dataset, zone, memory_mib, found):
        names = columns.accounts.column("name").to_pylist()
        for index, name in enumerate(names):
            if not profile_fetched(columns, index):
                continue
            found.accounts += 1
            if match := watcher.match(name):
                account = account_at(columns, index)
                if account.key not in opted_out:
                    found.rows.append(watcher.row(account, match))
    if not found.accounts:
        raise NothingScannedError("no account was found", str(dataset))
    found.rows.sort(key=_order)
    return found


def part_count(size_bytes: int, memory_mib: int) -> int:
    """Return how many partitions an input is cut into, so that one fits the memory budget."""
    share = PART_BYTES * memory_mib // 1024
    # A gzip or Parquet file holds about four times its size; parts that are too small cost little.
    size_bytes *= 4
    return max(1, min(4096, -(-size_bytes // max(share, 1))))


def _accounts(
    dataset: Path, zone: tzinfo | None, memory_mib: int, found: Watch
) -> Iterator[Columns]:
    files = dataset_files(dataset)["accounts"]
    source = DatasetSource(dataset, {"accounts": files, "posts": (), "changes": ()}, zone)
    parts = part_count(sum(path.stat().st_size for path in files), memory_mib)
    with tempfile.TemporaryDirectory(prefix="auditor-") as directory:
        # Through parts, as an audit reads: of an account that comes twice the newest row counts.
        for part in write_partitions(source, Path(directory), parts, found.reject):
            yield from read_partition(part, found.reject)
    found.incomplete = source.incomplete


def _order(row: WatchedAccount) -> tuple[bool, int, int, str]:
    """Own accounts last; else the firmer tier first, then more followers, then by id."""
    return (row.last, row.tier, -(row.followers or 0), row.account_id)
