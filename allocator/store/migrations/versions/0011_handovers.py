"""A plan of who takes over from somebody says which cases they hand over by it.

Revision 0011, after 0010.
"""

from alembic import op

from allocator.store.migrations.columns import document

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; there is a column for it, empty for every plan that there is."""
    op.add_column("plans", document("released", nullable=True))


def downgrade() -> None:
    """Nothing; the column is gone."""
    op.drop_column("plans", "released")
