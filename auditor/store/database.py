"""The store: what a person looks at, saved item by item and safe against a kill at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Select, Text, cast, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from auditor.errors import InputError, OutputError
from auditor.model import (
    Account,
    Change,
    CrawlSummary,
    FetchOutcome,
    Finding,
    Post,
    Run,
    Value,
)
from auditor.store import entries, profiles, records, views
from auditor.store.engines import BUSY_SECONDS, Engines, engines
from auditor.store.faults import fault_of, translated
from auditor.store.keyed import table_of
from auditor.store.migration import migrate
from auditor.store.tables import (
    AccountTable,
    ChangeTable,
    CrawlTable,
    FindingTable,
    OutcomeTable,
    PostTable,
    RuleTextTable,
    RunTable,
    SnapshotTable,
)

_PAGE = 1_000
_TOGETHER = 10_000
"""Findings that are kept at once: a run may have more than fit into memory."""
_V = TypeVar("_V", bound=Value)


class Store:
    """One open database. Every ``save_`` and ``record_`` is one committed transaction.

    Writers, of this process or others, come one after the other. Every method raises
    ``LockedError`` when another writer does not finish in time, and ``OutputError`` when the
    database fails; what was saved before is kept. The lists stream: they hold a page in memory.
    """

    def __init__(self, engines: Engines) -> None:
        self.where = engines.where
        self._engines = engines

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engines.dispose()

    def save_account(self, account: Account) -> bool:
        """Keep a capture of a profile; whether it changed the current view.

        A snapshot is written only where the profile changed, and change records where a followed
        field differs from the last value collected. An older capture goes into the history only.
        """
        return self.save_accounts([account]) == 1

    def save_accounts(self, accounts: Iterable[Account]) -> int:
        """Keep captures in their order, all or none; how many changed the current view."""
        with self._writing() as connection:
            return profiles.save_accounts(connection, accounts)

    def save_posts(self, posts: Iterable[Post]) -> int:
        """Keep captures of posts, all or none; the number of posts new or changed.

        A newer capture replaces an older one; what the older said is kept where it was reworded.
        """
        with self._writing() as connection:
            return entries.save_posts(connection, posts)

    def record_changes(self, changes: Iterable[Change]) -> int:
        """Add change records that are not there yet; the number added."""
        with self._writing() as connection:
            return views.record_changes(connection, list(changes))

    def record_outcome(self, outcome: FetchOutcome) -> None:
        """Add a line to the ledger of the crawls."""
        with self._writing() as connection:
            records.record_outcome(connection, outcome)

    def save_crawl(self, summary: CrawlSummary) -> None:
        """Keep how a crawl ended; a resumed one replaces its record."""
        with self._writing() as connection:
            records.save_crawl(connection, summary)

    def save_run(self, run: Run) -> None:
        """Keep the record of a run; the same id replaces it."""
        with self._writing() as connection:
            records.save_run(connection, run)

    def save_findings(self, run_id: str, findings: Sequence[Finding]) -> None:
        """Keep findings of a stored run after those it has; the same finding id replaces one.

        Raises:
            InputError: there is no such run.
        """
        # Asked first, for a clear line instead of a broken foreign key.
        self.load_run(run_id)
        with self._writing() as connection:
            records.save_findings(connection, run_id, findings)

    def record_run(self, run: Run, findings: Iterable[Finding]) -> None:
        """Keep the record of a run together with its findings: both or neither."""
        coming = iter(findings)
        with self._writing() as connection:
            records.save_run(connection, run)
            while some := list(islice(coming, _TOGETHER)):
                records.save_findings(connection, run.run_id, some)

    def list_accounts(self) -> Iterator[Account]:
        """Yield the newest capture of each profile, by platform and id."""
        return self._values(Account, AccountTable, "platform", "account_id")

    def list_posts(self, platform: str = "", account_id: str = "") -> Iterator[Post]:
        """Yield the newest capture of each post, of all accounts or one, by platform and ids."""
        wanted = {"platform": platform, "account_id": account_id} if account_id else {}
        return self._values(Post, PostTable, "platform", "account_id", "post_id", **wanted)

    def list_changes(self) -> Iterator[Change]:
        """Yield changes by platform, account, time and field."""
        names = ("platform", "account_id", "changed_at", "field", "before", "after")
        table = table_of(ChangeTable)
        order = (*(table.c[name].nulls_first() for name in names), table.c.change_id)
        rows = self._rows(select(*(table.c[name] for name in names)).order_by(*order))
        return self._whole(
            Change.model_validate(dict(zip(names, row, strict=True))) for row in rows
        )

    def list_snapshots(self, platform: str, account_id: str) -> Iterator[Account]:
        """Yield the profile as it was at each change, oldest first; not what each capture said."""
        wanted = {"platform": platform, "account_id": account_id}
        return self._values(Account, SnapshotTable, "first_seen", "snapshot_id", **wanted)

    def list_outcomes(self, spider: str = "", run_id: str = "") -> Iterator[FetchOutcome]:
        """Yield ledger lines, of all crawls or of a spider or a crawl, oldest first."""
        named = {"spider": spider, "run_id": run_id}
        wanted = {name: value for name, value in named.items() if value}
        return self._values(FetchOutcome, OutcomeTable, "outcome_id", **wanted)

    def list_crawls(self) -> Iterator[CrawlSummary]:
        """Yield how the crawls ended, by id."""
        return self._values(CrawlSummary, CrawlTable, "run_id")

    def list_runs(self) -> Iterator[Run]:
        """Yield the records of the runs, oldest first."""
        return self._values(Run, RunTable, "started_at", "run_id")

    def list_findings(self, run_id: str) -> Iterator[Finding]:
        """Yield the findings of a run in the order they were saved."""
        table, texts = table_of(FindingTable), table_of(RuleTextTable)
        beside = table.outerjoin(texts, table.c.text_id == texts.c.text_id)
        statement = select(*records.list_columns()).select_from(beside).order_by(table.c.position)
        rows = self._rows(statement.where(table.c.run_id == run_id))
        return self._whole(records.finding_of(*row) for row in rows)

    def list_first_seen(self, run_id: str) -> Iterator[tuple[str, str | None]]:
        """Yield the id of each finding of a run, and when it was first seen (ISO 8601)."""
        table = table_of(FindingTable).c
        statement = select(table.finding_id, table.data["first_seen"].as_string())
        rows = self._rows(statement.where(table.run_id == run_id))
        return ((row[0], row[1]) for row in rows)

    def load_account(self, platform: str, account_id: str) -> Account | None:
        """Return the newest capture of a profile, if there is one."""
        wanted = {"platform": platform, "account_id": account_id}
        return next(self._values(Account, AccountTable, "platform", **wanted), None)

    def load_run(self, run_id: str) -> Run:
        """Return the record of a run.

        Raises:
            InputError: there is no such run.
        """
        found = next(self._values(Run, RunTable, "run_id", run_id=run_id), None)
        if found is None:
            raise InputError(f"holds no run {run_id}", self.where)
        return found

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated(self.where), self._engines.writer.begin() as connection:
            yield connection

    def _values(
        self, value: type[_V], model: type[SQLModel], *order: str, **wanted: str
    ) -> Iterator[_V]:
        table = table_of(model)
        # As text: the value reads JSON itself, without a dictionary between.
        statement = select(cast(table.c.data, Text)).select_from(table)
        ordered = statement.order_by(*(table.c[name] for name in order))
        rows = self._rows(ordered.filter_by(**wanted))
        return self._whole(value.model_validate_json(row[0]) for row in rows)

    def _whole(self, values: Iterator[_V]) -> Iterator[_V]:
        try:
            yield from values
        except ValueError as error:  # no JSON, or none of ours: another hand wrote there
            # What it holds is not repeated, it may be personal.
            raise OutputError(
                "holds a row that is damaged; restore it from a copy", self.where
            ) from error

    def _rows(self, statement: Select[Any]) -> Iterator[Any]:
        # One read transaction a list: it sees the store as it was when it began, and blocks nobody.
        try:
            with (
                self._engines.reader.connect() as connection,
                # Closed here where the caller stops early: PostgreSQL holds a cursor for it.
                connection.execution_options(yield_per=_PAGE).execute(statement) as rows,
            ):
                yield from rows
        except DBAPIError as error:
            raise fault_of(error, self.where) from error


def open_store(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Store:
    """Open a database, creating or upgrading its tables (a SQLite file is copied first).

    ``busy_seconds`` is how long a write waits for another writer.

    Raises:
        UsageError: the URL is none, or the file is no database, another program's, or newer.
        LockedError: another process holds it.
        OutputError: it cannot be opened or written.
    """
    opened = engines(url, busy_seconds)
    try:
        migrate(opened)
    except BaseException:  # also on Ctrl-C: the connections are ours until the store has them
        opened.dispose()
        raise
    return Store(opened)
