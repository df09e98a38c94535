"""Accounts, posts, crawls, runs and findings.

Revision 0001, the first.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, AutoString(), nullable=nullable)


def _time(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(
        name, sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
    )


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Create the first tables."""
    _create_profiles()
    _create_posts()
    _create_crawls()
    _create_runs()


def _create_profiles() -> None:
    op.create_table(
        "account",
        _text("platform"),
        _text("account_id"),
        _text("digest"),
        _time("fetched_at", nullable=True),
        _time("first_seen", nullable=True),
        _json("known"),
        _json("data"),
        _primary("account", "platform", "account_id"),
    )
    op.create_table(
        "profile_snapshot",
        _number("snapshot_id"),
        _text("platform"),
        _text("account_id"),
        _text("digest"),
        _time("first_seen", nullable=True),
        _time("last_seen", nullable=True),
        _number("seen_count"),
        _json("data"),
        sa.ForeignKeyConstraint(
            ["platform", "account_id"],
            ["account.platform", "account.account_id"],
            name=op.f("fk_profile_snapshot_account"),
        ),
        _primary("profile_snapshot", "snapshot_id"),
    )
    op.create_index(
        "ix_profile_snapshot_account", "profile_snapshot", ["platform", "account_id", "last_seen"]
    )
    op.create_table(
        "profile_change",
        _number("change_id"),
        _text("platform"),
        _text("account_id"),
        _text("field"),
        _text("before", nullable=True),
        _text("after", nullable=True),
        _time("changed_at"),
        _primary("profile_change", "change_id"),
    )
    op.create_index(
        "ix_profile_change_account",
        "profile_change",
        ["platform", "account_id", "changed_at", "field"],
    )


def _create_posts() -> None:
    op.create_table(
        "post",
        _text("platform"),
        _text("account_id"),
        _text("post_id"),
        _text("digest"),
        _time("published_at", nullable=True),
        _time("fetched_at", nullable=True),
        _json("data"),
        _primary("post", "platform", "account_id", "post_id"),
    )
    op.create_table(
        "post_edit",
        _number("edit_id"),
        _text("platform"),
        _text("account_id"),
        _text("post_id"),
        _time("noticed_at"),
        _json("before"),
        _primary("post_edit", "edit_id"),
    )
    op.create_index("ix_post_edit_post", "post_edit", ["platform", "account_id", "post_id"])


def _create_crawls() -> None:
    op.create_table(
        "fetch_outcome",
        _number("outcome_id"),
        _text("run_id"),
        _text("spider"),
        _text("subject"),
        _text("outcome"),
        _time("at"),
        _text("url"),
        _number("status", nullable=True),
        _json("data"),
        _primary("fetch_outcome", "outcome_id"),
    )
    op.create_index(op.f("ix_fetch_outcome_run_id"), "fetch_outcome", ["run_id"])
    op.create_index(op.f("ix_fetch_outcome_spider"), "fetch_outcome", ["spider"])
    op.create_table(
        "crawl",
        _text("run_id"),
        _text("spider"),
        _number("exit_code"),
        _json("data"),
        _primary("crawl", "run_id"),
    )


def _create_runs() -> None:
    op.create_table(
        "run",
        _text("run_id"),
        _text("started_at"),
        _number("exit_code"),
        _json("data"),
        _primary("run", "run_id"),
    )
    op.create_index(op.f("ix_run_started_at"), "run", ["started_at"])
    op.create_table(
        "finding",
        _text("run_id"),
        _text("finding_id"),
        _number("position"),
        _text("account_id"),
        _text("rule_id"),
        _number("priority"),
        _text("delta"),
        _text("status"),
        _json("data"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_finding_run")),
        _primary("finding", "run_id", "finding_id"),
    )
    for column in ("finding_id", "account_id", "rule_id"):
        op.create_index(op.f(f"ix_finding_{column}"), "finding", [column])


def downgrade() -> None:
    """Drop them."""
    tables = (
        "finding", "run", "crawl", "fetch_outcome", "post_edit", "post",
        "profile_change", "profile_snapshot", "account",
    )  # fmt: skip
    for table in tables:
        op.drop_table(table)
