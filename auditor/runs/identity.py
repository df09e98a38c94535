"""What must agree for anything of an earlier night to be used: program, rules, lists, options."""

from __future__ import annotations

import hashlib
import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import auditor
from auditor.config import rulesets_directory
from auditor.rules import Compiled
from auditor.runs.kept import FORMAT
from auditor.runs.request import AuditRequest
from auditor.sources import slices


def kept_identity(request: AuditRequest, compiled: Compiled) -> dict[str, str]:
    """Return by name what a kept value depends on, beside the rows of the input."""
    references = compiled.resources.references
    opted_out = "\n".join(sorted(references.opted_out))
    return {
        "format": f"{FORMAT} {slices.ROWS}",
        "program": f"{auditor.__version__} {program_digest()}",
        "libraries": _libraries(),
        "rules": " ".join([compiled.ruleset.sha256, *request.notices]),
        "lists": references.sha256,
        "accounts left out": hashlib.sha256(opted_out.encode()).hexdigest(),
        "language": compiled.language,
        "time zone": str(request.timezone),
        "copies": str(request.copies),
    }


@cache
def program_digest() -> str:
    """Return a digest of the code and of the packaged tables: a version alone may be under work."""
    package = Path(auditor.__file__).parent
    tables = rulesets_directory() / "tables"
    found = hashlib.sha256()
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.sql"), *tables.iterdir()]):
        if path.is_file():
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


@cache
def _libraries() -> str:
    """Versions of Python and of every library that may take part, those at choice too."""
    try:
        asked = requires("auditor") or []
    except PackageNotFoundError:
        asked = []
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in asked}
    told = [f"python {platform.python_version()}"]
    for name in sorted(names - {"auditor"}):
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(told)
