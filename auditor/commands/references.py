"""``auditor references``: the lists in force, what may be wrong with them, and one row more."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from auditor.commands.words import check_words, moment
from auditor.config import load_settings, reference_directories
from auditor.console import Format, print_rows
from auditor.errors import RulesetError, UsageError
from auditor.model import CHINA
from auditor.names.sounds import readings
from auditor.references import LISTS, load_references
from auditor.references.adding import appended, header_of, read_header
from auditor.references.checking import STALE_AFTER, Concern, check_rows, summarised
from auditor.references.lines import PlacedRow, load_placed_rows
from auditor.references.lists import ListKind
from auditor.references.reading import RawRow, columns_of, validated
from auditor.references.rows import Row
from auditor.reports.files import make_directory, write_text

FAULTY = 3
"""Exit status of a check that found a fault (contracts, section 1)."""

_BOM = "\ufeff"


def list_references(references: Path | None, form: Format) -> int:
    """``auditor references list``."""
    loaded = load_references(reference_directories(load_settings(references=references)))
    rows = (
        (entry.name, entry.state, entry.entries, entry.version, entry.as_of, entry.source)
        for entry in loaded.lists
    )
    print_rows(("list", "state", "entries", "version", "oldest", "source"), rows, form)
    return 0


def check_references(
    references: Path | None,
    stale_after: int | None,
    now: str | None,
    form: Format,
    *,
    everything: bool,
) -> int:
    """``auditor references check``: every fault, and the notes by count or all of them.

    Raises:
        UsageError: a list does not load, or a word of the command line is wrong.
    """
    today = moment(now).astimezone(CHINA).date()
    directories = reference_directories(load_settings(references=references))
    load_references(directories)
    placed = load_placed_rows(directories)
    found = check_rows(placed, today, stale_after or STALE_AFTER, readings)
    shown: Iterable[Concern] = found if everything else summarised(found)
    rows = ((one.severity, one.kind, one.count, one.where, one.what, one.right) for one in shown)
    print_rows(("severity", "kind", "rows", "where", "what", "right"), rows, form)
    faults = sum(one.severity == "fault" for one in found)
    notes = sum(one.count for one in found if one.severity == "note")
    sys.stderr.write(f"{faults} faults, {notes} rows with a note\n")
    return FAULTY if faults else 0


def add_reference(name: str, given: Sequence[str], references: Path | None, form: Format) -> int:
    """``auditor references add``: one validated row at the end of ``DIR/LIST.csv``.

    The file keeps its byte order mark, its line endings and its mode; of two writers one waits.

    Raises:
        UsageError: no such list or column, no directory, a wrong value, the entry is there, or
            ``references check`` would call it a fault.
        OutputError: the file cannot be written.
    """
    check_words(references)
    settings = load_settings(references=references)
    if settings.references is None:
        message = "name the folder of your own lists; the shipped ones come anew with the program"
        raise UsageError(message, "--references")
    kind = LISTS.get(name)
    if kind is None:
        raise UsageError(f"there is no list “{name}”; known: {', '.join(sorted(LISTS))}", "LIST")
    cells = _cells(given, kind)
    path = settings.references / f"{name}.csv"
    _validated(kind, path, cells, line=1)
    make_directory(settings.references)
    with _held(settings.references):
        columns = _append(path, kind, cells, reference_directories(settings))
    print_rows(columns, [[cells.get(column, "") for column in columns]], form)
    return 0


def _append(
    path: Path, kind: ListKind, cells: dict[str, str], directories: Sequence[Path]
) -> tuple[str, ...]:
    """Write the row and return the columns of the file; nothing is written if it is refused."""
    text = _read_list(path)
    mark, body = text[: text.startswith(_BOM)], text.removeprefix(_BOM)
    columns = read_header(body) or header_of(kind.row)
    if missing := sorted(cells.keys() - set(columns)):
        raise UsageError(f"has no column “{missing[0]}”; add it to the first line", f"{path}:1")
    after = mark + appended(body, columns, cells)
    line = len(after.splitlines())
    row = _validated(kind, path, cells, line=line)
    _check_new(PlacedRow(path.stem, str(path), line, row, dict(cells)), directories)
    # A link stays a link, and those who could read the list still can.
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    write_text(target, after)
    if mode is not None:
        target.chmod(mode)
    return columns


@contextlib.contextmanager
def _held(directory: Path) -> Iterator[None]:
    """Keep other writers of the folder waiting while a list is read, checked and written."""
    try:
        handle = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", str(directory)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _cells(given: Sequence[str], kind: ListKind) -> dict[str, str]:
    cells: dict[str, str] = {}
    for word in given:
        column, mark, value = word.partition("=")
        if not mark or not value.strip():
            raise UsageError(f"“{word}” is no column=value", "--set")
        if column not in columns_of(kind.row) or column in cells:
            known = ", ".join(sorted(columns_of(kind.row)))
            fault = "twice" if column in cells else "unknown"
            raise UsageError(f"column “{column}” is {fault}; known: {known}", "--set")
        cells[column] = value
    return cells


def _read_list(path: Path) -> str:
    """Return the text of a list, with its byte order mark; nothing when there is none yet."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise UsageError("is not UTF-8; save the file as UTF-8", str(path)) from error
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", str(path)) from error


def _validated(kind: ListKind, path: Path, cells: dict[str, str], *, line: int) -> Row:
    faults: list[str] = []
    row = validated(kind.row, RawRow(line, dict(cells)), str(path), faults)
    if row is None:
        raise RulesetError.of(faults)
    return row


def _check_new(new: PlacedRow, directories: Sequence[Path]) -> None:
    """Refuse a row whose entry stands in the folder already, or that a check would fault."""
    # Whatever else lies in the folders has to load, or the next run would stop at it.
    load_references(directories)
    others: list[PlacedRow] = []
    replaced = ""
    for placed in load_placed_rows(directories):
        if (placed.list, placed.key) != (new.list, new.key):
            others.append(placed)
        elif Path(placed.path).parent == Path(new.path).parent:
            raise UsageError("the same entry stands here; change it there", placed.where)
        else:
            replaced = placed.where
    for concern in check_rows(
        [*others, new], moment(None).astimezone(CHINA).date(), sounds=readings
    ):
        if concern.severity == "fault" and concern.where == new.where:
            raise UsageError(f"{concern.what}; {concern.right}", new.where)
    if replaced:
        sys.stderr.write(f"takes the place of {replaced}\n")
