"""The lines of plans are found by who is to have the case: a reviewer is asked what is proposed to them."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; there is an index."""
    op.create_index("ix_plan_lines_reviewer", "plan_lines", ["reviewer_id", "state"])


def downgrade() -> None:
    """Nothing; the index is gone."""
    op.drop_index("ix_plan_lines_reviewer", "plan_lines")
