"""How a command ends that is asked to: SIGTERM does what Ctrl-C does, with a status of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from auditor.errors import Terminated
from auditor.streams import tell

INTERRUPTED = 130
TERMINATED = 143


@contextmanager
def answered_sigterm() -> Iterator[list[int]]:
    """Raise ``Terminated`` on SIGTERM; the list that is given holds the signal once it came.

    A caller that has other plans for the signal, as one that ignores it, keeps them.
    """
    asked: list[int] = []
    owner = os.getpid()

    def answer(signum: int, frame: FrameType | None) -> None:
        """Note the signal and raise; a second one changes nothing."""
        del frame
        if os.getpid() != owner:  # a worker in its first moment
            os._exit(TERMINATED)
        # Some senders write twice, to the process and to its group: the end is not disturbed.
        signal.signal(signum, signal.SIG_IGN)
        asked.append(signum)
        raise Terminated

    was = signal.getsignal(signal.SIGTERM)
    if was is not signal.SIG_DFL:
        yield asked
        return
    signal.signal(signal.SIGTERM, answer)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, was)


def tell_interrupted(asked: list[int]) -> int:
    """Say that the command was ended and how to go on; return the exit status."""
    how = "terminated" if asked else "interrupted"
    tell(f"{how}; what was done is kept, run the same command to go on")
    return TERMINATED if asked else INTERRUPTED
