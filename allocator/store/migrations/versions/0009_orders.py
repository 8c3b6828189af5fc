"""Standing orders; what was checked when; and notices that are about no case.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, word

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the table is there, and no area is planned by itself yet."""
    op.create_table(
        "standing_orders",
        word("area"),
        word("at", 5, nullable=True),
        number("after", nullable=True),
        sa.Column("time_limit", sa.Float(), nullable=False),
        number("version"),
        moment("since"),
        word("job_id", 16, nullable=True),
        document("outcome", nullable=True),
        sa.PrimaryKeyConstraint("area", name="pk_standing_orders"),
    )
    op.create_table(
        "checks",
        word("name", 32),
        moment("checked_at"),
        sa.Column("is_fine", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_checks"),
    )
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as notices:
        notices.alter_column("case_id", existing_type=sa.String(64), nullable=True)


def downgrade() -> None:
    """Nothing; the table is gone, and so are notices that are about no case."""
    op.execute("DELETE FROM notices WHERE case_id IS NULL")
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as notices:
        notices.alter_column("case_id", existing_type=sa.String(64), nullable=False)
    op.drop_table("checks")
    op.drop_table("standing_orders")
