"""Makes a snapshot up, step by step: places, people, cases, ties between them, and hours to fit the load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from allocator.calendar import bank_holidays
from allocator.policy import Policy
from allocator.sample.absences import Absences, make_absences, working_weeks
from allocator.sample.calibrate import Fitted, fit_hours
from allocator.sample.columns import World, as_tables
from allocator.sample.geography import Geography, make_geography
from allocator.sample.harden import CONFLICT_SHARE, conflict_share, harden, part, waiting
from allocator.sample.held import hold_some, lose_some
from allocator.sample.limits import make_contracts, make_limits
from allocator.sample.organisations import Organisations, make_organisations
from allocator.sample.queue import Queue, link_some, make_queue
from allocator.sample.reach import Reach, make_reach, population
from allocator.sample.refusals import refuse_some
from allocator.sample.spec import SampleSpec
from allocator.sample.staff import Staff, make_staff
from allocator.sample.tables import Bools, Days, Floats, Tables
from allocator.sample.ties import Interests, conflicts, counts, make_interests, more_posts
from allocator.sample.uneven import SHORTAGE

MOST_ROUNDS = 20  # of adding recent posts, a tenth of the reviewers at a time
HELD_SHARE = 0.55  # hours a held case still needs, as a share of its effort: a first guess


@dataclass(frozen=True)
class _People:
    """Reviewers with all that decides whom they may serve."""

    staff: Staff
    absences: Absences
    interests: Interests
    reach: Reach


def make_sample(spec: SampleSpec, rng: np.random.Generator) -> Tables:
    """Return a made-up snapshot in the contract's form; the same seed gives the same bytes.

    Parameters
    ----------
    spec : size, load, day and map
    rng : the only source of chance

    Raises
    ------
    ValueError
        If the map has no connected set of that many areas.
    OSError
        If the map cannot be read.
    """
    geography = make_geography(spec, rng)
    found = make_organisations(geography, rng)
    queue = link_some(make_queue(spec, geography, found, rng), rng)
    holidays = _holidays(spec)
    places = geography, found
    people = _people(spec, places, queue, holidays, rng)
    queue = harden(people.reach, queue, rng)
    return as_tables(spec, _world(spec, places, people, queue, holidays, rng))


def _people(
    spec: SampleSpec,
    places: tuple[Geography, Organisations],
    queue: Queue,
    holidays: Days,
    rng: np.random.Generator,
) -> _People:
    """Return the reviewers, with as many recent posts as it takes for conflicts to bite."""
    geography, found = places
    staff = make_staff(spec, geography, found, rng)
    absences = make_absences(spec, rng)
    weeks = working_weeks(spec, staff, absences, holidays)
    interests = make_interests(spec, staff, geography, found, rng)
    reach = make_reach(spec, staff, geography, weeks, _conflicts(spec, staff, found, interests))
    for _ in range(MOST_ROUNDS):
        if conflict_share(reach, part(queue, np.flatnonzero(waiting(queue)))) >= CONFLICT_SHARE:
            break
        interests = interests.plus(more_posts(spec, staff, geography, found, rng))
        reach = make_reach(spec, staff, geography, weeks, _conflicts(spec, staff, found, interests))
    return _People(staff, absences, interests, reach)


def _conflicts(spec: SampleSpec, staff: Staff, found: Organisations, interests: Interests) -> Bools:
    return conflicts(found, staff, interests, counts(spec, staff, interests, Policy()))


def _world(
    spec: SampleSpec,
    places: tuple[Geography, Organisations],
    people: _People,
    queue: Queue,
    holidays: Days,
    rng: np.random.Generator,
) -> World:
    """Return everything, once it is known who may take what: who holds what, and hours to fit."""
    weeks_of = partial(working_weeks, spec, absences=people.absences, holidays=holidays)
    first = _first_fit(spec, people, queue, weeks_of)
    held = hold_some(spec, first.staff, queue, people.reach, first.capacity, rng)
    refusals = refuse_some(spec, queue, held, people.reach, rng)
    written, kept = lose_some(spec, first.staff, held, refusals.lost, rng)
    placeable = population(people.reach.eligible(queue)) > 0
    new = (kept.reviewer < 0) & queue.in_scope & ~queue.on_hold & placeable
    by_reviewer = kept.hours_by_reviewer(spec.reviewers)
    fitted = fit_hours(people.staff, weeks_of, by_reviewer, _wanted(spec, queue, first.staff, new))
    free = np.maximum(0.0, fitted.capacity - by_reviewer)
    return World(
        *places,
        staff=fitted.staff,
        absences=people.absences,
        interests=people.interests.plus(refusals.involved),
        queue=queue,
        held=written,
        refusals=refusals,
        limits=make_limits(len(places[0].codes), fitted.staff, queue, kept, fitted.capacity, rng),
        contracts=make_contracts(spec, fitted.staff, free, rng),
    )


def _first_fit(
    spec: SampleSpec, people: _People, queue: Queue, weeks_of: Callable[[Staff], Floats]
) -> Fitted:
    """Return hours that would do if held cases needed half their hours: what holders are chosen by."""
    staff = people.staff
    held = _work(queue, staff, queue.to_hold & ~queue.on_hold) * HELD_SHARE / 2
    new = _wanted(spec, queue, staff, waiting(queue) & (population(people.reach.eligible(queue)) > 0))
    return fit_hours(staff, weeks_of, np.zeros(len(staff)), (new[0] + held, new[1] + held))


def _wanted(spec: SampleSpec, queue: Queue, staff: Staff, new: Bools) -> tuple[float, float]:
    """Return the free hours that make the load: too few over all specialists, the rest over all others."""
    special = _work(queue, staff, new & (queue.skills > 0)) / spec.load / SHORTAGE
    return special, _work(queue, staff, new) / spec.load - special


def _work(queue: Queue, staff: Staff, rows: Bools) -> float:
    """Return the hours that these cases need of a lead and a second at the mean hours factor."""
    initial, focused = Policy().review_types.values()
    seconds = focused.second.hours if focused.second else 0.0
    hours = queue.effort(initial.hours, focused.hours) + np.where(queue.focused, seconds, 0.0)
    at_work = staff.hours_per_week > 0
    return float(hours[rows].sum() * staff.hours_factor[at_work].mean()) if at_work.any() else 0.0


def _holidays(spec: SampleSpec) -> Days:
    years = (spec.as_of.year, spec.as_of.year + 1)
    rule = Policy().capacity.bank_holidays
    days: Days = np.array(
        sorted(d for year in years for d in bank_holidays(year, rule)), dtype="datetime64[D]"
    )
    return days
