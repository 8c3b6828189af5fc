"""The real allocation in the simulation: once a week the simulated queue is planned, as a service would.

What it is told is what a coordinator knows: who is there and with which hours, what each has, how long cases
have waited. The hours that a review will take it knows on average, as people do; what will happen it does not
know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np

from allocator.allocate import PlanRequest, allocate
from allocator.cases import Case
from allocator.errors import NoPlan
from allocator.intake import Reading
from allocator.places import Area as Place
from allocator.policy import Policy
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot
from scenarios.scenario import Scenario
from scenarios.units import WEEK, YEAR
from scenarios.workforce import Post, may
from scenarios.world import View

TYPE: Final = "review"
MOST_HOURS: Final = 60.0
"""That a reviewer of a snapshot may have in a week."""


@dataclass(frozen=True)
class Planner:
    """Who plans a pool's queue every week.

    Parameters
    ----------
    chosen : numbers of the pool's areas; who : its posts
    """

    scenario: Scenario
    chosen: tuple[int, ...]
    who: tuple[Post, ...]

    def __call__(self, view: View) -> list[tuple[int, int]]:
        """Cases that wait and the posts that get them now, by the plan of the queue as it stands."""
        snapshot = self.snapshot(view)
        if not snapshot.reviewers or not len(view.waiting):
            return []
        moment = datetime.combine(snapshot.as_of, time(), UTC)
        try:
            plan = allocate(Reading(snapshot), PlanRequest(effort=1, workers=1), lambda: moment).plan
        except NoPlan:
            return []
        return [
            (int(row.case_id[1:]), int(row.reviewer_id[1:]))
            for row in plan.assignments
            if row.change == "new" and row.role == "lead"
        ]

    def snapshot(self, view: View) -> Snapshot:
        """The queue of one lane as a snapshot."""
        day = self._day(view.now)
        return Snapshot(
            as_of=day,
            policy=self._policy,
            cases=tuple(self._cases(view, day)),
            reviewers=tuple(self._reviewers(view)),
            areas=tuple(Place(area=self._code(place)) for place in range(len(self.chosen))),
        )

    @cached_property
    def _policy(self) -> Policy:
        """The shipped policy, with the scenario's hours and days."""
        work, evidence, targets = self.scenario.work, self.scenario.evidence, self.scenario.targets
        hours = work.initial_hours + work.focused_share * work.focused_hours
        hours += evidence.admin_hours if not evidence.admin_wte else 0.0
        slow = evidence.days + evidence.slow_share * (evidence.slow_days - evidence.days)
        kind = {
            "hours": hours,
            "admin_hours": 0,
            "evidence_days": round(slow),
            "sign_off_days": round(work.sign_off_days + WEEK * work.panel_weeks / 2),
        }
        shipped = Policy().model_dump()
        clocks = {
            "allocate_months": max(1, round(targets.allocated_months)),
            "complete_months": max(1, round(targets.completed_months)),
        }
        return Policy.model_validate(
            shipped | {"review_types": {TYPE: kind}, "clocks": {**shipped["clocks"], **clocks}}
        )

    @cached_property
    def _reach(self) -> list[tuple[str, ...]]:
        """The areas of each post, its home first."""
        bits = len(self.scenario.demand.skills)
        level = may(self.scenario, self.chosen, self.who)[:, :: 1 << bits]
        found = []
        for row in level:
            home = [self._code(place) for place in np.flatnonzero(row == 1).tolist()]
            found.append((*home, *(self._code(place) for place in np.flatnonzero(row == 2).tolist())))
        return found

    def _reviewers(self, view: View) -> Iterator[Reviewer]:
        for number in np.flatnonzero(view.is_there).tolist():
            post = self.who[number]
            group = self.scenario.groups[post.group]
            net = post.hours * group.review_share * (1 - group.sickness)
            net *= max(0.0, 1 - group.away_weeks * WEEK / YEAR)
            if not self._reach[number]:
                continue
            yield Reviewer(
                reviewer_id=f"R{number}",
                areas=self._reach[number],
                hours_per_week=min(MOST_HOURS, net),
                employment=group.kind,
                skills=tuple(sorted(group.skills)),
                max_open_cases=group.caseload,
                cases_a_year=None if group.cases_a_year is None else round(group.cases_a_year),
                cases_this_year=None if group.cases_a_year is None else int(view.taken_this_year[number]),
                hours_factor=float(np.clip(view.slowness[number], 0.01, 10.0)),
            )

    def _cases(self, view: View, day: date) -> Iterator[Case]:
        skills, bits = self.scenario.demand.skills, len(self.scenario.demand.skills)
        for case in (*view.waiting.tolist(), *view.held.tolist()):
            sort = int(view.sort[case])
            more: dict[str, Any] = {}
            if view.post[case] >= 0:
                more = {
                    "reviewer_id": f"R{int(view.post[case])}",
                    "allocated_on": min(day, self._day(view.allocated[case])),
                    "hours_left": float(view.hours_left[case]),
                }
                if view.evidence_in[case] <= view.now:
                    more["evidence_received_on"] = min(day, self._day(view.evidence_in[case]))
            yield Case(
                case_id=f"C{case}",
                area=self._code(sort >> bits),
                notified_on=min(day, self._day(view.notified[case])),
                review_type=TYPE,
                priority=min(9, int(view.priority[case])),
                skills=tuple(sorted(one.name for at, one in enumerate(skills) if sort >> at & 1)),
                hold_days=int(view.held_days[case]),
                **more,
            )

    def _day(self, day: float) -> date:
        return self.scenario.run.start + timedelta(days=int(np.floor(day)))

    def _code(self, place: int) -> str:
        return f"A{self.chosen[place]:02d}"
