"""What the finders of identifiers pass to each other: a kind, a folded span, a value."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """An identifier in a folded text; ``start`` and ``end`` (exclusive) are folded offsets."""

    kind: str
    start: int
    end: int
    value: str
