"""Loops over characters that numba compiles, for what numpy needs several passes for.

numba is an extra (``auditor[fast]``). Where it is missing, or does not work with the numpy that is
installed, every caller goes its way of numpy alone; tests hold the two ways together (0021).
"""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Callable
from functools import cache, cached_property, update_wrapper
from types import FunctionType
from typing import Generic, ParamSpec, TypeVar

import numpy as np

from auditor.text.compiler import njit

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

SWITCH = "NUMBA_DISABLE_JIT"
"""numba's own switch: set to anything but 0, nothing is compiled."""


class _Switch:
    """Whether this process asks for loops: it begins with numpy."""

    asked = False


def switch_loops(asked: bool) -> None:
    """Let this process compile loops from now on, or no longer.

    To import numba and to load what it compiled takes 0.7 CPU s, as much as they save on some
    hundred thousand posts: who has fewer does without.
    """
    _Switch.asked = asked


def compiles() -> bool:
    """Tell whether loops are compiled here and now."""
    return _Switch.asked and _works()


@cache
def _works() -> bool:
    if os.environ.get(SWITCH, "0") not in ("", "0"):
        return False
    try:
        importlib.import_module("numba")
    except (ImportError, OSError):
        # Not installed, of no use with this numpy, or its LLVM does not load.
        return False
    return True


class Loop(Generic[Arguments, Result]):
    """A function that is compiled when it is first called: importing numba takes 0.3 s.

    Its body is in the part of Python that numba knows; it writes into arrays that it is given, and
    may call other loops. What was compiled is kept beside the source, or in the user's cache, for
    the next process. Constants and other loops are compiled in: a loop that is kept bears their
    digest in its name, as numba looks at the file of a loop only.
    """

    def __init__(self, function: Callable[Arguments, Result]) -> None:
        self._function = function
        self._compiled: Callable[Arguments, Result] | None = None
        update_wrapper(self, function)

    def __call__(self, *args: Arguments.args, **words: Arguments.kwargs) -> Result:
        """Run the compiled function."""
        try:
            return self.compiled()(*args, **words)
        except OSError:
            # It was compiled and could not be kept: the disk is full, say. Nothing ran yet.
            self._compiled = njit(self.linked(), kept=False)
            return self._compiled(*args, **words)

    @cached_property
    def digest(self) -> str:
        """What is compiled in, as a word: the code, and the constants that it names."""
        told: dict[str, object] = {"": self._function.__code__.co_code}
        for name, value in _named(self._function).items():
            if isinstance(value, Loop):
                told[name] = value.digest
            elif isinstance(value, (np.ndarray, np.generic)):
                told[name] = value.dtype.str, value.tolist()
            elif isinstance(value, (int, tuple)):
                told[name] = value
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def compiled(self) -> Callable[Arguments, Result]:
        """Return what numba makes of the function."""
        if self._compiled is None:
            try:
                self._compiled = njit(self.linked(), kept=True)
            except RuntimeError:
                # No directory that can be written.
                self._compiled = njit(self.linked(), kept=False)
        return self._compiled

    def linked(self) -> Callable[Arguments, Result]:
        """Return the function with the loops that it calls compiled."""
        known = self._function.__globals__
        inner = {
            name: value.compiled()
            for name, value in _named(self._function).items()
            if isinstance(value, Loop)
        }
        linked = FunctionType(self._function.__code__, known | inner, self._function.__name__)
        linked.__module__ = self._function.__module__
        linked.__qualname__ = f"{self._function.__qualname__}-{self.digest}"
        return linked


def _named(function: Callable[..., object]) -> dict[str, object]:
    """Return the values of its module that a function names."""
    known = function.__globals__
    return {name: known[name] for name in function.__code__.co_names if name in known}
