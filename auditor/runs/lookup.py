"""One account's dossier, found in a dataset or the store: what ``auditor explain`` looks at."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from auditor.errors import UsageError
from auditor.model import Dossier, Rejection
from auditor.runs.intake import open_source
from auditor.runs.request import AuditRequest
from auditor.sources import KINDS, LOCATED, Kind, Source, columns_of, dossiers_of
from auditor.sources.keys import account_keys


def find_dossier(request: AuditRequest, account: str) -> Dossier:
    """Return the whole dossier of one account (``platform:id``), all its posts included.

    Raises:
        UsageError: the input has no such account.
    """
    source = open_source(request)
    try:
        own = {kind: _rows_of(source, kind, account) for kind in KINDS}
    finally:
        source.close()
    if not any(table.num_rows for table in own.values()):
        raise UsageError("no such account in the input; write it as platform:id", account)
    columns = columns_of(own["accounts"], own["posts"], own["changes"], _passed_over)
    return next(dossiers_of(columns))


def _rows_of(source: Source, kind: Kind, account: str) -> pa.Table:
    batches = (
        batch.filter(pc.equal(account_keys(batch), pa.scalar(account)))
        for batch in source.batches(kind, _passed_over)
    )
    found = [batch for batch in batches if batch.num_rows]
    return pa.Table.from_batches(found, schema=LOCATED[kind])


def _passed_over(rejection: Rejection) -> None:
    del rejection
