"""How a plan is worked out, in words, made from the rules and the policy in force: when they change, so does
this. Whoever is told who has a case, or does not, can read here what it was decided by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from pydantic import Field

from allocator.clocks import (
    A_PRIORITY,
    A_WEEK,
    BASE_URGENCY,
    LAST_SAFE_START,
    NOT_ALLOCATED_IN_TIME,
    SAFE_START_DAYS,
)
from allocator.plan import LevelName, Part
from allocator.policy import Policy, ReviewType, Weights
from allocator.rules import RULES
from allocator.voice import capital, listed

Sentences = Iterator[str]
_A_YEAR: Final = 2023
"""Any year without 29 February, to say a month and a day by."""


class RuleInForce(Part):
    """One rule that no plan breaks, and how the policy has set it."""

    code: str
    sentence: str = Field(description="What it asks")
    detail: tuple[str, ...] = Field(description="How it counts now, in sentences")


class LevelInForce(Part):
    """One level of what makes a plan good; a higher one is never given up for a lower one."""

    level: LevelName
    sentence: str = Field(description="What it asks")
    detail: tuple[str, ...] = Field(description="What counts how much now, in sentences")


class Rulebook(Part):
    """The rules and weights in force, in words."""

    clocks: tuple[str, ...] = Field(description="The days that a case has")
    rules: tuple[RuleInForce, ...] = Field(description="None of them is ever broken")
    urgency: tuple[str, ...] = Field(description="How urgent a case is, in points")
    levels: tuple[LevelInForce, ...] = Field(description="The first before the second before the third")


def rulebook(policy: Policy) -> Rulebook:
    """The rules, and the weights of a policy, in words."""
    return Rulebook(
        clocks=tuple(_clocks(policy)),
        rules=tuple(
            RuleInForce(code=rule.code, sentence=rule.sentence, detail=tuple(DETAILS[rule.code](policy)))
            for rule in RULES
        ),
        urgency=tuple(_urgency()),
        levels=(
            LevelInForce(
                level="unallocated",
                sentence="As little as possible is left without a reviewer, the most urgent least of all.",
                detail=tuple(_unallocated(policy)),
            ),
            LevelInForce(
                level="late",
                sentence="As few as possible of the reviews that have a reviewer are completed late.",
                detail=("A case that would be late counts by its urgency. A case on hold is never late.",),
            ),
            LevelInForce(
                level="cost",
                sentence="Travel, reviewers from elsewhere, changes of reviewer and full diaries are kept low.",
                detail=tuple(_cost(policy.weights)),
            ),
        ),
    )


def _clocks(policy: Policy) -> Sentences:
    clocks = policy.clocks
    yield f"A case is to have a reviewer within {_many(clocks.allocate_months, 'month')} of its notification."
    yield f"A review is to be completed within {_many(clocks.complete_months, 'month')} of it."
    yield "A hold stops both clocks, and the days of it are added to them."
    for name, kind in policy.review_types.items():
        yield (
            f"{capital(name)} review: the evidence is expected {_many(kind.evidence_days, 'day')} after a "
            f"reviewer has it, and sign-off {_many(kind.sign_off_days, 'day')} after the work."
        )


def _held(_: Policy) -> Sentences:
    yield (
        "A case leaves whoever has it only if they have left, have declined it, are excluded from it or have "
        "a conflict of interest, or if a coordinator takes it back."
    )


def _assignment(policy: Policy) -> Sentences:
    seconds = [name for name, kind in policy.review_types.items() if kind.second is not None]
    if seconds:
        yield f"A second reviewer is asked for in {listed(seconds)} reviews."
    else:
        yield "No type of review asks for a second reviewer now."


def _type(policy: Policy) -> Sentences:
    types = listed(list(policy.review_types))
    yield f"The types are {types}. Somebody whose record names no type may lead any."


def _skill(policy: Policy) -> Sentences:
    for name, kind in policy.review_types.items():
        if kind.second is not None and kind.second.skills:
            yield f"The second reviewer of a {name} review must have the skill {listed(list(kind.second.skills))}."


def _area(policy: Policy) -> Sentences:
    rule, farthest = policy.geography.rule, policy.geography.max_distance_km
    if rule == "area":
        yield "It goes by areas: theirs, or one to which their home area is named as a neighbour."
    elif rule == "anywhere":
        yield "It is not asked for now: anybody may work anywhere."
    elif farthest is None:
        yield "It goes by distance: as far as each reviewer's record says; where it says nothing, anywhere."
    else:
        yield f"It goes by distance: as far as each reviewer's record says, else {farthest:g} km."


def _conflict(policy: Policy) -> Sentences:
    conflict = policy.conflict
    months = conflict.cooling_off_months
    if months:
        yield f"An interest that has ended still counts for {_many(months, 'month')}."
    else:
        yield "An interest counts until the day on which it ends."
    yield "An interest in the case itself, or having been involved in the care, counts for ever."
    if conflict.commissioner_is_conflict:
        yield "The commissioner of the case's area counts as involved in the care."
    if conflict.unknown_organisations == "hold":
        yield "A case of which no organisation is known gets no new lead until one is."
    else:
        yield (
            "A case of which no organisation is known is placed, and its reviewer declares that they are "
            "independent before it is theirs."
        )
    yield "No role, weight or override passes this rule."


def _available(policy: Policy) -> Sentences:
    weeks, day_job = policy.horizon.weeks, policy.horizon.day_job_weeks
    yield f"The work of the next {_many(weeks, 'week')} is handed out."
    if day_job != weeks:
        yield f"For reviewers who have another job it is {_many(day_job, 'week')}."


def _capacity(policy: Policy) -> Sentences:
    capacity = policy.capacity
    holidays = "and bank holidays in England " if capacity.bank_holidays == "england" else ""
    yield (
        "Capacity is a reviewer's hours a week over those weeks, Monday to Friday. Absences, days before "
        f"they start or after they leave {holidays}count for nothing."
    )
    yield f"At most {100 * capacity.max_workload:g}% of it is given away."
    for name, kind in policy.review_types.items():
        yield f"{capital(name)} review: {_work(kind)}, unless the case says otherwise."


def _work(kind: ReviewType) -> str:
    second = f", and {_many(kind.second.hours, 'hour')} of the second reviewer" if kind.second else ""
    return f"{_many(kind.hours, 'hour')} of its lead{second}"


def _open_cases(policy: Policy) -> Sentences:
    most = policy.capacity.day_job_open_cases
    yield f"Reviewers who have another job lead at most {most} at a time, if their record gives no limit."


def _year_limit(policy: Policy) -> Sentences:
    month, day = (int(part) for part in policy.capacity.year_starts.split("-"))
    yield f"The year begins on {day} {date(_A_YEAR, month, day):%B}."


def _admin(policy: Policy) -> Sentences:
    for name, kind in policy.review_types.items():
        yield f"{capital(name)} review: {_many(kind.admin_hours, 'hour')} of administration."


def _nothing(_: Policy) -> Sentences:
    yield from ()


DETAILS: Final[Mapping[str, Callable[[Policy], Sentences]]] = {
    "held": _held,
    "assignment": _assignment,
    "hold": _nothing,
    "type": _type,
    "skill": _skill,
    "area": _area,
    "excluded": _nothing,
    "conflict": _conflict,
    "available": _available,
    "capacity": _capacity,
    "open_cases": _open_cases,
    "year_limit": _year_limit,
    "contract": _nothing,
    "admin": _admin,
    "linked": _nothing,
    "locked": _nothing,
}
"""By rule, what says how the policy has set it."""


def _urgency() -> Sentences:
    yield f"Every case has {BASE_URGENCY} points, and {A_WEEK} more for each whole week on its clock."
    yield f"Each step of priority that it was notified with adds {A_PRIORITY}."
    yield f"{NOT_ALLOCATED_IN_TIME} are added once the day by which it was to have a reviewer has passed."
    yield (
        f"{LAST_SAFE_START} are added once it has to begin: from that day on there is just time enough for "
        f"evidence, sign-off and {SAFE_START_DAYS} days of work."
    )


def _unallocated(policy: Policy) -> Sentences:
    base, kind = next(iter(policy.review_types.items()))
    yield (
        "A case without a lead counts by its urgency and by how much work its type is, so that an hour of "
        f"need weighs the same in every type. The measure is the {base} review: {_many(kind.hours, 'hour')}."
    )
    if any(kind.second is not None for kind in policy.review_types.values()):
        yield "A missing second reviewer counts half as much an hour."


def _cost(weights: Weights) -> Sentences:
    yield f"Each kilometre from the reviewer to a new case costs {_points(weights.kilometre)}."
    yield f"A new lead from outside their home area costs {_points(weights.away_from_home_area)}."
    yield f"A case that changes hands without having to costs {_points(weights.move)}."
    if not weights.workload:
        yield "How full somebody's diary is costs nothing."
    for (share, rate), (until, _) in pairwise((*weights.workload, (None, 0))):
        above = f"An hour above {100 * (share or 0):g}% of somebody's capacity costs {_points(rate)}"
        yield f"{above}, up to {100 * until:g}%." if until is not None else f"{above}."


def _points(number: int) -> str:
    return "nothing" if number == 0 else _many(number, "point")


def _many(number: float, one: str) -> str:
    return f"{number:,g} {one}{'' if number == 1 else 's'}"
