"""``auditor references``: the lists in force, what may be wrong with them, and one row more."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from auditor.commands.words import check_paths, moment
from auditor.config import load_settings, reference_directories
from auditor.console import Format, print_rows
from auditor.errors import RulesetError, UsageError
from auditor.names.sounds import readings
from auditor.references import LISTS, load_references
from auditor.references.adding import appended, header_of, read_header
from auditor.references.checking import STALE_AFTER, Concern, check_rows, summarised
from auditor.references.lines import PlacedRow, load_placed_rows, read_placed_rows
from auditor.references.lists import FORMS, ListKind
from auditor.references.reading import RawRow, columns_of, validated
from auditor.reports.files import make_directory, write_text
from auditor.rules.sentences import CHINA

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
    rows_found = load_placed_rows(directories)
    found = check_rows(rows_found, today, stale_after or STALE_AFTER, readings)
    shown: Iterable[Concern] = found if everything else summarised(found)
    rows = ((one.severity, one.kind, one.count, one.where, one.what, one.right) for one in shown)
    print_rows(("severity", "kind", "rows", "where", "what", "right"), rows, form)
    faults = sum(one.severity == "fault" for one in found)
    notes = sum(one.count for one in found if one.severity == "note")
    sys.stderr.write(f"{faults} faults, {notes} rows with a note\n")
    return FAULTY if faults else 0


def add_reference(name: str, given: Sequence[str], references: Path | None, form: Format) -> int:
    """``auditor references add``: one validated row at the end of ``DIR/LIST.csv``.

    Raises:
        UsageError: no such list or column, no directory, a wrong value, or the entry is there.
        OutputError: the file cannot be written.
    """
    check_paths(references)
    directory = load_settings(references=references).references
    if directory is None:
        message = "name the folder of your own lists; the shipped ones come anew with the program"
        raise UsageError(message, "--references")
    kind = LISTS.get(name)
    if kind is None:
        raise UsageError(f"there is no list “{name}”; known: {', '.join(sorted(LISTS))}", "LIST")
    cells = _cells(given, kind)
    path = directory / f"{name}.csv"
    text = _read_list(path)
    mark, body = text[: text.startswith(_BOM)], text.removeprefix(_BOM)
    columns = read_header(body) or header_of(kind.row)
    if missing := sorted(cells.keys() - set(columns)):
        raise UsageError(f"has no column “{missing[0]}”; add it to the first line", f"{path}:1")
    after = mark + appended(body, columns, cells)
    _check_new(directory, path, cells, line=after.rstrip("\r\n").count("\n") + 1)
    make_directory(directory)
    write_text(path, after)
    print_rows(columns, [[cells.get(column, "") for column in columns]], form)
    return 0


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


def _check_new(directory: Path, path: Path, cells: dict[str, str], *, line: int) -> None:
    """Refuse a row that would not load, or whose entry stands in the folder already."""
    faults: list[str] = []
    kind = LISTS[path.stem]
    row = validated(kind.row, RawRow(line, dict(cells)), str(path), faults)
    standing: list[PlacedRow] = []
    for form in FORMS:
        if (file := path.with_suffix(form)).is_file():
            standing.extend(read_placed_rows(file, faults))
    if row is None or faults:
        raise RulesetError.of(faults)
    for placed in standing:
        if placed.key == kind.key(row):
            raise UsageError("the same entry stands here; change it there", placed.where)
    # Whatever else lies in the folder has to load, or the next run would stop at it.
    if directory.is_dir():
        load_references([directory])
