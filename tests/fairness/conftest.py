"""Invented posts, names and profiles, read from ``data/`` and judged as one account each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Account, Dossier, Post
from auditor.rules import Compiled, Judgement, evaluate

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = {"platform": "p", "account_id": "1"}

Rows = Callable[[str], list[tuple[str, str]]]
Judge = Callable[..., Judgement]


@pytest.fixture(scope="session")
def rows() -> Rows:
    """Read a file of ``data/`` as (category, line); comments and blank lines are left out."""

    def read(name: str) -> list[tuple[str, str]]:
        category, found = "", []
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                category = line.removeprefix("## ")
            elif line and not line.startswith("#"):
                found.append((category, line.replace("\\n", "\n")))
        return found

    return read


@pytest.fixture(scope="session")
def judge(compiled: Compiled) -> Judge:
    """Judge one account by the fields that matter; ``posts`` are dicts, oldest first."""

    def judged(posts: tuple[dict[str, Any], ...] = (), **fields: Any) -> Judgement:
        members = tuple(Post(**{**KEY, "post_id": str(i), **p}) for i, p in enumerate(posts))
        account = Account(**{**KEY, **fields})
        dossier = Dossier(account=account, posts=members, posts_seen=len(members))
        return evaluate(compiled, dossier, NOW)

    return judged
