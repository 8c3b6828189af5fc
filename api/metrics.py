"""Figures for Prometheus: how often and how fast each call is answered, and what is in the store.

No label holds an id, an area or anything that was sent. Where several processes answer, each keeps its own
counts in a folder that whoever is asked adds up (`PROMETHEUS_MULTIPROC_DIR`; `api/gunicorn.py` sets it).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from allocator.store import Connection, checks, deliveries, duties, figures
from allocator.store.checks import Check
from api.calls import Call, Reply, Route
from api.roles import ADMINS_AND_AUDITORS
from api.scope import is_everywhere, other_area
from api.stored import Nothing

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Metrics:
    """What one app counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._calls = Counter(
            "allocator_calls", "Calls answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "allocator_call_seconds", "Until a call was answered", ("method", "route"),
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Nothing; a call was answered."""
        self._calls.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def routes(self) -> tuple[Route, ...]:
        """The call that tells them."""
        text = (CONTENT_TYPE_PLAIN_0_0_4,)
        return (
            Route("GET", "/metrics", "metrics", "Figures of all areas, for Prometheus", ADMINS_AND_AUDITORS,
                  self._tell, Nothing, files=text),
        )  # fmt: skip

    def _tell(self, call: Call) -> Reply:
        if not is_everywhere(call.caller):
            raise other_area("These are figures of all areas.")
        counted = self.registry
        if FOLDER in os.environ:
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        stored = CollectorRegistry()
        stored.register(_Store(call.connection, call.service.now()))
        content = generate_latest(counted) + generate_latest(stored)
        return Reply(Nothing(), file=(content, CONTENT_TYPE_PLAIN_0_0_4))


class _Store(Collector):
    """What is in the store, as one transaction sees it."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure."""
        yield _by_state("allocator_cases", "Cases by state", figures.cases_by_state(self._connection))
        yield _by_state("allocator_jobs", "Jobs by state", figures.jobs_by_state(self._connection))
        sent = deliveries.counts(self._connection)
        yield _by_state("allocator_deliveries", "Events sent to webhooks, by state", sent)
        for name, says, since in (
            ("job", "a job has waited longest", figures.oldest_waiting_job(self._connection)),
            ("delivery", "an event has waited longest", deliveries.oldest_undone(self._connection)),
        ):
            waits = (self._now - since).total_seconds() if since else 0.0
            yield GaugeMetricFamily(f"allocator_{name}_waits_seconds", f"How long {says}", value=waits)
        yield from self._watched()

    def _watched(self) -> Iterator[GaugeMetricFamily]:
        """Yield what alerts look at; −1 is what nobody has looked at yet."""
        first = figures.oldest_waiting_case(self._connection)
        age = (self._now.date() - first).days if first else 0
        overdue = checks.last(self._connection, checks.OVERDUE)
        audit = checks.last(self._connection, checks.AUDIT)
        told = (
            ("allocator_queue_oldest_days", "Days since the case was notified that has waited longest", age),
            ("allocator_overdue_cases", "Cases that wait after the day by which they were to be allocated",
             int(overdue.detail) if overdue else -1),
            ("allocator_standing_orders_failed", "Standing orders whose last run made no plan",
             figures.failed_orders(self._connection)),
            ("allocator_audit_broken", "1: lines of the audit are not as they were written",
             -1 if audit is None else int(not audit.is_fine)),
            ("allocator_audit_checked_seconds", "Since the audit was verified", self._since(audit)),
            ("allocator_backup_seconds", "Since a backup was made",
             self._since(checks.last(self._connection, checks.BACKUP))),
            ("allocator_keeper_seconds", "Since anybody saw to what is due, such as standing orders",
             self._ago(duties.last(self._connection))),
        )  # fmt: skip
        yield from (GaugeMetricFamily(name, says, value=value) for name, says, value in told)

    def _since(self, check: Check | None) -> float:
        return self._ago(check.checked_at if check else None)

    def _ago(self, moment: datetime | None) -> float:
        return -1.0 if moment is None else (self._now - moment).total_seconds()


def _by_state(name: str, says: str, found: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=("state",))
    for state, number in found.items():
        family.add_metric((state,), number)
    return family
