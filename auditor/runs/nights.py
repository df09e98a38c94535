"""A run that knows of the night before: what it takes from there, and what it leaves."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.model import Rejection
from auditor.rules import Compiled
from auditor.runs.fetching import FETCHED
from auditor.runs.identity import kept_identity
from auditor.runs.intake import Intake, input_state
from auditor.runs.judging import TOLD_ROWS
from auditor.runs.kept import Kept, Next, locked_kept, take
from auditor.runs.knowngroups import keep_known
from auditor.runs.request import AuditRequest
from auditor.runs.reuse import keep_readings, keep_screens
from auditor.runs.rowsread import keep_rows_read
from auditor.runs.samenight import keep_night
from auditor.runs.screening import Screened
from auditor.runs.tables import Tables
from auditor.runs.told import keep_told
from auditor.runs.unchanged import keep_numbers

_COUNTS = """
    SELECT (SELECT count(*) FROM unchanged) AS reused_accounts,
      (SELECT count(*) FROM changed_awake) AS judged_accounts
"""
_GROUPS = """
    SELECT (SELECT count(*) FROM known_groups) AS reused_groups,
      (SELECT count(DISTINCT cluster) FROM new_groups) AS new_groups
"""
_SAME_GROUPS = "SELECT count(DISTINCT state) AS reused_groups, 0 AS new_groups FROM said_groups"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Nights:
    """What is kept between nights, as one run sees it; ``state`` is the input's at its start."""

    request: AuditRequest
    directory: Path
    kept: Kept
    state: str

    def counts(self, kept: Kept, seen: Screened, tables: Tables) -> dict[str, int]:
        """Return how much was found as it was, for run.json; reads the tables of the run."""
        (row,) = tables.rows(_COUNTS).to_pylist()
        found = {"reused_slices": seen.reused, **row}
        if self.request.copies:
            (groups,) = tables.rows(_SAME_GROUPS if kept.same else _GROUPS).to_pylist()
            found |= groups
        return found

    def gather(
        self,
        kept: Kept,
        work: Path,
        intake: Intake,
        tables: Tables,
        parts: Sequence[Path],
        lost: Sequence[Rejection],
    ) -> Next | None:
        """Gather what the next night will find; nothing where the input changed under the run.

        ``kept`` is what was taken, held against the input (``samenight.compared``), ``lost`` the
        rows that went with a word when rows of one key were settled.

        Raises:
            OutputError: the disk is full.
        """
        if input_state(self.request) != self.state:
            log.warning("files of the input changed while it was audited: nothing is kept of it")
            return None
        following = Next(self.directory, kept)
        keep_readings(work, following)
        keep_screens(work, intake, following)
        keep_rows_read(kept, work / FETCHED, intake.slices, following)
        told = [path / TOLD_ROWS for path in parts if (path / TOLD_ROWS).exists()]
        keep_told(kept, tables, told, following)
        keep_numbers(kept, tables, following)
        keep_night(kept, tables, intake, lost, following)
        if self.request.copies:
            keep_known(kept, tables, following)
        return following


@contextlib.contextmanager
def held_nights(request: AuditRequest) -> Iterator[None]:
    """Hold what is kept for this run, where anything is.

    Raises:
        UsageError: the place holds something else, or lies in the dataset or the run directory.
        LockedError: another run holds it.
        OutputError: it cannot be written.
    """
    if request.kept is None:
        yield
        return
    with locked_kept(request.kept, request.dataset, request.out):
        yield


def open_nights(request: AuditRequest, compiled: Compiled, work: Path) -> Nights | None:
    """Take what an earlier night left, where that is asked for.

    Raises:
        OutputError: the disk is full.
    """
    if request.kept is None:
        return None
    state = input_state(request)
    kept = take(request.kept, work, kept_identity(request, compiled))
    return Nights(request, request.kept, kept, state)
