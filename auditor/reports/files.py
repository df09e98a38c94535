"""Files that are whole or absent: written beside their place, flushed to disk, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from auditor.errors import OutputError

_REASONS = {
    errno.ENOSPC: "the disk is full; free space and run again",
    errno.EDQUOT: "the disk quota is used up; free space and run again",
    errno.EFBIG: "the file would be larger than the system allows",
    errno.EROFS: "the file system is read-only; choose another --out directory",
    errno.EACCES: "no permission to write here; choose another --out directory",
    errno.EPERM: "no permission to write here; choose another --out directory",
    errno.ENOENT: "the directory does not exist",
    errno.ENOTDIR: "its parent is a file, not a directory",
    errno.EISDIR: "a directory of that name is in the way",
}


def _fault(error: OSError, path: Path) -> OutputError:
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return OutputError(f"cannot write: {reason} (an earlier file is kept)", str(path))


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn a fault of the file system into one line that names the file."""
    try:
        yield
    except OSError as error:
        raise _fault(error, path) from error


class TextFile:
    """The text file under way that ``atomic`` hands out; ``write`` is what csv needs."""

    def __init__(self, path: Path, raw: IO[bytes]) -> None:
        self._path = path
        self._raw = raw

    def write(self, text: str) -> int:
        """Append text as UTF-8.

        Raises:
            OutputError: the file system refused.
        """
        self.append(text.encode("utf-8"))
        return len(text)

    def append(self, data: bytes | memoryview) -> None:
        """Append text that is UTF-8 already.

        Raises:
            OutputError: the file system refused.
        """
        with _named(self._path):
            self._raw.write(data)

    def finish(self) -> None:
        """Force what was written to the disk.

        Raises:
            OutputError: the file system refused.
        """
        with _named(self._path):
            self._raw.flush()
            os.fsync(self._raw.fileno())


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[TextFile]:
    """Yield a file that takes the name ``path`` only when the block ends without an error.

    Whatever is raised inside, the new file is removed and an earlier one stays. Only its owner
    may read the file (mode 0600), because reports hold personal data.

    Raises:
        OutputError: the directory is missing or read-only, or the disk is full.
    """
    with _named(path):
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent
        )
    beside = Path(name)
    raw = os.fdopen(handle, "wb")
    try:
        file = TextFile(path, raw)
        yield file
        file.finish()
        with _named(path):
            raw.close()
            beside.replace(path)
            _sync_directory(path.parent)
    finally:
        # After the rename both steps find nothing to do; a full disk makes close() fail again.
        with contextlib.suppress(OSError):
            raw.close()
        with contextlib.suppress(OSError):
            beside.unlink()


def _sync_directory(directory: Path) -> None:
    """Make the rename itself survive a power cut (fsync(2), notes)."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a whole text file.

    Raises:
        OutputError: the directory is missing or read-only, or the disk is full.
    """
    with atomic(path) as file:
        file.write(text)


def make_directory(path: Path) -> None:
    """Make a directory, and those above it, unless they exist; only its owner may enter.

    Raises:
        OutputError: the file system refused.
    """
    with _named(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
