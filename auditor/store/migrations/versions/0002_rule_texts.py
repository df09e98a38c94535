"""What findings say alike stands once; findings are found by place, and by id; keys sort by bytes.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Text that is sorted by: PostgreSQL would order it as the language of its server does.
_SORTED = {
    "account": ("platform", "account_id"),
    "profile_snapshot": ("platform", "account_id"),
    "profile_change": ("platform", "account_id", "field", "before", "after"),
    "post": ("platform", "account_id", "post_id"),
    "post_edit": ("platform", "account_id", "post_id"),
    "crawl": ("run_id",),
    "run": ("run_id", "started_at"),
    "finding": ("run_id", "finding_id"),
}

_CELLS = ("finding_id", "account_id", "rule_id", "priority", "delta", "status")


def upgrade() -> None:
    """Add the table of the texts; findings that are there keep theirs."""
    op.create_table(
        "rule_text",
        sa.Column("text_id", AutoString(), nullable=False),
        sa.Column(
            "data",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("text_id", name=op.f("pk_rule_text")),
    )
    op.drop_index("ix_finding_finding_id", "finding")
    op.drop_index("ix_finding_rule_id", "finding")
    op.add_column("finding", sa.Column("text_id", AutoString(), nullable=True))
    # An index of the ids alone is saved, and one of the rules that nothing asked.
    _key("finding_id", "run_id")
    op.create_index("ix_finding_position", "finding", ["run_id", "position"])
    _collate("C")


def downgrade() -> None:
    """Give the findings their texts back, and drop the table."""
    _collate("default")
    # What stands in columns, or with the rule, goes back into ``data``.
    cells = ", ".join(f"'{name}', finding.{name}" for name in _CELLS)
    if op.get_bind().dialect.name == "postgresql":
        joined = f"rule_text.data || finding.data || jsonb_build_object({cells})"
    else:
        joined = f"json_patch(json_patch(rule_text.data, finding.data), json_object({cells}))"
    op.execute(
        f"UPDATE finding SET data = {joined} FROM rule_text "
        "WHERE rule_text.text_id = finding.text_id"
    )
    op.drop_index("ix_finding_position", "finding")
    _key("run_id", "finding_id")
    op.drop_column("finding", "text_id")
    op.create_index("ix_finding_finding_id", "finding", ["finding_id"])
    op.create_index("ix_finding_rule_id", "finding", ["rule_id"])
    op.drop_table("rule_text")


def _key(*names: str) -> None:
    """Put the columns of the key in another order."""
    with op.batch_alter_table("finding") as batch:
        batch.drop_constraint("pk_finding", type_="primary")
        batch.create_primary_key("pk_finding", list(names))


def _collate(collation: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, names in _SORTED.items():
        changes = (f'ALTER COLUMN {name} TYPE VARCHAR COLLATE "{collation}"' for name in names)
        op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
