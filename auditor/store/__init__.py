"""The database: SQLite by default, PostgreSQL by URL; rows never leave, values do.

Names are looked up when they are first used: SQLModel takes about a second to import, which
``auditor --help`` should not pay.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.store.database import Store, open_store

__all__ = ["Store", "open_store"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.database"), name)
