"""The rows of the lists with the file and line that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import RulesetError
from auditor.references.lists import LISTS
from auditor.references.loading import list_files_of
from auditor.references.reading import columns_of, decode, raw_rows, validated
from auditor.references.rows import Row


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """One row and where it stands; ``line`` is 1-based, ``cells`` is the row as written."""

    list: str
    path: str
    line: int
    row: Row
    cells: Mapping[str, object]

    @property
    def where(self) -> str:
        """``file:line``."""
        return f"{self.path}:{self.line}"

    @property
    def key(self) -> object:
        """What makes two rows of the list the same entry."""
        return LISTS[self.list].key(self.row)


def load_placed_rows(directories: Sequence[Path]) -> tuple[PlacedRow, ...]:
    """Load the rows of every list after layering, in the order of the files; withdrawn ones go.

    Raises:
        RulesetError: a directory is missing or a row is wrong; all at once.
    """
    faults: list[str] = []
    kept: dict[tuple[str, object], PlacedRow] = {}
    for directory in directories:
        for path in list_files_of(directory, faults):
            if path.stem in LISTS and path.is_file():
                kept.update(((one.list, one.key), one) for one in read_placed_rows(path, faults))
    if faults:
        raise RulesetError.of(faults)
    return tuple(one for one in kept.values() if not one.row.withdrawn)


def read_placed_rows(path: Path, faults: list[str]) -> Iterable[PlacedRow]:
    """Yield the rows of one list; what is wrong goes to ``faults``."""
    kind, where = LISTS[path.stem], str(path)
    text = decode(path.read_bytes(), where, faults)
    for raw in raw_rows(text, path.suffix, columns_of(kind.row), where, faults):
        if row := validated(kind.row, raw, where, faults):
            yield PlacedRow(path.stem, where, raw.line, row, raw.cells)
