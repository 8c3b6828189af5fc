"""What the engine is given, and what it gives back: cases, posts, rules, and what happened.

A lane is one replication of one pool. Times are days from the start, hours are hours of work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.calendars import Calendar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NEVER: Final = np.inf


class Stage(IntEnum):
    """Where a case is; `OUTSIDE` before it is notified."""

    OUTSIDE = 0
    TO_ALLOCATE = 1
    IN_EVIDENCE = 2
    NOT_BEGUN = 3
    IN_PROGRESS = 4
    AWAITING_SIGN_OFF = 5
    ON_HOLD = 6
    COMPLETED = 7


@dataclass(frozen=True, eq=False)
class Cases:
    """The cases of every lane in the order of notification, each array of shape (n_lanes, n_cases).

    Parameters
    ----------
    notified : days, below 0 for a backlog; NEVER where a lane has fewer
    sort : what a post must be able to do, as a column of `Posts.may`
    priority : classes above 0 come first by so many points
    work : hours; evidence : days that others take; admin : hours of administration
    hold_from, hold_to : days; NEVER without a hold
    chance_returned, chance_lapsed : numbers in [0, 1) that decide, by the share in force
    rework : hours when returned; panel : days from the end of work until it may be signed off
    held : whether somebody has it when the run begins
    """

    notified: Floats
    sort: Ints
    priority: Ints
    work: Floats
    evidence: Floats
    admin: Floats
    hold_from: Floats
    hold_to: Floats
    chance_returned: Floats
    chance_lapsed: Floats
    rework: Floats
    panel: Floats
    held: Bools


@dataclass(frozen=True, eq=False)
class Posts:
    """The posts of every lane, alike in all of them; arrays of shape (n_posts,) unless it is said.

    Parameters
    ----------
    may : (n_posts, n_sorts): 0 may not, 1 may, 2 may, but those at home first
    caseload : cases that one has at once; spacing : days between two allocations, at least
    first : the day before which nothing is taken, of posts whose spacing goes on with the next holder; -NEVER
    returned : share of work returned at sign-off
    first_case, cases_to_learn, half_life : hours of the first case as a multiple, cases by which that shrinks
        to a third, days in which experience halves (NEVER: it does not)
    starts_experienced : whether its first holder has learnt already
    changes, comings : (n_lanes, n_changes) day and post of each change of its holder, NEVER-padded; whether
        somebody comes (else they leave)
    """

    may: Ints
    caseload: Ints
    spacing: Floats
    first: Floats
    returned: Floats
    first_case: Floats
    cases_to_learn: Floats
    half_life: Floats
    starts_experienced: Bools
    is_there: Bools
    changes: Floats
    changed: Ints
    comings: Bools
    calendar: Calendar


def nobody(n_lanes: int, n_sorts: int) -> Posts:
    """One post that never has a holder: a pool must have some."""
    one, never = np.ones(1), np.full((n_lanes, 0), NEVER)
    return Posts(
        may=np.zeros((1, n_sorts), np.int64),
        caseload=np.ones(1, np.int64),
        spacing=np.zeros(1),
        first=np.full(1, -NEVER),
        returned=np.zeros(1),
        first_case=one,
        cases_to_learn=one,
        half_life=one,
        starts_experienced=np.ones(1, bool),
        is_there=np.zeros(1, bool),
        changes=never,
        changed=never.astype(np.int64),
        comings=never.astype(bool),
        calendar=Calendar(np.zeros(1)),
    )


@dataclass(frozen=True, eq=False)
class View:
    """One lane as whoever plans its queue sees it; arrays of cases by case, of posts by post.

    Parameters
    ----------
    waiting, held : cases that may be allocated, and those that somebody has, with `post` and `hours_left`
    taken_this_year : cases that each post was given in the last year
    slowness : how many times the usual hours each post takes
    """

    now: float
    waiting: Ints
    held: Ints
    notified: Floats
    sort: Ints
    priority: Ints
    held_days: Floats
    post: Ints
    allocated: Floats
    evidence_in: Floats
    hours_left: Floats
    is_there: Bools
    taken_this_year: Ints
    slowness: Floats


@dataclass(frozen=True, eq=False)
class Rules:
    """What holds for all.

    Parameters
    ----------
    until : days that are simulated
    points_a_week, points_a_priority, points_overdue, points_unsafe : of urgency; `allocate_days`, `safe_days`
        after notification the last two begin (holds left out). All 0 but the first: oldest first
    admin : staff at the same time, 0: evidence needs none; admin_hours : of one of them a day
    on_notification : whether evidence is asked for at once, else on allocation
    lapse_days, lapse_share : so long evidence stays good, and how often it then must be asked for again
    again_days : how long that takes
    handover : hours that a new face needs
    panel_days : between two panels; 0: signed off when the time comes
    plan : gives cases to posts once a week; None: posts take them as soon as they have room
    """

    until: float
    points_a_week: float = 7.0
    points_a_priority: float = 100.0
    points_overdue: float = 0.0
    points_unsafe: float = 0.0
    allocate_days: float = NEVER
    safe_days: float = NEVER
    admin: int = 0
    admin_hours: float = 7.5
    on_notification: bool = False
    lapse_days: float = NEVER
    lapse_share: float = 0.0
    again_days: float = 0.0
    handover: float = 0.0
    panel_days: float = 0.0
    plan: Callable[[View], list[tuple[int, int]]] | None = None


@dataclass(frozen=True, eq=False)
class Records:
    """What happened: by case when, by change of stage what, by post how much.

    Parameters
    ----------
    allocated, begun, finished, completed : (n_lanes, n_cases) days, NEVER for what did not happen; the first
        time for the first two, the last for the others
    post : (n_lanes, n_cases) who had it last, −1 for nobody
    spent : hours of reviewers on each case
    lane, case, at, before, stage : every change of stage, in the order of each case
    hours, taken : (n_lanes, n_posts) worked, and cases allocated
    admin_hours : (n_lanes,) of administration
    asked_again : (n_lanes, n_cases) how often evidence was asked for again
    """

    allocated: Floats
    begun: Floats
    finished: Floats
    completed: Floats
    post: Ints
    spent: Floats
    lane: Ints
    case: Ints
    at: Floats
    before: Ints
    stage: Ints
    hours: Floats
    taken: Ints
    admin_hours: Floats
    asked_again: Ints
