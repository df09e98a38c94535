"""Rules and references on their way to the workers of Spark, which compile them once a process."""

from __future__ import annotations

import gc
import hashlib
from typing import NamedTuple, Protocol

from auditor.references import References
from auditor.rules import Compiled, Language, Ruleset, compile_ruleset
from auditor.runs.worker import nothing_collected


class Rulebook(NamedTuple):
    """What is broadcast; ``key`` names its content."""

    key: str
    ruleset: Ruleset
    references: References
    language: Language


class Shared(Protocol):
    """A broadcast value."""

    @property
    def value(self) -> Rulebook:
        """The value, read once in a process."""


def rulebook(compiled: Compiled) -> Rulebook:
    """Return what workers compile again; the compiled form is ten times as large."""
    references = compiled.resources.references
    words = f"{compiled.ruleset.sha256} {references.sha256} {compiled.language}"
    key = hashlib.sha256(words.encode()).hexdigest()
    return Rulebook(key, compiled.ruleset, references, compiled.language)


_compiled: dict[str, Compiled] = {}


def compiled_of(shared: Shared) -> Compiled:
    """Compile what was broadcast, once in a process: Spark uses its workers again."""
    book = shared.value
    if book.key not in _compiled:
        _compiled.clear()
        with nothing_collected():
            _compiled[book.key] = compile_ruleset(book.ruleset, book.references, book.language)
        gc.freeze()
    return _compiled[book.key]
