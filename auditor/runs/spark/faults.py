"""What Spark says when a job fails, in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from auditor.errors import OutputError

# The last line of a Python traceback of a worker; else the innermost cause in the JVM.
_WORKER = re.compile(r"^(?P<cause>(?:\w+\.)*\w*(?:Error|Exception): .+)$", re.MULTILINE)
_CAUSED = re.compile(r"^Caused by: (?P<cause>.+)$", re.MULTILINE)

SHOWN = 300
"""Characters of a message that are shown."""


@contextmanager
def told() -> Iterator[None]:
    """Turn what fails inside into one line.

    Raises:
        OutputError: a job failed for good, or Spark was lost; what was tried again is not told.
    """
    try:
        yield
    except (PySparkException, Py4JError) as error:
        message = f"the job on Spark failed ({cause(error)}); its own log says more"
        raise OutputError(message, "--engine spark") from error


def cause(error: Exception) -> str:
    """Return the line of what an engine says that tells why; it goes on for pages."""
    text = str(error).strip()
    if "Traceback (most recent call last)" in text and (lines := _WORKER.findall(text)):
        return str(lines[-1])[:SHOWN]
    if lines := _CAUSED.findall(text):
        return str(lines[-1])[:SHOWN]
    return text.splitlines()[0][:SHOWN] if text else type(error).__name__
