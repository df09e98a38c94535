"""Which files of a directory are a dataset's, and of what form each is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.errors import InputError
from auditor.sources.schemas import KINDS, Kind

PARQUET = ".parquet"
SUFFIXES = (".jsonl", ".jsonl.gz", ".csv", ".csv.gz", PARQUET)
_FORMS = "the forms read are .jsonl, .jsonl.gz, .csv, .csv.gz and .parquet"


def suffix_of(path: Path) -> str | None:
    """The ending that tells the form of a file, or ``None``."""
    name = path.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), None)


def kind_of(path: Path) -> Kind | None:
    """The kind that a file or folder is named after, or ``None``."""
    stem = path.name.lower().split(".", 1)[0]
    return next((kind for kind in KINDS if kind == stem), None)


def absolute(path: Path) -> str:
    """A path as Arrow and DuckDB take it: to them ``s3:run`` is an address, ``~`` a home."""
    return str(path.absolute())


def dataset_files(directory: Path) -> Mapping[Kind, tuple[Path, ...]]:
    """Find the files of each kind, parts in the order of their names.

    Raises:
        InputError: there is no such directory, it may not be read, it has neither accounts nor
            posts, one kind lies there in two forms, or a name cannot be told.
    """
    with looked_at(directory):
        if not directory.is_dir():
            problem = "is not a directory" if directory.exists() else "does not exist"
            message = f"{problem}; give a directory with accounts.* and posts.*"
            raise InputError(message, str(directory))
        places = sorted(path for path in directory.iterdir() if not path.name.startswith("."))
        found = {kind: _of_kind(kind, places) for kind in KINDS}
    if not found["accounts"] and not found["posts"]:
        raise InputError(f"holds no accounts.* and no posts.*; {_FORMS}", str(directory))
    return found


def _of_kind(kind: Kind, places: list[Path]) -> tuple[Path, ...]:
    named = [path for path in places if kind_of(path) == kind]
    readable = [path for path in named if path.is_dir() or suffix_of(path)]
    # To read both would double every row, to choose one would be a guess.
    if len(readable) > 1:
        names = ", ".join(_shown(path.name) for path in readable)
        raise InputError(f"holds {kind} more than once ({names}); keep one", str(named[0].parent))
    if named and not readable:
        raise InputError(f"is of no form that is read; {_FORMS}", _shown(named[0]))
    return files_at(readable[0]) if readable else ()


def files_at(path: Path) -> tuple[Path, ...]:
    """The file itself, or the parts in a folder in the order of their names.

    Raises:
        InputError: there is nothing there, nothing that may be read or is of a form that is, or a
            name cannot be told.
    """
    with looked_at(path):
        found = _files_at(path)
    for each in found:
        # The reports, which are UTF-8, name a file from where the dataset begins.
        name = str(each.relative_to(path.parent))
        if _shown(name) != name:
            message = "is not in the encoding of the locale; rename it, or set LANG=C.UTF-8"
            raise InputError(message, _shown(each))
    return found


@contextlib.contextmanager
def looked_at(path: Path) -> Iterator[None]:
    """Tell what keeps a path from being looked at.

    Raises:
        InputError: the file system said no.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", _shown(path)) from error


def _shown(name: Path | str) -> str:
    """A name of the file system as text; bytes that are none become escapes."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _files_at(path: Path) -> tuple[Path, ...]:
    if not path.exists():
        raise InputError("does not exist", str(path))
    if not path.is_dir():
        if suffix_of(path) is None:
            raise InputError(f"is of no form that is read; {_FORMS}", str(path))
        # A named pipe would be waited for without end, a device such as /dev/zero read without end.
        if not path.is_file():
            raise InputError("is a pipe or a device; copy its content into a file", str(path))
        return (path,)
    # Spark and others put marks such as _SUCCESS and hidden checksums beside the parts.
    parts = [
        part
        for part in sorted(path.rglob("*"))
        if part.is_file()
        and suffix_of(part)
        and not any(name.startswith((".", "_")) for name in part.relative_to(path).parts)
    ]
    if not parts:
        raise InputError(f"holds no part that can be read; {_FORMS}", str(path))
    return tuple(parts)
