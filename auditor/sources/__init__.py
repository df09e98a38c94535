"""Arrow batches and dossiers out of a dataset directory or the store, streaming, memory-bounded.

Names are looked up when they are first used: Arrow takes a fifth of a second to import, which
``auditor --help`` should not pay.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.sources.columns import Columns, Tally, columns_of
    from auditor.sources.dataset import check_kind, open_dataset, open_file
    from auditor.sources.dossiers import account_at, dossiers_of, profile_fetched
    from auditor.sources.partitions import read_partition, write_partitions
    from auditor.sources.schemas import KINDS, LOCATED, SCHEMAS, Kind
    from auditor.sources.slices import (
        Slice,
        fetch_rows,
        lay_down,
        parquet_slices,
        read_batches,
        read_slice,
        write_batches,
        write_parquet,
    )
    from auditor.sources.source import Reject, Source
    from auditor.sources.stored import open_store_source
    from auditor.sources.transfer import ImportSummary, export_store, import_dataset

_HOMES = {
    "columns": ("Columns", "Tally", "columns_of"),
    "dataset": ("check_kind", "open_dataset", "open_file"),
    "dossiers": ("account_at", "dossiers_of", "profile_fetched"),
    "partitions": ("read_partition", "write_partitions"),
    "schemas": ("KINDS", "LOCATED", "SCHEMAS", "Kind"),
    "slices": (
        "Slice",
        "fetch_rows",
        "lay_down",
        "parquet_slices",
        "read_batches",
        "read_slice",
        "write_batches",
        "write_parquet",
    ),
    "source": ("Reject", "Source"),
    "stored": ("open_store_source",),
    "transfer": ("ImportSummary", "export_store", "import_dataset"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "KINDS",
    "LOCATED",
    "SCHEMAS",
    "Columns",
    "ImportSummary",
    "Kind",
    "Reject",
    "Slice",
    "Source",
    "Tally",
    "account_at",
    "check_kind",
    "columns_of",
    "dossiers_of",
    "export_store",
    "fetch_rows",
    "import_dataset",
    "lay_down",
    "open_dataset",
    "open_file",
    "open_store_source",
    "parquet_slices",
    "profile_fetched",
    "read_batches",
    "read_partition",
    "read_slice",
    "write_batches",
    "write_parquet",
    "write_partitions",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
