"""Records with all their versions, who has which case, and the chain of audit lines.

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, own_number, unique_while_empty, word

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSED = "audit lines are never changed"


def upgrade() -> None:
    """Nothing; the tables are there."""
    _make_records()
    _make_holdings()
    _make_merges()
    _make_audit()


def downgrade() -> None:
    """Nothing; the tables are gone, with all that was in them."""
    for table in ("audit_values", "audit_lines", "notices", "merges", "holdings", "versions", "records"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _what_changes() -> list[sa.Column[object]]:
    return [
        word("area", nullable=True),
        word("about", nullable=True),
        word("state", 32, nullable=True),
        word("merged_into", nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
    ]


def _make_records() -> None:
    op.create_table(
        "records",
        word("kind", 32),
        word("record_id"),
        number("version"),
        *_what_changes(),
        document("body"),
        moment("changed_at"),
        sa.PrimaryKeyConstraint("kind", "record_id", name="pk_records"),
    )
    op.create_index("ix_records_area", "records", ["kind", "area"])
    op.create_index("ix_records_about", "records", ["kind", "about"])
    op.create_index("ix_records_state", "records", ["kind", "state"])
    op.create_table(
        "versions",
        word("kind", 32),
        word("record_id"),
        number("version"),
        *_what_changes(),
        document("body", nullable=True),
        moment("known_at"),
        sa.PrimaryKeyConstraint("kind", "record_id", "version", name="pk_versions"),
    )
    op.create_index("ix_versions_known", "versions", ["kind", "known_at"])


def _make_holdings() -> None:
    op.create_table(
        "holdings",
        own_number("holding_id"),
        word("case_id"),
        word("role", 8),
        word("reviewer_id"),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        moment("given_at"),
        moment("ended_at", nullable=True),
        word("ended_why", 32, nullable=True),
        sa.CheckConstraint("role IN ('lead', 'second')", name="ck_holdings_role"),
        sa.PrimaryKeyConstraint("holding_id", name="pk_holdings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_holdings_reviewer", "holdings", ["reviewer_id", "ended_at"])
    unique_while_empty("uq_holdings_current", "holdings", ["case_id", "role"], "ended_at")


def _make_merges() -> None:
    op.create_table(
        "merges",
        own_number("merge_id"),
        word("duplicate"),
        word("kept"),
        document("before"),
        moment("merged_at"),
        moment("undone_at", nullable=True),
        sa.PrimaryKeyConstraint("merge_id", name="pk_merges"),
        sqlite_autoincrement=True,
    )
    unique_while_empty("uq_merges_current", "merges", ["duplicate"], "undone_at")
    op.create_table(
        "notices",
        own_number("notice_id"),
        moment("at"),
        word("code", 32),
        word("case_id"),
        word("reviewer_id", nullable=True),
        word("area", nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_area", "notices", ["area", "at"])


def _make_audit() -> None:
    op.create_table(
        "audit_lines",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        moment("at"),
        word("actor", 128),
        word("action", 32),
        word("kind", 32),
        word("record_id"),
        word("reason", nullable=True),
        word("values_digest"),
        word("previous"),
        word("hash"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_lines"),
    )
    op.create_index("ix_audit_lines_record", "audit_lines", ["kind", "record_id"])
    op.create_table(
        "audit_values",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        word("salt", 32),
        document("before", nullable=True),
        document("after", nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["audit_lines.number"], name="fk_audit_values_number"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_values"),
    )
    _refuse_changes("audit_lines")


def _refuse_changes(table: str) -> None:
    """Let the database itself refuse to change or remove a line; the chain finds who goes around it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_stay_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
