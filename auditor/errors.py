"""Every deliberate error of the program, written for the person who must act."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def one_line(text: str) -> str:
    """Return a text with line breaks, control characters and stray bytes escaped."""
    return _BREAKS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class Terminated(KeyboardInterrupt):
    """The process is asked to end (SIGTERM): handled wherever an interrupt by hand is."""


class AuditorError(Exception):
    """Root of all deliberate errors: what is wrong, where, and what would be right.

    ``exit_code`` is the exit status the command line gives it (docs/exit-codes.md).
    """

    exit_code = 70

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where

    def __str__(self) -> str:
        # A path may hold a line break; what is told of it is one line all the same.
        return f"{one_line(self.where)}: {self.message}" if self.where else self.message

    def __reduce__(self) -> tuple[type[AuditorError], tuple[str, str]]:
        # Errors cross process boundaries (worker pools); two plain strings always pickle.
        return type(self), (self.message, self.where)


class UsageError(AuditorError):
    """The caller's mistake: arguments, configuration or an input of which nothing can be read."""

    exit_code = 2


class RulesetError(UsageError):
    """One or more faults in rules, lexicons, notices or references; all of them at once.

    ``message`` holds one fault a line, each with ``file:line``.
    """

    @classmethod
    def of(cls, faults: Sequence[str]) -> RulesetError:
        """Join faults, one a line."""
        return cls("\n".join(faults))


class InputError(UsageError):
    """A file that cannot be read at all: missing, empty, truncated or of no known form."""


class OutputError(AuditorError):
    """Input or output failed under way: disk full, database lost, file system read-only."""

    exit_code = 74


class LockedError(AuditorError):
    """Another run holds the lock on this output directory or source."""

    exit_code = 75


class NothingScannedError(AuditorError):
    """No account at all was found in the input."""

    exit_code = 4
