"""Records with all their versions, who has which case, and the chain of audit lines.

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CURRENT = {"ended_at": sa.text("ended_at IS NULL"), "undone_at": sa.text("undone_at IS NULL")}
REFUSED = "audit lines are never changed"


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _document(name: str, nullable: bool = False) -> sa.Column[object]:
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def _word(name: str, length: int = 64, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def upgrade() -> None:
    """Nothing; the tables are there."""
    _make_records()
    _make_holdings()
    _make_audit()


def downgrade() -> None:
    """Nothing; the tables are gone, with all that was in them."""
    for table in ("audit_values", "audit_lines", "notices", "merges", "holdings", "versions", "records"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _what_changes() -> list[sa.Column[object]]:
    return [
        _word("area", nullable=True),
        _word("about", nullable=True),
        _word("state", 32, nullable=True),
        _word("merged_into", nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
    ]


def _make_records() -> None:
    op.create_table(
        "records",
        _word("kind", 32),
        _word("record_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_what_changes(),
        _document("body"),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("kind", "record_id", name="pk_records"),
    )
    op.create_index("ix_records_area", "records", ["kind", "area"])
    op.create_index("ix_records_about", "records", ["kind", "about"])
    op.create_index("ix_records_state", "records", ["kind", "state"])
    op.create_table(
        "versions",
        _word("kind", 32),
        _word("record_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_what_changes(),
        _document("body", nullable=True),
        _moment("known_at"),
        sa.PrimaryKeyConstraint("kind", "record_id", "version", name="pk_versions"),
    )
    op.create_index("ix_versions_known", "versions", ["kind", "known_at"])


def _make_holdings() -> None:
    op.create_table(
        "holdings",
        sa.Column("holding_id", sa.Integer(), autoincrement=True, nullable=False),
        _word("case_id"),
        _word("role", 8),
        _word("reviewer_id"),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        _moment("given_at"),
        _moment("ended_at", nullable=True),
        _word("ended_why", 32, nullable=True),
        sa.CheckConstraint("role IN ('lead', 'second')", name="ck_holdings_role"),
        sa.PrimaryKeyConstraint("holding_id", name="pk_holdings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_holdings_reviewer", "holdings", ["reviewer_id", "ended_at"])
    _make_unique("uq_holdings_current", "holdings", ["case_id", "role"], "ended_at")
    op.create_table(
        "merges",
        sa.Column("merge_id", sa.Integer(), autoincrement=True, nullable=False),
        _word("duplicate"),
        _word("kept"),
        _document("before"),
        _moment("merged_at"),
        _moment("undone_at", nullable=True),
        sa.PrimaryKeyConstraint("merge_id", name="pk_merges"),
        sqlite_autoincrement=True,
    )
    _make_unique("uq_merges_current", "merges", ["duplicate"], "undone_at")
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Integer(), autoincrement=True, nullable=False),
        _moment("at"),
        _word("code", 32),
        _word("case_id"),
        _word("reviewer_id", nullable=True),
        _word("area", nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_area", "notices", ["area", "at"])


def _make_unique(name: str, table: str, columns: list[str], open_while: str) -> None:
    where = CURRENT[open_while]
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _make_audit() -> None:
    op.create_table(
        "audit_lines",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _moment("at"),
        _word("actor", 128),
        _word("action", 32),
        _word("kind", 32),
        _word("record_id"),
        _word("reason", nullable=True),
        _word("values_digest"),
        _word("previous"),
        _word("hash"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_lines"),
    )
    op.create_index("ix_audit_lines_record", "audit_lines", ["kind", "record_id"])
    op.create_table(
        "audit_values",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _word("salt", 32),
        _document("before", nullable=True),
        _document("after", nullable=True),
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
