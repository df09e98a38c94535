"""Workers that die: their partition is done again, and a run that cannot go on says so."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from auditor.errors import AuditorError
from auditor.runs.pool import in_pool


def no_setup() -> None:
    """Nothing to prepare."""


def dies_once(path: Path) -> None:
    """Work that kills its own process the first time it is asked."""
    marker = path / "died"
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    (path / "done").touch()


def always_dies(path: Path) -> None:
    """Work that kills its own process every time."""
    del path
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(path: Path) -> None:
    """Work that raises, as a partition on a full disk does."""
    raise AuditorError("cannot be written", path.name)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"part-{number}" for number in range(3)]
    for path in made:
        path.mkdir()
    return made


def test_a_killed_worker_costs_a_retry_and_no_partition(paths: list[Path]) -> None:
    one, *others = paths
    for path in others:
        (path / "died").touch()
    done = list(in_pool(paths, dies_once, no_setup, (), 2))
    assert (one / "died").exists()
    assert all((path / "done").exists() for path in paths)
    assert set(done) <= set(paths)


def test_workers_that_keep_dying_end_the_run_with_one_line(paths: list[Path]) -> None:
    with pytest.raises(AuditorError, match="died"):
        list(in_pool(paths, always_dies, no_setup, (), 2))


def test_a_fault_of_the_work_reaches_the_caller(paths: list[Path]) -> None:
    with pytest.raises(AuditorError, match="cannot be written"):
        list(in_pool(paths, refuses, no_setup, (), 2))
