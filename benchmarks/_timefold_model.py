"""Level 1 of a problem for Timefold: run by the rivals' own Python, which has `timefold` and none of ours.

`python _timefold_model.py PROBLEM.json ANSWER.json SECONDS SEED`. Every constraint of `solver.check` is
a hard one; the penalty of the places that stay empty is soft. Its own default search is used: first fit, here
with the most points an hour first, then late acceptance by changes and swaps.
"""

# mypy: disable-error-code="misc, untyped-decorator, no-any-unimported"

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    EnvironmentMode,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningPin,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)


@dataclass
class Reviewer:
    """Who may take places, with the minutes and slots there are."""

    row: Annotated[int, PlanningId]
    capacity: int
    slots: int


@planning_entity
@dataclass
class Place:
    """A place: who may take it, the minutes it takes by reviewer row (a list beats a dict), and the slots."""

    row: Annotated[int, PlanningId]
    case: int
    penalty: int
    required: bool
    needs: int
    link: int
    pinned: Annotated[bool, PlanningPin]
    minutes: list[int]
    slots: int
    reviewers: Annotated[list[Reviewer], ValueRangeProvider]
    reviewer: Annotated[Reviewer | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@dataclass
class Member:
    """What a shared limit counts if this reviewer has this place."""

    place: int
    reviewer: int
    group: int
    limit: int
    amount: int


@planning_solution
@dataclass
class Plan:
    """All of it."""

    reviewers: Annotated[list[Reviewer], ProblemFactCollectionProperty]
    members: Annotated[list[Member], ProblemFactCollectionProperty]
    places: Annotated[list[Place], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore, PlanningScore] = field(default=None)


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Constraint]:
    """Return the rules, and what is minimised."""
    total = ConstraintCollectors.sum
    return [
        factory.for_each_including_unassigned(Place)
        .filter(lambda place: place.reviewer is None)
        .penalize(HardSoftScore.ONE_SOFT, lambda place: place.penalty)
        .as_constraint("unallocated"),
        factory.for_each_including_unassigned(Place)
        .filter(lambda place: place.required and place.reviewer is None)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("required"),
        factory.for_each(Place)
        .group_by(lambda place: place.reviewer, total(lambda place: place.minutes[place.reviewer.row]))
        .filter(lambda reviewer, minutes: minutes > reviewer.capacity)
        .penalize(HardSoftScore.ONE_HARD, lambda reviewer, minutes: minutes - reviewer.capacity)
        .as_constraint("capacity"),
        factory.for_each(Place)
        .group_by(lambda place: place.reviewer, total(lambda place: place.slots))
        .filter(lambda reviewer, slots: slots > reviewer.slots)
        .penalize(HardSoftScore.ONE_HARD, lambda reviewer, slots: slots - reviewer.slots)
        .as_constraint("slots"),
        factory.for_each_unique_pair(
            Place, Joiners.equal(lambda place: place.case), Joiners.equal(lambda place: place.reviewer)
        )
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("distinct"),
        factory.for_each(Place)
        .filter(lambda place: place.needs >= 0)
        .if_not_exists(Place, Joiners.equal(lambda place: place.needs, lambda other: other.row))
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("needs"),
        factory.for_each(Place)
        .filter(lambda place: place.link >= 0)
        .join(Place, Joiners.equal(lambda place: place.link), Joiners.less_than(lambda place: place.row))
        .filter(lambda one, other: one.reviewer.row != other.reviewer.row)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("linked"),
        factory.for_each(Place)
        .join(
            Member,
            Joiners.equal(lambda place: place.row, lambda member: member.place),
            Joiners.equal(lambda place: place.reviewer.row, lambda member: member.reviewer),
        )
        .group_by(
            lambda place, member: member.group,
            lambda place, member: member.limit,
            total(lambda place, member: member.amount),
        )
        .filter(lambda group, limit, amount: amount > limit)
        .penalize(HardSoftScore.ONE_HARD, lambda group, limit, amount: amount - limit)
        .as_constraint("groups"),
    ]


def read(path: Path) -> Plan:
    """Return the problem of a file, with nothing planned but what is pinned."""
    told = json.loads(path.read_text("utf-8"))
    reviewers = [Reviewer(row, *one) for row, one in enumerate(told["reviewers"])]
    places = [_place(row, one, reviewers) for row, one in enumerate(told["places"])]
    places.sort(key=_worth_an_hour, reverse=True)
    return Plan(reviewers, [Member(*one) for one in told["members"]], places)


def _place(row: int, told: dict[str, Any], reviewers: list[Reviewer]) -> Place:
    able = [reviewers[reviewer] for reviewer in told["reviewers"]]
    minutes = [0] * len(reviewers)
    for reviewer, taken in zip(told["reviewers"], told["minutes"], strict=True):
        minutes[reviewer] = taken
    return Place(
        row=row,
        case=told["case"],
        penalty=told["penalty"],
        required=told["required"],
        needs=told["needs"],
        link=told["link"],
        pinned=told["pinned"],
        minutes=minutes,
        slots=told["slots"],
        reviewers=able,
        reviewer=able[0] if told["pinned"] else None,
    )


def _worth_an_hour(place: Place) -> float:
    return place.penalty / max(1, min((place.minutes[one.row] for one in place.reviewers), default=1))


def main(problem: str, answer: str, seconds: str, seed: str) -> None:
    """Solve, and write the reviewer row of each place, −1 where it is empty."""
    config = SolverConfig(
        solution_class=Plan,
        entity_class_list=[Place],
        environment_mode=EnvironmentMode.NO_ASSERT,
        random_seed=int(seed),
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=round(1000 * float(seconds)))),
    )
    plan = SolverFactory.create(config).build_solver().solve(read(Path(problem)))
    taken = {place.row: -1 if place.reviewer is None else place.reviewer.row for place in plan.places}
    rows = [taken[row] for row in range(len(taken))]
    Path(answer).write_text(json.dumps({"assignment": rows, "score": str(plan.score)}), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
