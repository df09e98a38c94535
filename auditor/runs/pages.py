"""Memory of an audit in small pages: what a batch takes it soon gives back."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_DISABLE_HUGE_PAGES: Final = 41
"""``PR_SET_THP_DISABLE`` of prctl(2), Linux 3.15 and later; a process that is forked has it too."""


def use_small_pages() -> None:
    """Ask the system not to back the memory of this process with huge pages, where it can.

    Libraries ask for them for every large column. Each is zeroed as a whole before the first byte
    is written, and processes that do so at once wait for each other: of a million posts two workers
    spent 1.5 CPU s in the kernel, and 1.0 with small pages (one .9 and .8; measured, issue 5).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DISABLE_HUGE_PAGES, 1, 0, 0, 0)
