"""Reading the lists of several directories, each layered over those before it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from auditor.errors import RulesetError
from auditor.references.lists import ABSENT, FORMS, LISTS
from auditor.references.reading import columns_of, decode, list_files, raw_rows, validated
from auditor.references.rows import (
    Affix,
    ClosedAccount,
    Division,
    Event,
    FormerDivision,
    LookAlike,
    OptOut,
    OrganForm,
    Organisation,
    OrganWord,
    Person,
    RegistryEntry,
    Row,
    Work,
)
from auditor.references.value import ListInfo, References
from auditor.text import rulesets_directory

SHIPPED = rulesets_directory() / "references"
"""The directory of the lists that travel with the program."""

_MAX_SOURCES = 3

AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(slots=True)
class _Layered:
    """One list while it is being layered; rows keep the place of the first row of their key."""

    name: str
    rows: dict[object, Row] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    digest: str = ""

    def add(self, path: Path, faults: list[str]) -> None:
        """Read one file over the rows so far."""
        kind, where = LISTS[self.name], str(path)
        data = path.read_bytes()
        self.paths.append(where)
        self.digest = hashlib.sha256(self.digest.encode() + data).hexdigest()
        text = decode(data, where, faults)
        seen: dict[object, int] = {}
        for raw in raw_rows(text, path.suffix, columns_of(kind.row), where, faults):
            row = validated(kind.row, raw, where, faults)
            if row is None:
                continue
            key = kind.key(row)
            if key in seen:
                faults.append(f"{where}:{raw.line}: the same entry stands in line {seen[key]}")
            seen.setdefault(key, raw.line)
            self.rows[key] = row

    def info(self, kept: Sequence[Row]) -> ListInfo:
        """Describe the list after layering."""
        dates = sorted(row.as_of for row in kept)
        sources = sorted({row.source for row in kept})
        many = len(sources) > _MAX_SOURCES
        return ListInfo(
            name=self.name,
            path=" | ".join(self.paths),
            entries=len(kept),
            version=dates[-1] if dates else "",
            source=f"{len(sources)} sources" if many else " | ".join(sources),
            as_of=dates[0] if dates else "",
            sha256=self.digest,
            state="loaded" if self.paths else "absent",
        )


def load_references(directories: Sequence[Path], *, on: date | None = None) -> References:
    """Load the lists of ``directories``, the shipped one first, each layered over the ones before.

    A row replaces an earlier row of the same key (kind and name); a withdrawn row, and with ``on``
    one whose ``valid_until`` is past, is out, and so is the shipped row that it replaced.

    Raises:
        RulesetError: a directory is missing, or any row, column or file name is wrong; all at once.
    """
    faults: list[str] = []
    layered = {name: _Layered(name) for name in LISTS}
    unread: dict[str, ListInfo] = {name: ListInfo(name) for name in ABSENT}
    for directory in directories:
        for path in list_files_of(directory, faults):
            if not path.is_file():  # a pipe would be waited for without end
                faults.append(f"{path}:1: is no file, or leads to none")
            elif path.stem in layered:
                layered[path.stem].add(path, faults)
            elif path.stem in unread:
                unread[path.stem] = _unread(path)
            else:
                known = ", ".join(sorted({*layered, *unread}))
                faults.append(f"{path}:1: is no list of this program; known: {known}")
    if faults:
        raise RulesetError.of(faults)
    return _references(layered, unread, on)


def list_files_of(directory: Path, faults: list[str]) -> tuple[Path, ...]:
    """Return the files of a references directory in the order of loading, tables included."""
    if not directory.is_dir():
        faults.append(f"{directory}: is no directory; name the folder that holds the lists")
        return ()
    files = list_files(directory, FORMS)
    # In a rulesets folder the table of look-alikes lies with the folding tables.
    table = directory.resolve().parent / "tables" / "glyphs.csv"
    return (table, *files) if directory.name == SHIPPED.name and table.is_file() else files


def _unread(path: Path) -> ListInfo:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return ListInfo(path.stem, path=str(path), sha256=digest, state="not_read")


def _references(
    layered: dict[str, _Layered], unread: dict[str, ListInfo], on: date | None
) -> References:
    kept = {
        name: tuple(row for row in one.rows.values() if row.in_force(on))
        for name, one in layered.items()
    }
    infos = [one.info(kept[name]) for name, one in layered.items()] + list(unread.values())
    infos.sort(key=lambda info: info.name)
    blob = "\n".join(f"{info.name} {info.sha256}" for info in infos)
    return References(
        organisations=tuple(row.reference() for row in _rows(kept["organisations"], Organisation)),
        divisions=_rows(kept["divisions"], Division),
        former_divisions=_rows(kept["divisions_former"], FormerDivision),
        organ_words=_rows(kept["organ_words"], OrganWord),
        organ_forms=_rows(kept["organ_forms"], OrganForm),
        affixes=_rows(kept["affixes"], Affix),
        look_alikes=_rows(kept["glyphs"], LookAlike),
        persons=_rows(kept["persons"], Person),
        closed_accounts=_rows(kept["closed_accounts"], ClosedAccount),
        events=_rows(kept["events"], Event),
        optout=_rows(kept["optout"], OptOut),
        registry=_rows(kept["registry"], RegistryEntry),
        works=_rows(kept["works"], Work),
        lists=tuple(infos),
        version=max((info.version for info in infos), default=""),
        sha256=hashlib.sha256(blob.encode()).hexdigest(),
    )


def _rows(kept: Sequence[Row], row: type[AnyRow]) -> tuple[AnyRow, ...]:
    """Narrow the rows of one list to its class, which they all have."""
    return tuple(one for one in kept if isinstance(one, row))
