"""The use case: a reading in, a plan and its certificate out, checked before anyone sees them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from time import perf_counter
from typing import Any

from allocator.audit import audit
from allocator.begin import start_of
from allocator.certify import certificate
from allocator.decode import Stamp, decode
from allocator.encode import Encoding, encode
from allocator.errors import Fault, InternalFault, NoPlan
from allocator.intake import Reading
from allocator.plan import Certificate, Plan
from allocator.previous import Previous
from allocator.version import VERSION, versions
from solver.outcome import Limits, Outcome, Progress
from solver.solve import UnsoundPlanError, solve

NAMINGS_AFTER, ENCODINGS_AFTER = 6.0, 4.0
"""How many times as long as naming and encoding a snapshot it takes to tell, check and write its plan.

Naming does something once a row, encoding once a pair; what follows the search does some of both.
"""
LEAST_SHARE, LEAST_SECONDS = 0.2, 0.5
"""The share of a time limit, up to so many seconds, that a search is given in any case."""
MOST_WORKERS = 256
PLAN_ID_DIGITS = 32

Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class PlanRequest:
    """How far to search, and what may be moved.

    Parameters
    ----------
    time_limit : float, seconds > 0; not consulted when `effort` is given
    effort : int or None, 1 … 1000: a fixed amount of work, the same plan on every machine
    gap : float or None, percent 0 … 100: stop a level once its proved gap is no larger
    max_moves : int ≥ 0: how many held leads may change hands by choice
    workers : int or None, 1 … 256; None: as many as there are processors
    seed : int ≥ 0
    previous : an earlier plan to begin from, or None
    """

    time_limit: float = 30.0
    effort: int | None = None
    gap: float | None = None
    max_moves: int = 0
    workers: int | None = None
    seed: int = 1
    previous: Previous | None = None

    def limits(self) -> Limits:
        """Return the same for the solver, the gap as a fraction.

        Raises
        ------
        solver.outcome.LimitsError
            A limit is out of its range.
        """
        workers = self.workers or min(MOST_WORKERS, os.cpu_count() or 1)
        return Limits(self.time_limit, self.effort, (self.gap or 0.0) / 100, self.seed, workers)


@dataclass(frozen=True)
class Allocation:
    """A checked plan and the certificate of its bounds."""

    plan: Plan
    certificate: Certificate

    @cached_property
    def documents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The plan's and the certificate's JSON-ready keys."""
        return self.plan.as_document(), self.certificate.as_document()


def allocate(
    reading: Reading,
    request: PlanRequest,
    clock: Callable[[], datetime],
    progress: Listener | None = None,
    cancel: Callable[[], bool] = lambda: False,
    started: float | None = None,
) -> Allocation:
    """Return the best plan found within the limits, after the audit has found nothing wrong with it.

    Parameters
    ----------
    clock : tells the time that the plan is stamped with
    progress : told of every improvement
    cancel : once true, the best plan so far is returned within a second or so
    started : float or None, when the time limit began to run, in seconds of `perf_counter`; None: now

    Raises
    ------
    NoPlan
        The run was stopped before there was any plan.
    InternalFault
        The plan failed its own check: ours to mend.
    """
    snapshot, limits, began = reading.snapshot, request.limits(), perf_counter()
    digest, named = snapshot.digest(), perf_counter()
    encoding, encoded = encode(snapshot, request.max_moves).lean(), perf_counter()
    start = None if request.previous is None else start_of(encoding, request.previous)
    after = NAMINGS_AFTER * (named - began) + ENCODINGS_AFTER * (encoded - named)
    limits = _left(limits, perf_counter() - (began if started is None else started) + after)
    try:
        outcome = solve(encoding.problem, limits, start, progress or _unheard, cancel)
    except UnsoundPlanError as fault:
        raise InternalFault(digest, [str(fault)]) from fault
    if outcome.assignment is None:
        raise NoPlan("the search was stopped before it had any plan")
    found = as_plan(reading, encoding, outcome, stamped(request, limits, digest, clock))
    del encoding  # at national size it is most of what the process holds, and the audit makes its own
    return audited(reading, found)


def as_plan(reading: Reading, encoding: Encoding, outcome: Outcome, stamp: Stamp) -> Allocation:
    """Return an outcome as a plan with its certificate, which nobody has checked yet."""
    plan = decode(encoding, outcome, stamp, _read_with(reading))
    return Allocation(plan, certificate(encoding, outcome.levels, plan))


def audited(reading: Reading, found: Allocation) -> Allocation:
    """Return the same, once the audit has found nothing wrong with it.

    Raises
    ------
    InternalFault
        The plan failed its own check: ours to mend.
    """
    if findings := audit(reading.snapshot, *found.documents):
        raise InternalFault(found.plan.snapshot_digest, findings)
    return found


def _left(limits: Limits, taken: float) -> Limits:
    """Return the limits less the time that all but the search has taken and will take."""
    least = min(LEAST_SECONDS, LEAST_SHARE * limits.seconds) or limits.seconds  # of next to nothing: no share
    return replace(limits, seconds=max(least, limits.seconds - taken))


def plan_id(digest: str, request: PlanRequest) -> str:
    """Return the plan's id: the same for the same snapshot, seed, version, limits and previous plan."""
    limit = (
        {"time_limit": float(request.time_limit)} if request.effort is None else {"effort": request.effort}
    )
    asked = {"gap": float(request.gap or 0), "max_moves": request.max_moves, "seed": request.seed, **limit}
    began_with = {"previous": request.previous.fingerprint} if request.previous else {}
    return named({"digest": digest, "version": VERSION, **asked, **began_with})


def named(asked: Mapping[str, object]) -> str:
    """Return the id of what was asked: a digest of it."""
    text = json.dumps(asked, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:PLAN_ID_DIGITS]


def stamped(request: PlanRequest, limits: Limits, digest: str, clock: Callable[[], datetime]) -> Stamp:
    """Return what a plan made so says about itself."""
    return Stamp(
        plan_id=plan_id(digest, request),
        created_at=clock().isoformat(timespec="seconds"),
        digest=digest,
        seed=request.seed,
        workers=limits.workers,
        effort=request.effort,
        versions=versions(),
        previous_plan_id=request.previous.plan_id if request.previous else None,
    )


def _read_with(reading: Reading) -> tuple[Fault, ...]:
    """Return what reading had to say; how many rows were left out comes first."""
    if not reading.rejected:
        return reading.warnings
    message = f"{len(reading.rejected)} row(s) with faults were left out of this plan"
    return (Fault("quarantined", message, hint="see rejected.csv"), *reading.warnings)


def _unheard(news: Progress) -> None:
    """Hear progress that nobody asked for."""
    del news
