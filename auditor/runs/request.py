"""What a run is asked to do, and what it answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auditor.model import Notice
from auditor.rules import Language
from auditor.sources import Kind


@dataclass(frozen=True)
class AuditRequest:
    """Everything that decides the result of a run; picklable, so that workers can read it too.

    ``dataset`` or ``db`` is the input; with both, the dataset is audited. ``tables`` are those of
    Spark's catalogue by kind, in place of either. ``duties`` says who is
    responsible for the collection, as it stands in the user agent. ``kept`` is a directory that
    lives between nights (docs/nights.md); without it every run does all of its work.
    """

    out: Path
    now: datetime
    rules: tuple[Path, ...]
    references: tuple[Path, ...]
    dataset: Path | None = None
    db: str | None = None
    tables: tuple[tuple[Kind, str], ...] = ()
    notices: tuple[str, ...] = ()
    timezone: str | None = None
    language: Language = "zh"
    workers: int = 1
    memory_mib: int = 1024
    copies: bool = True
    kept: Path | None = None
    floor: float = 0.05
    fail_on: str | None = None
    allow_empty: bool = False
    run_id: str | None = None
    command: tuple[str, ...] = ()
    duties: tuple[tuple[str, str], ...] = ()

    @property
    def identity(self) -> str:
        """Hex digest of what must agree for an unfinished run to be resumed."""
        parts = [
            str(self.dataset),
            str(self.db),
            *([[list(each) for each in self.tables]] if self.tables else []),
            self.now.isoformat(),
            [str(path) for path in (*self.rules, *self.references)],
            list(self.notices),
            self.timezone,
            self.language,
            self.copies,
            *([str(self.kept)] if self.kept else []),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True)
class AuditSummary:
    """How a run ended: its exit status, its directory, and counts for the last lines on screen.

    ``notices`` are those whose items were looked at, standing ones first.
    """

    exit_code: int
    run_directory: Path
    counts: dict[str, int]
    findings_by_item: dict[str, int]
    warnings: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
