"""Alerts look at figures that are told, each has a page to turn to, and each goes off when it should."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from allocator.jobs.keeper import check_audit, tell_risks
from allocator.store.callers import Role
from tests.allocator.store.build import NOW
from tests.api.store.conftest import Kept

DOCS = Path(__file__).parents[3] / "docs"
RULES = (DOCS / "alerts" / "allocator.rules.yml").read_text("utf-8")


def figures(service: Kept) -> dict[str, float]:
    """Every figure without labels, as Prometheus reads it."""
    lines = service.call("GET", "/metrics").get_data(as_text=True).splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if line and line[0] != "#"}


def test_every_figure_that_a_rule_looks_at_is_told(service: Kept) -> None:
    """By its name; a label of it too."""
    told = set(figures(service)) | {name.split("{")[0] for name in figures(service)}
    named = set(re.findall(r"allocator_[a-z_]+", RULES))
    assert named <= told | {"allocator_calls_total"}, named - told


def test_every_figure_that_is_told_has_a_row(service: Kept) -> None:
    """And each row a figure, with its labels."""
    text = service.call("GET", "/metrics").get_data(as_text=True)
    told = set(re.findall(r"^# TYPE (allocator_[a-z_]+?)(?:_created)? ", text, re.MULTILINE))
    page = (DOCS / "operations.md").read_text("utf-8")
    assert told == set(re.findall(r"^\| `(allocator_[a-z_]+)", page, re.MULTILINE))


def test_every_alert_has_a_section_in_the_runbook() -> None:
    """And the runbook none without an alert."""
    alerts = set(re.findall(r"alert: (\w+)", RULES))
    sections = set(re.findall(r"^## (\w+)", (DOCS / "runbook.md").read_text("utf-8"), re.MULTILINE))
    assert alerts == sections
    assert set(re.findall(r"runbook\.md#(\w+)", RULES)) == {name.lower() for name in alerts}


def test_what_nobody_has_looked_at_is_told_as_such(service: Kept) -> None:
    """And what is there in its figures: the oldest case was notified on 1 September."""
    found = figures(service)
    assert found["allocator_queue_oldest_days"] == 62
    unknown = ("overdue_cases", "audit_broken", "audit_checked_seconds", "backup_seconds")
    assert [found[f"allocator_{name}"] for name in unknown] == [-1, -1, -1, -1]


def test_a_line_of_the_audit_that_was_changed_is_found_within_a_day(service: Kept) -> None:
    """By whoever keeps the store; before, all was sound."""
    check_audit(service.database, lambda: NOW)
    assert figures(service)["allocator_audit_broken"] == 0
    with service.database.shape() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_lines DISABLE TRIGGER ALL"))
        else:
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_lines'")
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit_lines SET actor = 'nobody' WHERE number = 2"))
    assert check_audit(service.database, lambda: NOW) > 0
    found = figures(service)
    assert found["allocator_audit_broken"] == 1
    assert found["allocator_audit_checked_seconds"] == pytest.approx(0, abs=1e-3)


def test_cases_that_wait_too_long_are_counted(service: Kept) -> None:
    """None on the day they may wait until, and those of both areas when it has passed."""
    service.call("GET", "/v1/queue", (Role.ADMIN, ""))
    tell_risks(service.database, lambda: NOW)
    assert figures(service)["allocator_overdue_cases"] == 0
    late = NOW.replace(month=12, day=2)
    tell_risks(service.database, lambda: late)
    assert figures(service)["allocator_overdue_cases"] == 4
