"""The platform as files: a dataset directory, and the targets of a crawl."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

from auditor.demo.content import CHINA
from auditor.demo.pages import served_at
from auditor.demo.platform import Platform, read_platform
from auditor.errors import OutputError
from auditor.model import Target
from auditor.model.values import Value


def write_demo_dataset(directory: Path) -> None:
    """Write what the second capture saw, with the changes since the first, as a dataset directory.

    Times are fixed, so the same program writes the same bytes (contracts, section 2).

    Raises:
        OutputError: the directory cannot be written.
    """
    platform = read_platform()
    platform.show_capture(2)
    accounts = platform.accounts()
    posts = [post for one in accounts for post in reversed(platform.posts(one.handle or ""))]
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(f"cannot be made: {fault.strerror}", str(directory)) from fault
    _write(directory / "accounts.jsonl", _lines(accounts))
    _write(directory / "posts.jsonl", _lines(posts))
    _write(directory / "changes.jsonl", _lines(platform.changes()))


def targets(base_url: str, platform: Platform) -> tuple[Target, ...]:
    """Return the targets of a crawl: every profile page on ``base_url``, in order."""
    return tuple(
        Target(target=served_at(account, base_url).url or base_url, platform=account.platform)
        for account in platform.accounts()
    )


def write_targets(path: Path, base_url: str, platform: Platform | None = None) -> None:
    """Write the targets file of a crawl, one profile page a row.

    Raises:
        OutputError: the file cannot be written.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(["target", "platform"])
    rows = targets(base_url, platform or read_platform())
    table.writerows((row.target, row.platform) for row in rows)
    _write(path, out.getvalue())


def _lines(values: Iterable[Value]) -> str:
    return "".join(f"{_line(value)}\n" for value in values)


def _line(value: Value) -> str:
    # An absent field is not collected, exactly as null is (contracts, section 2).
    row = {
        name: member.astimezone(CHINA).isoformat() if hasattr(member, "astimezone") else member
        for name, member in value.model_dump().items()
        if member is not None
    }
    return json.dumps(row, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(text.encode())
        beside.replace(path)
    except OSError as fault:
        raise OutputError(f"cannot be written: {fault.strerror}", str(path)) from fault
