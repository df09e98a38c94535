"""The standard streams of the process, which may be closed, full or read by nobody."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path


def open_streams() -> None:
    """Make standard output and error writable, whatever the caller made of them.

    Python has ``None`` for a stream that was closed from outside (``>&-``).
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Open for as long as the process lives.
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)
    # Where the locale knows only ASCII, a Chinese name is shown escaped instead of ending the run.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def tell(line: str) -> None:
    """Write a line to standard error; where it is gone or full the exit status alone says it."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
