"""The standard streams of the process, which may be closed, full or read by nobody."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from auditor import __version__
from auditor.errors import AuditorError, UsageError


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


def tell_error(error: AuditorError) -> int:
    """Write a deliberate error, one line a fault, and return its exit status."""
    prefix = "auditor: " if isinstance(error, UsageError) else f"auditor ({error.exit_code}): "
    for line in str(error).splitlines():
        tell(f"{prefix}{line}")
    return error.exit_code


def tell_crash() -> int:
    """Write the traceback to a private file and one line with its path; return the exit status."""
    kind = type(sys.exc_info()[1]).__name__
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix=f"auditor-crash-{stamp}-", suffix=".txt", delete=False, encoding="utf-8"
        ) as handle:
            handle.write(f"auditor {__version__}\n{traceback.format_exc()}")
        tell(f"auditor: internal error; details are in {handle.name}")
    except OSError:
        tell(f"auditor: internal error ({kind}); its details could not be written")
    return 70
