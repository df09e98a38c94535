"""One account's dossier, found in a dataset or the store: what ``auditor explain`` looks at."""

from __future__ import annotations

import tempfile
from pathlib import Path

from auditor.errors import UsageError
from auditor.model import Dossier, Rejection
from auditor.runs.local import open_source
from auditor.runs.request import AuditRequest
from auditor.sources import account_at, dossier, read_partition, write_partitions


def find_dossier(request: AuditRequest, account: str) -> Dossier:
    """Return the whole dossier of one account, all its posts included.

    Raises:
        UsageError: the input has no such account.
    """
    rejected: list[Rejection] = []
    source = open_source(request)
    with tempfile.TemporaryDirectory(prefix="auditor-") as directory:
        for part in write_partitions(source, Path(directory), 1, rejected.append):
            for columns in read_partition(part, rejected.append):
                for index in range(columns.accounts.num_rows):
                    if account_at(columns, index).key == account:
                        return dossier(columns, index)
    raise UsageError("no such account in the input; write it as platform:id", account)
