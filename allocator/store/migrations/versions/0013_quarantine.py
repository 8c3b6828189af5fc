"""Rows that are set aside until somebody mends them.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, unique_while_empty, word

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the table is there, and no row is set aside yet."""
    op.create_table(
        "quarantine",
        number("number"),
        word("kind", 32),
        word("mark"),
        number("copy"),
        word("record_id", nullable=True),
        word("area", nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        document("row"),
        document("faults"),
        moment("since"),
        word("actor", 128),
        moment("ended_at", nullable=True),
        word("ended_how", 16, nullable=True),
        word("ended_why", 32, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_quarantine"),
    )
    unique_while_empty("uq_quarantine_open", "quarantine", ["kind", "mark", "copy"], "ended_at")


def downgrade() -> None:
    """Nothing; the table is gone, and what was set aside with it."""
    op.drop_table("quarantine")
