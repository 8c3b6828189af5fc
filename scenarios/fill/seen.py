"""A snapshot as a scenario sees it: what waits, what is in hand and how much of it is left, who is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from allocator.cases import Case
from allocator.efforts import Efforts
from allocator.facts import gather
from allocator.held import NOBODY_YET, Role, who_stays
from allocator.places import Area
from allocator.policy import Policy
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot


@dataclass(frozen=True)
class InHand:
    """A case that somebody has, with the hours that it takes them and those that are left."""

    case: Case
    hours: float
    left: float


@dataclass(frozen=True, eq=False)
class Seen:
    """What there is of some areas.

    Parameters
    ----------
    areas : their codes, in order; those that are open and have a case or a reviewer
    places : the rows of all areas by code
    staff : reviewers at home there who have hours, and are there before the run ends
    without_hours, too_late : how many more have none, and come after it
    """

    as_of: date
    policy: Policy
    areas: tuple[str, ...]
    places: dict[str, Area]
    waiting: tuple[Case, ...]
    in_hand: tuple[InHand, ...]
    staff: tuple[Reviewer, ...]
    without_hours: int
    too_late: int

    @cached_property
    def open_cases(self) -> tuple[Case, ...]:
        """All that is open."""
        return (*self.waiting, *(one.case for one in self.in_hand))

    def home(self, reviewer: Reviewer) -> str:
        """A reviewer's home: what took over from it, if it has closed."""
        return still_open(reviewer.areas[0], self.places)

    def age(self, case: Case) -> int:
        """Days since its notification."""
        return (self.as_of - case.notified_on).days


def see(snapshot: Snapshot, areas: Collection[str], until: date) -> Seen:
    """What a snapshot says of some areas, or of all where none is given, for a run that ends on a day."""
    places = {one.area: one for one in snapshot.areas}
    facts = gather(snapshot)
    efforts, leads = Efforts(facts), who_stays(facts).lead
    waiting, in_hand = [], []
    for row, case in enumerate(facts.cases):
        if areas and case.area not in areas:
            continue
        if leads[row] == NOBODY_YET:
            waiting.append(case)
            continue
        hours = efforts.hours(row, Role.LEAD) * snapshot.reviewers[leads[row]].hours_factor
        left = hours * float(efforts.share_left(row)) if case.hours_left is None else case.hours_left
        in_hand.append(InHand(case, hours, min(left, hours)))
    there = [one for one in snapshot.reviewers if one.leaves_on is None or one.leaves_on >= snapshot.as_of]
    there = [one for one in there if not areas or still_open(one.areas[0], places) in areas]
    able = [one for one in there if one.hours_per_week > 0]
    staff = [one for one in able if one.starts_on is None or one.starts_on < until]
    found = {case.area for case in (*waiting, *(one.case for one in in_hand))}
    found |= {still_open(one.areas[0], places) for one in staff}
    return Seen(
        as_of=snapshot.as_of,
        policy=snapshot.policy,
        areas=tuple(sorted(found)),
        places=places,
        waiting=tuple(waiting),
        in_hand=tuple(in_hand),
        staff=tuple(staff),
        without_hours=len(there) - len(able),
        too_late=len(able) - len(staff),
    )


def still_open(area: str, places: dict[str, Area]) -> str:
    """The area that took over from a closed one, as far as one alone did; else the area itself."""
    while area in places and len(places[area].successors) == 1:
        area = places[area].successors[0]
    return area
