"""What work costs: CPU time with children, and the memory of all processes together."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_EVERY = 0.2
"""Seconds between two looks at the memory, at least."""

_PAUSES = 50
"""How many times as long as a look the time to the next one is, at least."""


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system, children too), seconds on the clock, and MiB at the peak.

    ``peak_mib`` is the proportional set size of all processes of the command together, looked at
    five times a second, less often where that takes long; where the system does not tell it, the
    largest process at its peak.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float

    def least(self, other: Cost) -> Cost:
        """Return the least time of two rounds, and the highest of their peaks."""
        return Cost(
            min(self.cpu_seconds, other.cpu_seconds),
            min(self.wall_seconds, other.wall_seconds),
            max(self.peak_mib, other.peak_mib),
        )


def cpu_seconds(who: int = resource.RUSAGE_SELF) -> float:
    """Return the CPU seconds so far, user and system, all threads together."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def run_module(words: Sequence[str], accepted: Sequence[int] = (0,)) -> tuple[Cost, str]:
    """Run ``python -m`` with these words to its end; return its cost and what it printed.

    Of processes that nobody waits for (a JVM that Python leaves behind) the CPU time is that of
    the last look.

    Raises:
        SystemExit: it ended with a status that is not accepted.
    """
    command = [sys.executable, "-m", *words]
    began = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as job:
        peak = _Peak(job.pid)
        peak.start()
        errors: list[str] = []
        drain = threading.Thread(target=lambda: errors.extend(job.stderr or ()))
        drain.start()
        said = job.stdout.read() if job.stdout else ""
        drain.join()
        _, status, usage = os.wait4(job.pid, 0)
        job.returncode = os.waitstatus_to_exitcode(status)
        peak.stop()
    if job.returncode not in accepted:
        raise SystemExit(
            f"{' '.join(words)} ended with {job.returncode}: {''.join(errors)[-2000:]}"
        )
    largest = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    spent = usage.ru_utime + usage.ru_stime
    spent = max(spent, peak.cpu_seconds)
    return Cost(spent, time.monotonic() - began, peak.mib or largest), said


class _Peak(threading.Thread):
    """Looks at the memory of a process and all its descendants until it is stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self._spent: dict[int, float] = {}
        self.mib = 0.0

    @property
    def cpu_seconds(self) -> float:
        """What each process had spent when it was last seen, all together."""
        return sum(self._spent.values())

    def run(self) -> None:
        due = 0.0
        while not self._done.wait(_EVERY):
            # The most that a process ever held is one line: a look at it costs next to nothing.
            self.mib = max(self.mib, _most_mib(self._pid))
            began = time.monotonic()
            if began < due:
                continue
            family = _family(self._pid)
            self.mib = max(self.mib, sum(map(_pss_mib, family)))
            self._spent.update((pid, _own_cpu(pid) or self._spent.get(pid, 0.0)) for pid in family)
            # Where workers have all cores a look takes their time, and the more of it the more
            # they are: a fiftieth at most.
            ended = time.monotonic()
            due = ended + max(_EVERY, _PAUSES * (ended - began))

    def stop(self) -> None:
        """End the looking."""
        self._done.set()
        self.join()


def _family(pid: int) -> list[int]:
    """Return a process and its descendants; none where the system keeps no /proc."""
    children: dict[int, list[int]] = defaultdict(list)
    for path in _PROC.glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children[parent].append(int(path.parent.name))
    found = [pid] if (_PROC / str(pid)).exists() else []
    for one in found:
        found.extend(children[one])
    return found


def _own_cpu(pid: int) -> float:
    try:
        told = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _pss_mib(pid: int) -> float:
    return _told_mib(pid, "smaps_rollup", "Pss:")


def _most_mib(pid: int) -> float:
    return _told_mib(pid, "status", "VmHWM:")


def _told_mib(pid: int, file: str, name: str) -> float:
    try:
        lines = (_PROC / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
