"""What many tests share: the shipped rules compiled once, and a command line in a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from auditor.config import rulesets_directory
from auditor.demo import REFERENCES
from auditor.references import load_references
from auditor.rules import Compiled, compile_ruleset, load_ruleset
from auditor.text import compiles, switch_loops

# No test is timed: what forces a file to the disk takes a quarter of a second on a loaded machine.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

Auditor = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    """The shipped rules over the shipped references."""
    shipped = rulesets_directory()
    return compile_ruleset(load_ruleset([shipped]), load_references([shipped / "references"]))


@pytest.fixture
def with_loops() -> Iterator[None]:
    """Switch loops on for one test."""
    switch_loops(True)
    assert compiles(), "numba belongs to the extra dev"
    yield
    switch_loops(False)


@pytest.fixture(scope="session")
def demo_compiled() -> Compiled:
    """The shipped rules, with the invented bodies of the demo."""
    shipped = rulesets_directory()
    references = load_references([shipped / "references", REFERENCES])
    return compile_ruleset(load_ruleset([shipped]), references)


@pytest.fixture
def auditor(tmp_path: Path) -> Auditor:
    """``auditor`` in a process of its own, in an empty directory and environment."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AUDITOR_")}
        root = str(Path(__file__).resolve().parent.parent)
        return subprocess.run(
            [sys.executable, "-m", "auditor", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": root, **environment},
            timeout=240,
            check=False,
        )

    return run
