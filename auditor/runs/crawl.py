"""Starting a crawl: in a process of its own, so that nothing here knows the crawler."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from pydantic import ValidationError

from auditor.collection.targets import Targets, read_targets
from auditor.errors import InputError, Terminated
from auditor.model import CrawlSettings, CrawlSummary

_CRASHED = 70
_INTERRUPTED = 130


def open_targets(place: str) -> Targets:
    """Read a targets file, or standard input where ``place`` is ``-``.

    Raises:
        InputError: the file cannot be read, or holds no target.
    """
    try:
        data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as fault:
        raise InputError(f"cannot be read: {fault.strerror}", place) from None
    except UnicodeDecodeError as fault:
        raise InputError(f"is not UTF-8 (byte {fault.start})", place) from None
    return read_targets(text, "standard input" if place == "-" else place)


def start_crawl(settings: CrawlSettings) -> CrawlSummary:
    """Run a crawl and wait for its end; the crawler's log goes to stderr.

    An interrupt (Ctrl-C or SIGTERM) reaches the crawler too, which finishes what is in hand and
    keeps it.

    Returns:
        How it went; ``exit_code`` is 0, 2, 3, 4, 70, 74, 75 or 130 (contracts, section 1).
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "spiders.run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    out = _talk(process, settings.model_dump_json().encode())
    try:
        return CrawlSummary.model_validate_json(out.splitlines()[-1] if out.strip() else b"")
    except ValidationError:
        killed = process.returncode < 0
        return CrawlSummary(
            exit_code=_INTERRUPTED if killed else _CRASHED,
            spider=settings.spider,
            reason=f"the crawler ended with status {process.returncode} and no summary",
        )


def _talk(process: subprocess.Popen[bytes], data: bytes) -> bytes:
    try:
        return process.communicate(data)[0]
    except KeyboardInterrupt as asked:
        # A terminal or a supervisor may have sent it to both, or to this process alone. The crawler
        # stops at the first of each kind, so it is sent the other.
        is_term = isinstance(asked, Terminated)
        process.send_signal(signal.SIGINT if is_term else signal.SIGTERM)
        # Data already handed over is not sent twice.
        return process.communicate()[0]
