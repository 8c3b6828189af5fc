"""The tables of the store, the same in SQLite and PostgreSQL; `migrations/` makes them.

A record is one row of `records` and all it ever was are its `versions`. Who has a case stands in `holdings`
alone, of which the database itself lets one be current for each place of a case. Every change has a line in
`audit_lines`; what it was before and after lies beside it, in `audit_values`, and may be deleted in time.
What others are told of a change is one of `events`, and for each to whom it is sent one of `deliveries`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""One name for a constraint in both databases, so that a migration can change it in both."""
metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """A moment, kept and read in UTC; SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database takes it; one without a time zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON object, which can be asked for single keys in both databases."""


def _id(name: str, **more: Any) -> Column[Any]:
    return Column(name, String(64), **more)


def _what_changes() -> list[Column[Any]]:
    """What a record has, and each of its versions, beside its body."""
    return [
        _id("area", nullable=True),
        _id("about", nullable=True),
        Column("state", String(32), nullable=True),
        _id("merged_into", nullable=True),
        Column("removed", Boolean, nullable=False, default=False),
    ]


records = Table(
    "records",
    metadata,
    Column("kind", String(32), primary_key=True),
    _id("record_id", primary_key=True),
    Column("version", Integer, nullable=False),
    *_what_changes(),
    Column("body", Document, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_records_area", "kind", "area"),
    Index("ix_records_about", "kind", "about"),
    Index("ix_records_state", "kind", "state"),
)

versions = Table(
    "versions",
    metadata,
    Column("kind", String(32), primary_key=True),
    _id("record_id", primary_key=True),
    Column("version", Integer, primary_key=True),
    *_what_changes(),
    Column("body", Document, nullable=True),
    Column("known_at", Instant, nullable=False),
    Index("ix_versions_known", "kind", "known_at"),
)

sources = Table(
    "sources",
    metadata,
    _id("case_id", primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("said", Document, nullable=True),
    Column("heard_at", Instant, nullable=False),
)

holdings = Table(
    "holdings",
    metadata,
    Column("holding_id", Integer, primary_key=True, autoincrement=True),
    _id("case_id", nullable=False),
    Column("role", String(8), nullable=False),
    _id("reviewer_id", nullable=False),
    Column("allocated_on", Date, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True),
    Column("ended_why", String(32), nullable=True),
    Column("publication", Integer, nullable=True),
    Column("accepted_at", Instant, nullable=True),
    CheckConstraint("role IN ('lead', 'second')", name="role"),
    Index(
        "uq_holdings_current",
        "case_id",
        "role",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_holdings_reviewer", "reviewer_id", "ended_at"),
    sqlite_autoincrement=True,
)

merges = Table(
    "merges",
    metadata,
    Column("merge_id", Integer, primary_key=True, autoincrement=True),
    _id("duplicate", nullable=False),
    _id("kept", nullable=False),
    Column("before", Document, nullable=False),
    Column("merged_at", Instant, nullable=False),
    Column("undone_at", Instant, nullable=True),
    Index(
        "uq_merges_current",
        "duplicate",
        unique=True,
        sqlite_where=text("undone_at IS NULL"),
        postgresql_where=text("undone_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

notices = Table(
    "notices",
    metadata,
    Column("notice_id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("code", String(32), nullable=False),
    _id("case_id", nullable=True),
    _id("reviewer_id", nullable=True),
    _id("area", nullable=True),
    Column("detail", Text, nullable=False),
    Index("ix_notices_area", "area", "at"),
    sqlite_autoincrement=True,
)

plans = Table(
    "plans",
    metadata,
    Column("plan", Integer, primary_key=True, autoincrement=True),
    _id("plan_id", nullable=False),
    Column("areas", Document, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("parent", Integer, nullable=True),
    Column("document", LargeBinary, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("released", Document, nullable=True),
    sqlite_autoincrement=True,
)

plan_lines = Table(
    "plan_lines",
    metadata,
    Column("plan", Integer, ForeignKey(plans.c.plan), primary_key=True),
    _id("case_id", primary_key=True),
    Column("role", String(8), primary_key=True),
    _id("advised", nullable=False),
    _id("reviewer_id", nullable=False),
    _id("previous_reviewer_id", nullable=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(64), nullable=True),
    Column("advice", Document, nullable=True),
    Column("basis", Document, nullable=False),
    Column("before", Document, nullable=True),
    Column("publication", Integer, nullable=True),
    Index("ix_plan_lines_case", "case_id"),
    Index("ix_plan_lines_reviewer", "reviewer_id", "state"),
)

publications = Table(
    "publications",
    metadata,
    Column("publication", Integer, primary_key=True, autoincrement=True),
    Column("plan", Integer, ForeignKey(plans.c.plan), nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("undone_at", Instant, nullable=True),
    sqlite_autoincrement=True,
)

declarations = Table(
    "declarations",
    metadata,
    _id("case_id", primary_key=True),
    _id("reviewer_id", primary_key=True),
    Column("declared_at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("consent", Integer, primary_key=True, autoincrement=True),
    _id("lender", nullable=False),
    _id("borrower", nullable=False),
    _id("case_id", nullable=True),
    Column("given_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True),
    Index("ix_consents_lender", "lender", "borrower"),
    sqlite_autoincrement=True,
)

keys = Table(
    "keys",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("areas", Document, nullable=False),
    _id("reviewer_id", nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant, nullable=True),
)

invites = Table(
    "invites",
    metadata,
    Column("invite_id", String(16), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("areas", Document, nullable=False),
    _id("reviewer_id", nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(16), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("areas", Document, nullable=False),
    _id("reviewer_id", nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("idle_seconds", Integer, nullable=False),
    Column("ended_at", Instant, nullable=True),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("verifier", String(128), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

repeats = Table(
    "repeats",
    metadata,
    Column("actor", String(128), primary_key=True),
    Column("repeat_key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Document, nullable=False),
    Column("body", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
    Index("ix_repeats_answered", "answered_at"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("job_id", String(16), primary_key=True),
    Column("actor", String(128), nullable=False),
    _id("lane", nullable=False),
    Column("areas", Document, nullable=False),
    Column("options", Document, nullable=False),
    Column("snapshot", LargeBinary, nullable=True),
    Column("sent", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease", String(16), nullable=True),
    Column("lease_until", Instant, nullable=True),
    Column("asked_to_stop", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("started_at", Instant, nullable=True),
    Column("ended_at", Instant, nullable=True),
    Column("progress", Document, nullable=True),
    Column("plan", Integer, ForeignKey(plans.c.plan), nullable=True),
    Column("problem", Document, nullable=True),
    Column("answer", LargeBinary, nullable=True),
    Column("shared_with", String(16), nullable=True),
    Index("ix_jobs_state", "state", "made_at"),
)

standing_orders = Table(
    "standing_orders",
    metadata,
    _id("area", primary_key=True),
    Column("at", String(5), nullable=True),
    Column("after", Integer, nullable=True),
    Column("time_limit", Float, nullable=False),
    Column("version", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("job_id", String(16), nullable=True),
    Column("outcome", Document, nullable=True),
)

checks = Table(
    "checks",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("checked_at", Instant, nullable=False),
    Column("is_fine", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(48), nullable=False),
    _id("subject", nullable=False),
    _id("area", nullable=True),
    Column("data", Document, nullable=False),
    Index("ix_events_area", "area", "number"),
    Index("ix_events_subject", "subject", "number"),
    Index("ix_events_at", "at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", String(16), primary_key=True),
    Column("url", Text, nullable=False),
    Column("areas", Document, nullable=False),
    Column("kinds", Document, nullable=False),
    Column("secret", String(128), nullable=False),
    Column("old_secret", String(128), nullable=True),
    Column("old_until", Instant, nullable=True),
    Column("reached", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("tried_at", Instant, nullable=False),
    Column("resume_at", Instant, nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery", Integer, primary_key=True, autoincrement=True),
    Column("webhook_id", String(16), ForeignKey(webhooks.c.webhook_id), nullable=False),
    Column("event", Integer, ForeignKey(events.c.number), nullable=False),
    _id("subject", nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease", String(16), nullable=True),
    Column("lease_until", Instant, nullable=True),
    Column("tried_at", Instant, nullable=True),
    Column("status", Integer, nullable=True),
    Column("problem", String(64), nullable=True),
    Index("ix_deliveries_event", "event"),
    Index("ix_deliveries_state", "state", "event"),
    Index("ix_deliveries_due", "webhook_id", "state", "due_at", "event"),
    Index("uq_deliveries_webhook_id", "webhook_id", "subject", "event", unique=True),
    sqlite_autoincrement=True,
)

risks = Table(
    "risks",
    metadata,
    _id("case_id", primary_key=True),
    Column("risk", String(32), primary_key=True),
    Column("due", Date, nullable=False),
    Column("told_at", Instant, nullable=False),
)

duties = Table(
    "duties",
    metadata,
    Column("duty", String(32), primary_key=True),
    Column("done_at", Instant, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    _id("mark", nullable=False),
    Column("copy", Integer, nullable=False),
    _id("record_id", nullable=True),
    _id("area", nullable=True),
    Column("version", BigInteger, nullable=True),
    Column("row", Document, nullable=False),
    Column("faults", Document, nullable=False),
    Column("since", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("ended_at", Instant, nullable=True),
    Column("ended_how", String(16), nullable=True),
    Column("ended_why", String(32), nullable=True),
    Index(
        "uq_quarantine_open",
        "kind",
        "mark",
        "copy",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

audit_lines = Table(
    "audit_lines",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    _id("record_id", nullable=False),
    Column("reason", String(64), nullable=True),
    Column("values_digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_lines_record", "kind", "record_id"),
)

audit_values = Table(
    "audit_values",
    metadata,
    Column("number", Integer, ForeignKey(audit_lines.c.number), primary_key=True, autoincrement=False),
    Column("salt", String(32), nullable=False),
    Column("before", Document, nullable=True),
    Column("after", Document, nullable=True),
    Column("note", Text, nullable=True),
)
