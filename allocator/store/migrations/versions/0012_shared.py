"""A job can be shared with others of a role.

Revision 0012, after 0011.
"""

from alembic import op

from allocator.store.migrations.columns import word

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; no job is shared yet."""
    op.add_column("jobs", word("shared_with", 16, nullable=True))


def downgrade() -> None:
    """Nothing; the column is gone."""
    op.drop_column("jobs", "shared_with")
