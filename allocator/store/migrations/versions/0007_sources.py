"""What its source said of a case, and of which version of its own.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, word

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the table is there, and no case has a version of its source yet."""
    op.create_table(
        "sources",
        word("case_id"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        document("said", nullable=True),
        moment("heard_at"),
        sa.PrimaryKeyConstraint("case_id", name="pk_sources"),
    )


def downgrade() -> None:
    """Nothing; the table is gone."""
    op.drop_table("sources")
