"""Alerts look at figures that are told, each has a page to turn to, and each goes off when it should."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import prod
from operator import eq, gt, lt
from pathlib import Path

import pytest
from sqlalchemy import text

from allocator.jobs import Keeper
from allocator.jobs.keeper import DUTIES, check_audit, tell_risks
from allocator.store import checks, events
from allocator.store.callers import Role
from tests.allocator.store.build import NOW
from tests.api.store.conftest import Kept

DOCS = Path(__file__).parents[3] / "docs"
RULES = (DOCS / "alerts" / "allocator.rules.yml").read_text("utf-8")
ALERTS = dict(re.findall(r"- alert: (\w+)\n +expr: (.+)", RULES))
"""Each alert and what sets it off."""
COMPARISON = re.compile(r"(?:(?<= or )|^)(allocator_[a-z_]+(?:\{[^}]*\})?) (>|<|==) ([\d* ]*\d)")
COMPARED: Mapping[str, Callable[[float, float], bool]] = {">": gt, "<": lt, "==": eq}
CALLS = 'allocator_calls_total{status=~"5.."}'


def figures(service: Kept) -> dict[str, float]:
    """Every figure without labels, as Prometheus reads it."""
    lines = service.call("GET", "/metrics").get_data(as_text=True).splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if line and line[0] != "#"}


def test_every_figure_that_a_rule_looks_at_is_told(service: Kept) -> None:
    """By its name, and with the label that the rule asks for; of calls there are some once there was one."""
    service.call("GET", "/v1/queue")
    found = set(figures(service))
    named = set(re.findall(r"allocator_[a-z_]+(?:\{[^}]*\})?", RULES))
    assert named - found == {CALLS}
    assert any(re.match(r'allocator_calls_total\{.*status="\d+"\}', one) for one in found)


def off(found: dict[str, float]) -> set[str]:
    """The alerts that these figures set off at once, but for those of what changes over time."""
    return {
        name
        for name, rule in ALERTS.items()
        if any(
            COMPARED[sign](found[figure], _number(limit)) for figure, sign, limit in COMPARISON.findall(rule)
        )
    }


def _number(limit: str) -> float:
    return float(prod(float(one) for one in limit.split("*")))


def test_every_comparison_of_a_rule_is_tried_here_or_is_of_what_changes() -> None:
    """A new rule that is written in another way fails here, so that it is not passed over."""
    parts = [part for rule in ALERTS.values() for part in rule.split(" or ")]
    changing = [part for part in parts if COMPARISON.fullmatch(part) is None]
    assert changing == [
        'delta(allocator_jobs{state="failed"}[1h]) > 0', f"sum(increase({CALLS}[10m])) > 5"
    ]  # fmt: skip


def test_where_all_is_well_no_alert_goes_off(service: Kept) -> None:
    """Once the audit was verified and a backup made: before, nobody knows, and that is an alert."""
    assert off(figures(service)) == {"AuditNotChecked", "BackupOld", "NobodyWorks"}
    while Keeper(service.database, lambda: NOW).run_one():
        pass
    with service.database.write("test", lambda: NOW) as tx:
        checks.note(tx, checks.BACKUP, True, "")
    assert off(figures(service)) == set()


@pytest.mark.parametrize(("alert", "figure", "well", "words"), [
    ("QueueAge", "queue_oldest_days", 90, "more than 90 days ago"),
    ("OverdueUnplaced", "overdue_cases", 0, "after the day by which"),
    ("JobsFailing", "standing_orders_failed", 0, "standing order made none"),
    ("JobsWaiting", "job_waits_seconds", 10 * 60, "waited ten minutes"),
    ("NobodyWorks", "keeper_seconds", 10 * 60, "For ten minutes"),
    ("EventsStuck", "delivery_waits_seconds", 60 * 60, "waited an hour"),
    ("EventsStuck", 'deliveries{state="dead"}', 0, "is dead"),
    ("AuditBroken", "audit_broken", 0, "was changed, removed or added"),
    ("AuditNotChecked", "audit_checked_seconds", 2 * 24 * 60 * 60, "not verified for two days"),
    ("BackupOld", "backup_seconds", 26 * 60 * 60, "26 hours"),
])  # fmt: skip
def test_an_alert_goes_off_where_the_runbook_says(alert: str, figure: str, well: float, words: str) -> None:
    """At the last figure that is well it is silent, with one more it goes off, and no other does."""
    named = {figure for rule in ALERTS.values() for figure, _, _ in COMPARISON.findall(rule)}
    found = dict.fromkeys(named, 0.0)
    assert off(found | {f"allocator_{figure}": well}) == set()
    assert off(found | {f"allocator_{figure}": well + 1}) == {alert}
    assert words in section(alert)


@pytest.mark.parametrize(("alert", "figure"), [
    ("AuditNotChecked", "audit_checked_seconds"), ("BackupOld", "backup_seconds"),
    ("NobodyWorks", "keeper_seconds")])  # fmt: skip
def test_what_was_never_done_goes_off_too(alert: str, figure: str) -> None:
    """-1 is what nobody has looked at yet; the runbook says so."""
    named = {figure for rule in ALERTS.values() for figure, _, _ in COMPARISON.findall(rule)}
    assert off(dict.fromkeys(named, 0.0) | {f"allocator_{figure}": -1}) == {alert}
    assert "or never" in section(alert)


def section(alert: str) -> str:
    """What the runbook says of an alert, in one line."""
    page = (DOCS / "runbook.md").read_text("utf-8")
    found = re.search(rf"^## {alert}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return " ".join(found[1].split())


def test_what_the_runbook_says_is_done_from_time_to_time_is_done_as_often() -> None:
    """By the keeper; and events are there as long as it says."""
    often = {one.name: one.every for one in DUTIES}
    assert "counted every ten minutes" in section("OverdueUnplaced")
    assert often["deadlines"] == timedelta(minutes=10)
    assert "Every five seconds" in section("NobodyWorks")
    assert min(often.values()) == timedelta(seconds=5)
    assert "once a day" in section("AuditNotChecked")
    assert often["audit"] == timedelta(days=1)
    assert f"all events of {events.KEPT.days} days" in section("EventsStuck")
    assert "`busy`" in section("Failing")


def test_every_alert_says_how_grave_it_is_and_what_it_is() -> None:
    """In its own section of the rules, with the page to turn to."""
    for one in re.split(r"- alert: ", RULES)[1:]:
        name = one.split()[0]
        assert re.search(r"severity: (warning|critical)\b", one), name
        assert re.search(r"summary: \S", one), name
        assert f"runbook: docs/runbook.md#{name.lower()}\n" in f"{one}\n", name


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
    unknown = ("overdue_cases", "audit_broken", "audit_checked_seconds", "backup_seconds", "keeper_seconds")
    assert [found[f"allocator_{name}"] for name in unknown] == [-1] * 5


def test_where_the_last_worker_has_died_that_is_an_alert(service: Kept) -> None:
    """Nothing else would tell: no plan is asked for, so none waits, and no message is on its way."""
    assert Keeper(service.database, lambda: NOW - timedelta(minutes=11)).run_one()
    assert "NobodyWorks" in off(figures(service))
    assert Keeper(service.database, lambda: NOW - timedelta(minutes=9)).run_one()
    assert "NobodyWorks" not in off(figures(service))


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
