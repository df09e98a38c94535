"""What is kept of a loop is loaded by itself, and answers as what was compiled just now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LOOPS = '''
"""Two loops that a test compiles."""

import numpy as np

from auditor.text import Loop


@Loop
def twice(numbers, found):
    for at in range(len(numbers)):
        found[at] = inner(numbers, at)


@Loop
def inner(numbers, at):
    return numbers[at] * 2


@Loop
def halves(numbers, found):
    for at in range(len(numbers)):
        found[at] = numbers[at] // {divisor}
'''

ASK = """
import sys
import numpy as np
import numba
numba.__version__ = sys.argv[1] or numba.__version__
import kept_loops
for dtype in (np.int64, np.uint32):
    for name in sys.argv[2:]:
        found = np.zeros(5, dtype)
        getattr(kept_loops, name)(np.arange(5, dtype=dtype), found)
        print(name, found.tolist(), end=" ")
hits = sum(sum(getattr(kept_loops, name).compiled().stats.cache_hits.values())
           for name in sys.argv[2:])
print(hits, "numba.np.arraymath" in sys.modules)
"""


def ask(home: Path, *names: str, version: str = "") -> str:
    """Run loops in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, version, *names],
        env={"PYTHONPATH": str(home), "NUMBA_CACHE_DIR": str(home / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A directory with loops that nobody compiled."""
    (tmp_path / "kept_loops.py").write_text(LOOPS.format(divisor=2), encoding="utf-8")
    return tmp_path


TWICE = "twice [0, 2, 4, 6, 8] "
HALVES = "halves [0, 0, 1, 1, 2] "


def test_what_is_kept_is_loaded_without_what_compiling_takes(home: Path) -> None:
    assert ask(home, "twice") == f"{TWICE}{TWICE}0 True"
    assert ask(home, "twice") == f"{TWICE}{TWICE}2 False"


def test_in_one_process_some_is_loaded_and_some_compiled(home: Path) -> None:
    ask(home, "twice")
    both = f"{TWICE}{HALVES}"
    assert ask(home, "twice", "halves") == f"{both}{both}2 True"
    assert ask(home, "halves", "twice") == f"{HALVES}{TWICE}{HALVES}{TWICE}4 False"


def test_an_error_is_raised_from_what_was_loaded_too(home: Path) -> None:
    (home / "kept_loops.py").write_text(LOOPS.format(divisor="numbers[0]"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(AssertionError, match="ZeroDivisionError"):
            ask(home, "halves")


def test_another_numba_keeps_its_own_way(home: Path) -> None:
    ask(home, "twice", version="0.99.0")
    assert ask(home, "twice", version="0.99.0") == f"{TWICE}{TWICE}2 True"
