"""Which posts stand among as many of their account, in so short a time, as a rule on repeats asks.

Where nobody asks for copies across accounts no other post needs a digest or a sketch. Posts are
counted before they are screened, from two narrow columns of each: in a table with one small number
for an account and a stretch of time, found by a hash. A post that shares its number with others by
chance is looked at for nothing; none is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.config import time_zone
from auditor.detectors import Repeated
from auditor.errors import InputError, OutputError
from auditor.rules import Compiled
from auditor.rules.blobs import text_column_digests
from auditor.runs.request import AuditRequest
from auditor.runs.tasks import finish_task, plan_tasks, read_result, read_task
from auditor.sources import Slice
from auditor.sources.conform import DoubtfulError
from auditor.sources.keys import Numbers
from auditor.sources.lines import BrokenError
from auditor.sources.moments import Moments, read_moments
from auditor.sources.slices import ROWS
from auditor.text import switch_loops

SLOTS_EACH: Final = 8
"""Numbers of the table for each post at least: of a million posts with heavy authors a third are
looked at, where exactly a quarter stands among as many (with four: 37 in 100)."""

FEWEST: Final = 1 << 16
MOST: Final = 1 << 28
"""Numbers of the table, a power of two: one byte each while posts are counted, a bit afterwards.
With more than thirty million posts more of them are looked at for nothing."""

_FULL: Final = 127
"""How far a number counts: two of them fit into a byte."""

_PIECE: Final = 1 << 20
_HOUR: Final = 3_600_000_000
_BITS: Final = "crowds.npy"
_SLOTS, _COUNTS = "slots.npy", "counts.npy"


@dataclass(frozen=True)
class Crowds:
    """The slots of the table near which posts are as many as is ``asked``, as packed bits.

    Nothing is asked (None) where no rule looks at repeated texts.
    """

    bits: NDArray[np.uint8]
    asked: Repeated | None

    @classmethod
    def read(cls, work: Path, asked: Repeated | None) -> Self | None:
        """Return what ``write_crowds`` wrote, or None where nothing was counted.

        Raises:
            OutputError: it is damaged.
        """
        path = work / _BITS
        # Mapped: every process looks at the same pages.
        return cls(_loaded(path, mode="r"), asked) if path.exists() else None

    def of(self, accounts: pa.Array, published: pa.Array) -> NDArray[np.bool_]:
        """Tell of each post whether it may stand among as many; times are microseconds or null."""
        found = np.zeros(len(accounts), np.bool_)
        if self.asked is None:
            return found
        dated = published.is_valid().to_numpy(zero_copy_only=False)
        moments = Moments(accounts.filter(pa.array(dated)), np.asarray(published.drop_null()))
        slots = _slots(moments, len(self.bits) * 8, self.asked.hours)
        found[dated] = self.bits[slots >> 3] >> (slots & 7).astype(np.uint8) & 1
        return found


def crowd_asked(compiled: Compiled) -> Repeated | None:
    """Return what no rule on repeated texts does with less than, or None without such rules."""
    asked = (*compiled.plan.repeats, *compiled.plan.near_repeats)
    if not asked:
        return None
    posts, characters, hours = zip(*asked, strict=True)
    return Repeated(min(posts), min(characters), max(hours))


def counting_tasks(work: Path, slices: Sequence[Slice], asked: Repeated | None) -> tuple[Path, ...]:
    """Return one task a slice of posts; none where no rule looks at repeated texts."""
    if asked is None:
        return ()
    posts = [each for each in slices if each.kind == "posts"]
    told = {"slots": slots_for(sum(each.rows for each in posts)), "hours": asked.hours}
    records = {each.name: {"slice": each.record(), **told} for each in posts}
    return plan_tasks(work / "count", records)


def slots_for(posts: int) -> int:
    """Return how many numbers the table has."""
    wanted = 1 << max(posts * SLOTS_EACH - 1, 0).bit_length()
    return min(max(wanted, FEWEST), MOST)


def count_slice(request: AuditRequest, path: Path) -> None:
    """Do one counting task: how many posts of a slice fall to each slot, sorted by slot.

    A slice that is damaged, or of which most is rejected, is not counted: screening says why.

    Raises:
        OutputError: the disk is full, or what was laid down is damaged.
    """
    task = read_task(path)
    each, zone = Slice.of(task["slice"]), time_zone(request.timezone)
    if each.rows >= ROWS:
        switch_loops(True)
    try:
        read = read_moments(each, zone)
        slots = [_slots(moments, task["slots"], task["hours"]) for moments in read]
    except (InputError, BrokenError, DoubtfulError):
        finish_task(path, {"counted": False})
        return
    known, counts = _counted(np.concatenate([np.empty(0, np.int64), *slots]))
    _save(path / _SLOTS, known.astype(np.uint32))
    _save(path / _COUNTS, np.minimum(counts, _FULL).astype(np.uint8))
    finish_task(path, {"counted": True})


def write_crowds(work: Path, tasks: Sequence[Path], asked: Repeated | None) -> None:
    """Write what ``Crowds.read`` reads; nothing where a slice was not counted.

    Raises:
        OutputError: the disk is full, or a task is damaged.
    """
    (work / _BITS).unlink(missing_ok=True)
    if not all(read_result(path)["counted"] for path in tasks):
        return
    counts = np.zeros(max((read_task(path)["slots"] for path in tasks), default=FEWEST), np.uint8)
    for path in tasks:
        slots = _loaded(path / _SLOTS)
        counts[slots] = np.minimum(counts[slots] + _loaded(path / _COUNTS), _FULL)
    _save(work / _BITS, _crowded(counts, min(asked.posts if asked else _FULL, _FULL)))


def _slots(moments: Moments, slots: int, hours: int) -> Numbers:
    """Return the slot of each post: those of one account follow each other as time does.

    Posts within ``hours`` of each other are in one slot or in neighbours.
    """
    begins = text_column_digests(moments.accounts).view(np.uint64) >> np.uint64(
        65 - slots.bit_length()
    )
    found: Numbers = (begins.view(np.int64) + moments.times // (hours * _HOUR)) & (slots - 1)
    return found


def _counted(slots: Numbers) -> tuple[Numbers, Numbers]:
    """Return the slots in order and how often each stands there (sorting: ``np.unique`` hashes)."""
    ordered = np.sort(slots)
    ends = np.flatnonzero(np.diff(ordered, append=-1))
    return ordered[ends], np.diff(ends, prepend=-1)


def _crowded(counts: NDArray[np.uint8], least: int) -> NDArray[np.uint8]:
    """Return a bit a slot: whether it and a neighbour together hold ``least`` posts."""
    found = []
    for first in range(0, len(counts), _PIECE):
        end = min(first + _PIECE, len(counts))
        near = counts.take(np.arange(first - 1, end + 1), mode="wrap")
        many = near[:-1] + near[1:] >= least
        found.append(np.packbits(many[:-1] | many[1:], bitorder="little"))
    return np.concatenate(found)


def _save(path: Path, values: NDArray[np.uint8] | NDArray[np.uint32]) -> None:
    try:
        np.save(path, values)
    except OSError as error:
        raise OutputError(f"cannot be written ({error})", str(path)) from error


def _loaded(path: Path, mode: Literal["r"] | None = None) -> NDArray[np.uint8]:
    try:
        found: NDArray[np.uint8] = np.asarray(np.load(path, mmap_mode=mode))
    except (OSError, ValueError, EOFError) as error:
        raise OutputError(f"cannot be read back ({error})", str(path)) from error
    return found
