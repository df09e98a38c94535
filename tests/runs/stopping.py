"""Runs over the shipped rules, and runs that are stopped on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.config import rulesets_directory
from auditor.runs import local
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest


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
