"""What is installed, reachable and stale, for the person who must repair it."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec

from auditor.config import Settings, reference_directories, rule_directories
from auditor.errors import AuditorError
from auditor.references import load_references
from auditor.rules import load_ruleset
from auditor.store import open_store

Row = tuple[str, str, str]

LIBRARIES = ("scrapy", "pydantic", "sqlmodel", "pyarrow", "rapidfuzz", "jieba", "pypinyin")


def check_up(settings: Settings) -> Iterator[Row]:
    """Yield ``what, state, detail`` rows; a state is ``fine``, ``missing`` or ``wrong``."""
    yield "python", "fine", platform.python_version()
    for name in LIBRARIES:
        yield name, "fine", metadata.version(name)
    fast = find_spec("daachorse") is not None
    yield "daachorse", "fine" if fast else "missing", "" if fast else "ahocorasick_rs is used"
    loops = find_spec("numba") is not None
    yield "numba", "fine" if loops else "missing", "" if loops else "large runs take longer"
    yield from _rules(settings)
    yield from _references(settings)
    yield from _database(settings)
    browser = shutil.which("chromium")
    yield "chromium", "fine" if browser else "missing", browser or "only screenshots need it"
    for name in ("controller", "contact", "legal_basis", "privacy_notice"):
        value = getattr(settings, name)
        yield name, "fine" if value else "missing", value or "auditor crawl refuses without it"


def _rules(settings: Settings) -> Iterator[Row]:
    try:
        ruleset = load_ruleset(rule_directories(settings))
    except AuditorError as error:
        yield "rules", "wrong", str(error)
    else:
        yield "rules", "fine", f"{len(ruleset.rules)} rules, {len(ruleset.notices)} notices"


def _references(settings: Settings) -> Iterator[Row]:
    try:
        loaded = load_references(reference_directories(settings))
    except AuditorError as error:
        yield "references", "wrong", str(error)
        return
    for entry in loaded.lists:
        state = "fine" if entry.state == "loaded" else "missing"
        yield f"references: {entry.name}", state, f"{entry.entries} entries, {entry.version}"


def _database(settings: Settings) -> Iterator[Row]:
    try:
        store = open_store(settings.db)
    except AuditorError as error:
        yield "database", "wrong", str(error)
        return
    store.close()
    yield "database", "fine", settings.db
