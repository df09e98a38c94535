"""The directory that is kept between nights: who may use it, what is trusted, how it is replaced.

It holds personal data as the store does: keys, sketches and, for text files, whole posts. A run
takes what lies there by hard links into its own working directory and replaces it in one step when
all is written: a killed run leaves it as it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.errors import OutputError, UsageError
from auditor.runs.work import locked, write_whole
from auditor.sources.parquet import digest

log = logging.getLogger(__name__)

_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What a manifest of any shape may raise."""

FORMAT = 4
"""Raised when what is kept is written otherwise."""

POINTER = "state.json"
MANIFEST = "manifest.json"
SALT = "salt"
NIGHT = "night-"
HALF = "next.part"
_NUMBER = re.compile("[0-9]{6,12}")
TAKEN = "kept"
"""The name of what was taken, in the working directory of a run."""


@dataclass(frozen=True)
class Kept:
    """What an earlier night left, as this run holds it under ``path``; nothing on a first night.

    ``files`` maps names under ``path`` to their SHA-256, ``told`` is what was said of them.
    ``same`` says that the whole input is that of the earlier night.
    """

    path: Path
    salt: bytes
    identity: dict[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    same: bool = False

    def paths(self, name: str) -> list[Path]:
        """Return the file of that name, or none."""
        return [self.path / name] if name in self.files else []

    def records(self, name: str) -> dict[str, Any]:
        """Return what was told under a name, by key."""
        return dict(self.told.get(name, {}))


@contextlib.contextmanager
def locked_kept(directory: Path, *others: Path | None) -> Iterator[None]:
    """Hold the directory that is kept; ``others`` are the places of the run, which it must not be.

    Raises:
        UsageError: it holds something else, or lies within one of ``others``, or they in it.
        LockedError: another run holds it.
        OutputError: it cannot be written.
    """
    place = _real(directory)
    for other in others:
        if other is not None and _overlap(place, _real(other)):
            raise UsageError(
                "must lie apart from the dataset and the run directory", str(directory)
            )
    with locked(directory) as is_new:
        try:
            if is_new:
                directory.chmod(0o700)
            strangers = [path.name for path in directory.iterdir() if not _is_own(path.name)]
        except OSError as error:
            raise OutputError(f"cannot be used: {error.strerror}", str(directory)) from error
        if strangers:
            raise UsageError("holds other files; name an empty or a new directory", str(directory))
        _try_out(directory)
        yield


def _real(path: Path) -> Path:
    # Path.resolve has an error of its own for links in a circle; ``locked`` tells of bad names.
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path


def _try_out(directory: Path) -> None:
    """Write once, so that a place that takes nothing is told before the work of a night.

    What a killed run left half there goes with it.
    """
    try:
        _remove(directory / f"{POINTER}.part")
        _fresh(directory / HALF)
        (directory / HALF).rmdir()
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", str(directory)) from error


def _overlap(one: Path, other: Path) -> bool:
    return one == other or one in other.parents or other in one.parents


def _is_own(name: str) -> bool:
    return name in (POINTER, f"{POINTER}.part", HALF) or name.startswith(NIGHT)


def take(directory: Path, work: Path, identity: dict[str, str]) -> Kept:
    """Take what is kept into the working directory, once for a run, however often it is resumed.

    What another program, other rules or other lists left is not taken, nor what is damaged.

    Raises:
        OutputError: the disk is full.
    """
    place = work / TAKEN
    if not (place / MANIFEST).exists():
        beside = work / f"{TAKEN}.part"
        told = _taken(directory, beside, identity)
        if told is None:
            _fresh(beside)
            told = {"identity": identity, "salt": secrets.token_hex(16), "files": {}}
        write_whole(beside / SALT, told["salt"])
        write_whole(beside / MANIFEST, json.dumps(told))
        _rename(beside, place)
    told = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    # What a resumed run leaves depends on what it began with.
    return Kept(place, bytes.fromhex(told["salt"]), told["identity"], told["files"], told)


def salt_of(work: Path) -> bytes:
    """Return the key of this run's row numbers, for a process of it."""
    try:
        return bytes.fromhex((work / TAKEN / SALT).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot be read back ({error})", str(work / TAKEN / SALT)) from error


def _fresh(directory: Path) -> None:
    try:
        _remove(directory)
        directory.mkdir(mode=0o700)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", str(directory)) from error


def _remove(path: Path) -> None:
    """Remove what stands there, of whatever kind."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _taken(directory: Path, beside: Path, identity: dict[str, str]) -> dict[str, Any] | None:
    """Link everything into ``beside`` and return the manifest, or nothing when it is of no use."""
    if not (directory / POINTER).exists():
        return None
    try:
        manifest, told = _manifest(directory)
        if told["identity"] != identity:
            known = told["identity"]
            other = [name for name in identity if known.get(name) != identity[name]]
            log.info("what is kept in %s is not used: other %s", directory, ", ".join(other))
            return None
        _fresh(beside)
        for name, sha256 in told["files"].items():
            place_file(_file(manifest.parent / name), beside / name)
            _checked(beside / name, sha256)
        bytes.fromhex(told["salt"])
    except OutputError:
        raise
    except (*_DAMAGED, OSError) as error:
        log.warning("what is kept in %s is not used: %s; a full run", directory, error)
        return None
    return told


def _file(path: Path) -> Path:
    """Return the path of a file that can be read: the fault of another is what is kept."""
    if not path.is_file():
        raise ValueError(f"{path.name} is no file")
    path.open("rb").close()
    return path


def _checked(path: Path, sha256: str) -> None:
    if digest(path) != sha256:
        raise ValueError(f"{path.name} is damaged")


def _manifest(directory: Path) -> tuple[Path, dict[str, Any]]:
    pointer = json.loads(_file(directory / POINTER).read_text(encoding="utf-8"))
    path = _file(directory / pointer["night"] / MANIFEST)
    text = path.read_bytes()
    if hashlib.sha256(text).hexdigest() != pointer["sha256"]:
        raise ValueError(f"{MANIFEST} is damaged")
    return path, dict(json.loads(text))


def place_file(source: Path, target: Path) -> None:
    """Put a file that nobody writes to any more at another place: a link, or else a copy.

    Raises:
        FileNotFoundError: the source is gone.
        OutputError: the disk is full.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # Another file system, or one without links.
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", str(target)) from error


class Next:
    """What the next night will find, gathered beside what is kept until ``replace``.

    Raises:
        OutputError: the disk is full.
    """

    def __init__(self, directory: Path, kept: Kept) -> None:
        self.path = directory / HALF
        self._directory = directory
        self._kept = kept
        self._files: dict[str, str] = {}
        self.told: dict[str, Any] = {}
        _fresh(self.path)
        self._known = {_inode(kept.path / name): sha for name, sha in kept.files.items()}

    def add(self, source: Path, name: str) -> None:
        """Keep a file of the run under a name."""
        if name not in self._files:
            place_file(source, self.path / name)
            self.note(name, self._known.get(_inode(source)))

    def note(self, name: str, sha256: str | None = None) -> None:
        """Note a file that stands at its place already."""
        self._files[name] = sha256 or digest(self.path / name)

    def replace(self) -> None:
        """Let this be what is kept, in one step; what was kept before is removed."""
        manifest = json.dumps(
            {
                "identity": self._kept.identity,
                "salt": self._kept.salt.hex(),
                "files": self._files,
                **self.told,
            }
        )
        write_whole(self.path / MANIFEST, manifest)
        name = self._free_name()
        _rename(self.path, self._directory / name)
        sha256 = hashlib.sha256(manifest.encode()).hexdigest()
        pointer = self._directory / POINTER
        with contextlib.suppress(OSError):
            if pointer.is_dir():
                _remove(pointer)
        write_whole(pointer, json.dumps({"night": name, "sha256": sha256}))
        for path in self._directory.glob(f"{NIGHT}*"):
            if path.name != name:
                with contextlib.suppress(OSError):
                    _remove(path)

    def _free_name(self) -> str:
        taken = [path.name.removeprefix(NIGHT) for path in self._directory.glob(f"{NIGHT}*")]
        numbers = [int(text) for text in taken if _NUMBER.fullmatch(text)]
        return f"{NIGHT}{1 + max(numbers, default=0):06d}"


def _rename(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", str(source)) from error


def _inode(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
