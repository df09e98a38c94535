"""One process of a run: the rules compiled once, and the tasks of every stage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import AuditorError
from auditor.references import load_references
from auditor.rules import Compiled, compile_ruleset, load_ruleset
from auditor.runs.candidates import fetch_wanted
from auditor.runs.copying import fetch_members, fetch_texts
from auditor.runs.crowds import count_slice
from auditor.runs.fetching import spell_slice
from auditor.runs.intake import lay_down_input
from auditor.runs.judging import judge_part
from auditor.runs.request import AuditRequest
from auditor.runs.screening import screen_slice

_COLLECTED = (20_000, 10, 10)
"""Objects more than were freed, and rounds, before the collector looks for circles again.

By default it does every 700 objects, and each account that is judged makes some thousand: 0.4 of
16 CPU s for nothing, as hardly a circle is made (measured)."""


@dataclass
class _Ready:
    """The compiled rules of this process."""

    compiled: Compiled | None = None
    request: AuditRequest | None = None

    def use(self) -> tuple[AuditRequest, Compiled]:
        """Return what the process was set up with."""
        if self.compiled is None or self.request is None:
            raise AuditorError("the worker was not set up", "workers")
        return self.request, self.compiled


_ready = _Ready()


def compiled_of(request: AuditRequest) -> Compiled:
    """Load and compile the rules and references of a request.

    Raises:
        RulesetError: any fault in rules, word lists, notices or references.
    """
    with nothing_collected():
        ruleset = load_ruleset(request.rules, notices=request.notices)
        references = load_references(request.references)
        return compile_ruleset(ruleset, references, request.language)


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Let the collector rest while much is made that stays.

    It would look through all of it again and again: a fifth of the time to compile.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def set_up(request: AuditRequest) -> Compiled:
    """Build the rules of this process once.

    Raises:
        RulesetError: any fault in rules, word lists, notices or references.
    """
    if _ready.compiled is None or _ready.request != request:
        _ready.compiled = compiled_of(request)
        _ready.request = request
        # Nothing of it is garbage while the process lives: no later collection looks through it.
        gc.freeze()
        gc.set_threshold(*_COLLECTED)
    return _ready.compiled


def lay_down_task(path: Path) -> None:
    """Do a reading task; see ``lay_down_input``."""
    lay_down_input(_ready.use()[0], path)


def count_task(path: Path) -> None:
    """Do a counting task; see ``count_slice``."""
    count_slice(_ready.use()[0], path)


def screen_task(path: Path) -> None:
    """Do a screening task; see ``screen_slice``."""
    request, compiled = _ready.use()
    screen_slice(request, compiled, path)


def spell_task(path: Path) -> None:
    """Do a task on rows in doubt; see ``spell_slice``."""
    spell_slice(_ready.use()[0], path)


def fetch_task(path: Path) -> None:
    """Do a fetching task; see ``fetch_wanted``."""
    fetch_wanted(_ready.use()[0], path)


def text_task(path: Path) -> None:
    """Do a task on texts that may be copies; see ``fetch_texts``."""
    fetch_texts(_ready.use()[0], path)


def copied_task(path: Path) -> None:
    """Do a task on members of groups; see ``fetch_members``."""
    request, compiled = _ready.use()
    fetch_members(request, compiled, path)


def judge_task(path: Path) -> None:
    """Do a judging task; see ``judge_part``."""
    request, compiled = _ready.use()
    judge_part(request, compiled, path)
