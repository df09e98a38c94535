"""numba, as loops use it: what compiles a function, and loads what was compiled before."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_KNOWN: Final = "0.68."
"""The versions of numba of which it is known what the loading of a compiled function needs."""


def njit(function: Callable[Arguments, Result], *, kept: bool) -> Callable[Arguments, Result]:
    """Return what numba makes of a function when it is first called, kept for the next process.

    Raises:
        RuntimeError: it is to be kept, and no directory can be written.
    """
    numba = importlib.import_module("numba")
    # Arrays belong to one blob: other threads of Python may run meanwhile.
    compiled: Callable[Arguments, Result] = numba.njit(nogil=True, cache=kept)(function)
    if kept and getattr(numba, "__version__", "").startswith(_KNOWN):
        _load_alone(compiled)
    return compiled


def _load_alone(compiled: Any) -> None:
    """Let what is kept of a function be loaded without all that compiling takes.

    Before it looks, numba reads every operation that it knows for any type: 0.3 CPU s, and 0.2 more
    where scipy is installed. What is compiled needs but the runtime that counts who holds an array;
    where nothing is kept the compiler reads them all the same.
    """
    runtime = importlib.import_module("numba.core.runtime").rtsys
    cache = compiled._cache  # noqa: SLF001 - numba has no other way in; hence _KNOWN

    def load(signature: object, context: object) -> object:
        """Return what is kept for a signature, or None."""
        runtime.initialize(context)
        with cache._guard_against_spurious_io_errors():  # noqa: SLF001
            return cache._load_overload(signature, context)  # noqa: SLF001

    cache.load_overload = load
