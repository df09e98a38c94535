"""CPU time of this process and of its children."""

from __future__ import annotations

import resource


def cpu_seconds(who: int = resource.RUSAGE_SELF) -> float:
    """Return the CPU seconds so far, user and system, all threads together."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime
