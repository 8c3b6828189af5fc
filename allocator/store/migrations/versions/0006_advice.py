"""What a plan says of each of its lines stands with the line.

Revision 0006, after 0005.
"""

import json
import zlib

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADVICE = ("hours", "finish_on", "on_time", "reason")
PLANS = sa.table("plans", sa.column("plan", sa.Integer), sa.column("document", sa.LargeBinary))
LINES = sa.table(
    "plan_lines",
    sa.column("plan", sa.Integer),
    sa.column("case_id", sa.String),
    sa.column("role", sa.String),
    document("advice", nullable=True),
)


def upgrade() -> None:
    """Nothing; each line says what its plan's document says of it, where that is still there."""
    op.add_column("plan_lines", document("advice", nullable=True))
    database = op.get_bind()
    is_it = sa.and_(*(LINES.c[name] == sa.bindparam(f"of_{name}") for name in ("plan", "case_id", "role")))
    for number in list(database.execute(sa.select(PLANS.c.plan)).scalars()):
        packed = database.execute(sa.select(PLANS.c.document).where(PLANS.c.plan == number)).scalar_one()
        said = json.loads(zlib.decompress(packed))["assignments"] if packed else []
        rows = [
            {"of_plan": number, "of_case_id": one["case_id"], "of_role": one["role"]}
            | {"advice": {name: one.get(name) for name in ADVICE}}
            for one in said
        ]
        if rows:
            database.execute(sa.update(LINES).where(is_it), rows)


def downgrade() -> None:
    """Nothing; the column is gone."""
    op.drop_column("plan_lines", "advice")
