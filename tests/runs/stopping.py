"""Runs over the shipped rules, and runs that are stopped on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.config import rulesets_directory
from auditor.errors import OutputError
from auditor.runs import local
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest, AuditSummary


def request_for(dataset: Path, out: Path, **more: Any) -> AuditRequest:
    """Ask for an audit of a dataset at a fixed time."""
    shipped = rulesets_directory()
    return AuditRequest(
        out=out,
        now=datetime(2026, 11, 21, tzinfo=UTC),
        rules=(shipped,),
        references=(shipped / "references",),
        dataset=dataset,
        run_id="test",
        **more,
    )


def stopped(
    request: AuditRequest, monkeypatch: pytest.MonkeyPatch, stage: str, place: object = local
) -> None:
    """Begin a run that dies when it comes to a stage, a function of ``place``."""

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, stage, dies)
        with pytest.raises(KeyboardInterrupt):
            audit(request)


def refused_where_posts_change(
    run: Callable[[AuditRequest], AuditSummary],
    request: AuditRequest,
    monkeypatch: pytest.MonkeyPatch,
    at: tuple[object, str],
    change: Callable[[Path], None],
) -> None:
    """Change the file of all posts when a run comes to a stage, a function of a place.

    The run is refused and leaves its place free for the same command, once the export is whole.
    """
    place, stage = at
    assert request.dataset is not None
    posts = request.dataset / "posts.parquet"
    before, real = posts.read_bytes(), getattr(place, stage)

    def late(*words: Any) -> Any:
        change(posts)
        return real(*words)

    with monkeypatch.context() as patch:
        patch.setattr(place, stage, late)
        with pytest.raises(OutputError, match="changed while it was audited") as failed:
            run(request)
    assert failed.value.where == str(posts)
    assert not list(request.out.iterdir())
    posts.write_bytes(before)
    assert run(request).counts["posts"] == 600
