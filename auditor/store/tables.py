"""The tables. They define the schema and check nothing: values are validated before they come here.

Values are kept as JSON beside the columns that are searched or sorted by. All times are UTC. Table
names are fixed by the migrations under ``migrations/versions``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Dialect, ForeignKeyConstraint, Index, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

# Constraints need names that a later migration can refer to (SQLite gives none of its own).
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of the tables, with a register of their own."""

    metadata = MetaData(naming_convention=_NAMES)


class Bytewise(TypeDecorator[str]):
    """Text sorted by its bytes, as SQLite and Python do, whatever language the server speaks."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL is told so, column by column."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(collation=collation))


def _json() -> Column[Any]:
    return Column(JSON().with_variant(JSONB(), "postgresql"), nullable=False)


class AccountTable(Table, table=True):
    """The newest capture of each profile, and the last value collected of each followed field."""

    __tablename__ = "account"

    platform: str = Field(primary_key=True, sa_type=Bytewise)
    account_id: str = Field(primary_key=True, sa_type=Bytewise)
    digest: str
    fetched_at: datetime | None
    first_seen: datetime | None
    known: dict[str, str] = Field(sa_column=_json())
    data: dict[str, Any] = Field(sa_column=_json())


class SnapshotTable(Table, table=True):
    """A profile as it stayed from ``first_seen`` to ``last_seen``; a new row only on change."""

    __tablename__ = "profile_snapshot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["platform", "account_id"], ["account.platform", "account.account_id"]
        ),
        Index("ix_profile_snapshot_account", "platform", "account_id", "last_seen"),
    )

    snapshot_id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(sa_type=Bytewise)
    account_id: str = Field(sa_type=Bytewise)
    digest: str
    first_seen: datetime | None
    last_seen: datetime | None
    seen_count: int
    data: dict[str, Any] = Field(sa_column=_json())


class ChangeTable(Table, table=True):
    """One followed field before and after, as seen between two captures or imported."""

    __tablename__ = "profile_change"
    __table_args__ = (
        Index("ix_profile_change_account", "platform", "account_id", "changed_at", "field"),
    )

    change_id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(sa_type=Bytewise)
    account_id: str = Field(sa_type=Bytewise)
    field: str = Field(sa_type=Bytewise)
    before: str | None = Field(sa_type=Bytewise)
    after: str | None = Field(sa_type=Bytewise)
    changed_at: datetime


# No foreign key to the account: a post whose account has no row is kept (docs/dataset.md).
class PostTable(Table, table=True):
    """The newest capture of each post."""

    __tablename__ = "post"

    platform: str = Field(primary_key=True, sa_type=Bytewise)
    account_id: str = Field(primary_key=True, sa_type=Bytewise)
    post_id: str = Field(primary_key=True, sa_type=Bytewise)
    digest: str
    published_at: datetime | None
    fetched_at: datetime | None
    data: dict[str, Any] = Field(sa_column=_json())


class PostEditTable(Table, table=True):
    """What a post said before the capture that showed it changed."""

    __tablename__ = "post_edit"
    __table_args__ = (Index("ix_post_edit_post", "platform", "account_id", "post_id"),)

    edit_id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(sa_type=Bytewise)
    account_id: str = Field(sa_type=Bytewise)
    post_id: str = Field(sa_type=Bytewise)
    noticed_at: datetime
    before: dict[str, str] = Field(sa_column=_json())


class OutcomeTable(Table, table=True):
    """The ledger of the crawls; lines are only ever added."""

    __tablename__ = "fetch_outcome"

    outcome_id: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(index=True)
    spider: str = Field(index=True)
    subject: str
    outcome: str
    at: datetime
    url: str
    status: int | None
    data: dict[str, Any] = Field(sa_column=_json())


class CrawlTable(Table, table=True):
    """How each crawl ended."""

    __tablename__ = "crawl"

    run_id: str = Field(primary_key=True, sa_type=Bytewise)
    spider: str
    exit_code: int
    data: dict[str, Any] = Field(sa_column=_json())


class RunTable(Table, table=True):
    """The records of the audit runs."""

    __tablename__ = "run"

    run_id: str = Field(primary_key=True, sa_type=Bytewise)
    started_at: str = Field(index=True, sa_type=Bytewise)
    exit_code: int
    data: dict[str, Any] = Field(sa_column=_json())


class RuleTextTable(Table, table=True):
    """What many findings say alike: citation, question, document; kept once, under its digest."""

    __tablename__ = "rule_text"

    text_id: str = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_column=_json())


class FindingTable(Table, table=True):
    """The findings of the stored runs, in the order of their reports."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_position", "run_id", "position"),)

    # In this order: the key also finds a finding in all runs.
    finding_id: str = Field(primary_key=True, sa_type=Bytewise)
    run_id: str = Field(primary_key=True, foreign_key="run.run_id", sa_type=Bytewise)
    position: int
    account_id: str = Field(index=True)
    rule_id: str
    priority: int
    delta: str
    status: str
    # No foreign key: PostgreSQL would look each of them up. None where all stands in ``data``.
    text_id: str | None
    data: dict[str, Any] = Field(sa_column=_json())
