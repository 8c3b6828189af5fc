"""Cases that reviewers hold already: who, since when, what is left, and the few that lost their holder."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocator.policy import Policy
from allocator.sample.days import add_months, day, shifted, span, where_day
from allocator.sample.harden import part
from allocator.sample.queue import Queue
from allocator.sample.reach import Bits, Reach, unpacked
from allocator.sample.skills import SENIOR
from allocator.sample.spec import SampleSpec
from allocator.sample.staff import Employment, Staff
from allocator.sample.tables import Bools, Days, Floats, Ints

BUSY = 0.5  # share of a reviewer's capacity that held work may take when the sample is made
CHUNK = 400  # cases given to holders at a time: between chunks the room left is counted again


@dataclass(frozen=True)
class Held:
    """What is held, a row a case. ``reviewer`` and ``second`` are -1 where none."""

    reviewer: Ints
    allocated_on: Days
    hours_left: Floats  # as written: NaN where not given
    hours_needed: Floats  # what the contract reckons with, 0 on hold
    admin_hours_left: Floats
    evidence_received_on: Days
    locked: Bools
    second: Ints
    second_hours_left: Floats
    second_hours_needed: Floats

    def hours_by_reviewer(self, count: int) -> Floats:
        """Return the hours of held work of each reviewer."""
        leads, seconds = self.reviewer >= 0, self.second >= 0
        hours = np.zeros(count)
        np.add.at(hours, self.reviewer[leads], self.hours_needed[leads])
        np.add.at(hours, self.second[seconds], self.second_hours_needed[seconds])
        return hours


def hold_some(
    spec: SampleSpec, staff: Staff, queue: Queue, reach: Reach, capacity: Floats, rng: np.random.Generator
) -> Held:
    """Return who holds the cases that are to be held: people who may, with the room for it.

    Parameters
    ----------
    capacity : ndarray of shape (reviewers,), hours in the horizon
    """
    policy = Policy()
    allocated_on = _allocated(spec, queue, rng)
    share = rng.beta(1.6, 1.6, len(queue)).clip(0.05, 1.0)
    types = list(policy.review_types.values())
    effort = queue.effort(types[0].hours, types[1].hours)
    reviewer = _holders(spec, staff, queue, reach, (effort * share, capacity), rng)
    held = reviewer >= 0
    allocated_on = where_day(held, allocated_on)
    factor = np.where(held, staff.hours_factor[reviewer], np.nan)
    known = held & (rng.random(len(queue)) < 0.75)
    hours_left = np.where(known, (effort * factor * share * 4).round() / 4, np.nan)
    assumed = effort * factor * _share_to_run(spec, queue, allocated_on, policy)
    needed = np.where(queue.on_hold | ~held, 0.0, np.where(known, hours_left, assumed))
    second, second_left, second_needed = _seconds(staff, queue, reach, reviewer, rng)
    admin = np.where(held & (rng.random(len(queue)) < 0.4), rng.integers(1, 9, len(queue)) / 2, 0.0)
    return Held(
        reviewer=reviewer,
        allocated_on=allocated_on,
        hours_left=hours_left,
        hours_needed=needed,
        admin_hours_left=admin,
        evidence_received_on=_evidence(spec, queue, allocated_on, rng),
        locked=held & (rng.random(len(queue)) < 0.06),
        second=second,
        second_hours_left=second_left,
        second_hours_needed=second_needed,
    )


def _allocated(spec: SampleSpec, queue: Queue, rng: np.random.Generator) -> Days:
    """Return allocation days: mostly within three months of the notification, after it, in the past."""
    age = span(queue.notified_on, np.full(len(queue), day(spec.as_of)))
    delay = np.floor(rng.lognormal(3.6, 0.7, len(queue)))
    latest = np.floor(age * rng.uniform(0.3, 1.0, len(queue)))
    return shifted(queue.notified_on, np.minimum(delay, latest).astype(np.int64))


def _share_to_run(spec: SampleSpec, queue: Queue, allocated_on: Days, policy: Policy) -> Floats:
    """Return the share of the days from allocation to completion still to run, at least a tenth."""
    as_of = np.full(len(queue), day(spec.as_of))
    paused = np.where(queue.on_hold, span(queue.on_hold_since, as_of), 0) + queue.hold_days
    complete_by = shifted(add_months(queue.notified_on, policy.clocks.complete_months), paused)
    whole = span(allocated_on, complete_by)
    share = span(as_of, complete_by) / np.maximum(1, whole)
    shares: Floats = np.where((whole <= 0) | np.isnat(allocated_on), 0.1, share.clip(0.1, 1.0))
    return shares


def _holders(
    spec: SampleSpec,
    staff: Staff,
    queue: Queue,
    reach: Reach,
    work: tuple[Floats, Floats],
    rng: np.random.Generator,
) -> Ints:
    """Return a holder for each case to be held, -1 if nobody has room for one case more."""
    hours, capacity = work
    reviewer = np.full(len(queue), -1)
    room = BUSY * capacity
    room[(staff.starts_on > day(spec.as_of)) | (staff.leaves_on < day(spec.as_of))] = 0.0
    slots = np.where(staff.employment == Employment.DAY_JOB, 1, 40)
    rows = rng.permutation(np.flatnonzero(queue.to_hold))
    size = int(np.clip(len(staff) // 10, 1, CHUNK))
    for chunk in np.split(rows, range(size, len(rows), size)):
        some = part(queue, chunk)
        fit = unpacked(reach.eligible(some), len(staff)) & (slots > 0)
        chosen = _draw(fit, room, rng)
        reviewer[chunk] = chosen
        taken = chosen >= 0
        np.subtract.at(room, chosen[taken], hours[chunk][taken])
        np.subtract.at(slots, chosen[taken], 1)
    return reviewer


def _draw(fit: Bools, weight: Floats, rng: np.random.Generator) -> Ints:
    """Return for each row one of its fit columns, drawn by weight, -1 where all weights are 0."""
    sums = np.where(fit, weight.clip(0).astype(np.float32), np.float32(0)).cumsum(axis=1)
    at = rng.random(len(fit)) * sums[:, -1]
    return np.where(sums[:, -1] > 0, (sums > at[:, None]).argmax(axis=1), -1)


def _evidence(spec: SampleSpec, queue: Queue, allocated_on: Days, rng: np.random.Generator) -> Days:
    """Return when evidence was complete: about six weeks after the allocation, where that is past."""
    received = shifted(allocated_on, rng.integers(14, 80, len(queue)))
    return where_day((received <= day(spec.as_of)) & (rng.random(len(queue)) < 0.8), received)


def _seconds(
    staff: Staff, queue: Queue, reach: Reach, reviewer: Ints, rng: np.random.Generator
) -> tuple[Ints, Floats, Floats]:
    """Return the second reviewers of most held focused cases, and their hours as written and as reckoned."""
    second = np.full(len(queue), -1)
    rows = np.flatnonzero((reviewer >= 0) & queue.focused & (rng.random(len(queue)) < 0.7))
    senior = ((staff.skills & SENIOR) > 0) & np.isnat(staff.leaves_on) & np.isnat(staff.starts_on)
    for chunk in np.split(rows, range(CHUNK, len(rows), CHUNK)):
        some = part(queue, chunk)
        fit: Bits = reach.nearby(some) & ~reach.conflicted(some)
        able = unpacked(fit, len(staff)) & senior
        able[np.arange(len(chunk)), reviewer[chunk]] = False
        second[chunk] = _draw(able, staff.hours_per_week, rng)
    hours = next(kind.second.hours for kind in Policy().review_types.values() if kind.second)
    full = hours * staff.hours_factor[second]
    known = (second >= 0) & (rng.random(len(queue)) < 0.5)
    left = np.where(known, rng.integers(1, 13, len(queue)) / 4, np.nan)
    needed = np.where(queue.on_hold | (second < 0), 0.0, np.where(known, left, full))
    return second, left, needed


def lose_some(
    spec: SampleSpec, staff: Staff, held: Held, lost: Ints, rng: np.random.Generator
) -> tuple[Held, Held]:
    """Return what is held as it is written, and what of it stays: some holders have left, some must give up.

    Parameters
    ----------
    lost : rows of cases whose holder may not keep them
    """
    left = np.flatnonzero(staff.leaves_on < day(spec.as_of))
    rows = rng.permutation(np.flatnonzero((held.reviewer >= 0) & ~held.locked & (held.second < 0)))
    rows = rows[: -(-len(rows) // 60)] if len(left) else rows[:0]
    written, kept = held.reviewer.copy(), held.reviewer.copy()
    if len(rows):
        written[rows] = rng.choice(left, len(rows))
    kept[np.concatenate((rows, lost))] = -1
    return replace(held, reviewer=written), replace(held, reviewer=kept)
