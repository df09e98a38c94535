"""The targets file: CSV or JSONL with a column ``target`` and, optional, ``platform``."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from auditor.collection.addresses import host_of, is_private_host, origin_of
from auditor.errors import InputError, UsageError
from auditor.model import Rejection, Target

_HANDLE = re.compile(r"@?(?P<handle>[^\s@/:]+)@(?P<host>[^\s@/]+)")


@dataclass(frozen=True, slots=True)
class Handle:
    """``handle@host``; ``host`` may carry a port."""

    handle: str
    host: str


@dataclass(frozen=True, slots=True)
class Targets:
    """The rows that could be read, in order and without repeats, and those that could not."""

    rows: tuple[Target, ...]
    rejected: tuple[Rejection, ...]


def handle_of(target: str) -> Handle | None:
    """Split ``handle@host`` or ``@handle@host``; ``None`` for anything else."""
    found = None if "//" in target else _HANDLE.fullmatch(target.strip())
    return Handle(found["handle"], found["host"].lower()) if found else None


def url_of(target: str, *, allow_private: bool = False) -> str:
    """Return the address whose host a target names.

    ``handle@host`` means https; only a private host that may be asked is spoken to in http, since
    such hosts seldom hold a certificate.

    Raises:
        UsageError: the target is neither an http(s) address nor ``handle@host``.
    """
    handle = handle_of(target)
    url = f"https://{handle.host}/" if handle else target.strip()
    if handle and allow_private and is_private_host(host_of(url)):
        url = f"http://{handle.host}/"
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"neither an http(s) address nor handle@host: {target[:100]}")
    origin_of(url)
    return url


def read_targets(text: str, file: str) -> Targets:
    """Read a targets file; ``file`` names it in messages.

    Raises:
        InputError: there is no column ``target``, or no row of it can be read.
    """
    text = text.removeprefix("\ufeff")
    rows: dict[str, Target] = {}
    rejected = []
    for line, record in _records(text, file):
        try:
            target = _target(record)
        except (UsageError, ValidationError) as fault:
            reason = fault.message if isinstance(fault, UsageError) else "target is too long"
            rejected.append(Rejection(file=file, line=line, kind="targets", reason=reason))
        else:
            rows.setdefault(target.target, target)
    if not rows:
        first = f"; line {rejected[0].line}: {rejected[0].reason}" if rejected else ""
        raise InputError(f"holds no target that can be read{first}", file)
    return Targets(tuple(rows.values()), tuple(rejected))


def _records(text: str, file: str) -> Iterator[tuple[int, object]]:
    if text.lstrip()[:1] == "{":
        for line, row in enumerate(text.splitlines(), 1):
            if row.strip():
                yield line, _json(row)
        return
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if "target" not in (reader.fieldnames or ()):
        raise InputError("needs a column named target (CSV with a header line, or JSONL)", file)
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error as fault:
        raise InputError(f"is not CSV: {fault}", f"{file}:{reader.line_num}") from None


def _json(row: str) -> object:
    try:
        return json.loads(row)
    except ValueError:
        return None


def _target(record: object) -> Target:
    if not isinstance(record, dict):
        raise UsageError("not a JSON object on one line")
    target, platform = record.get("target"), record.get("platform")
    if not isinstance(target, str) or not target.strip():
        raise UsageError("target is empty")
    if platform is not None and not isinstance(platform, str):
        raise UsageError("platform is not text")
    url_of(target)
    return Target(target=target.strip(), platform=(platform or "").strip() or None)
