"""Why a place is filled as it is: one sentence that a coordinator would say, from facts that applied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.arcs import Arcs, few_at_once
from allocator.efforts import is_assumed
from allocator.encode import Encoding
from allocator.exact import Ints, hours
from allocator.forecast import Filled, One
from allocator.held import Role
from allocator.rules import Bools
from allocator.standing import Standing
from allocator.voice import capital, released

TO_CONFIRM = "independence to confirm, as no organisations are known"


@dataclass(frozen=True, eq=False)
class Reasons:
    """Speaks about filled places.

    Parameters
    ----------
    encoding, filled, standing : the plan's
    """

    encoding: Encoding
    filled: Filled
    standing: Standing

    def why(self, one: One) -> str:
        """The sentence about one filled place."""
        said = [*self._moved(one), ", ".join(self._new(one))] if one.new else self._kept(one)
        sentence = "; ".join(said)
        return capital(f"{sentence}.")

    def _kept(self, one: One) -> list[str]:
        case = self.encoding.facts.cases[one.row]
        stays = "locked to its holder" if case.locked and one.role is Role.LEAD else "stays with its holder"
        if case.on_hold_since is not None:
            return [f"{stays}, on hold since {case.on_hold_since}, so no hours are planned"]
        assumed = " (assumed)" if is_assumed(case, one.role) else ""
        return [f"{stays}, {hours(one.minutes)} h left{assumed}"]

    def _new(self, one: One) -> list[str]:
        parts = [self._choice(one), *self._place(one), *self._link(one), *self._load(one.reviewer)]
        unknown = not self.encoding.facts.cases[one.row].organisations
        return [*parts, TO_CONFIRM] if unknown else parts

    def _moved(self, one: One) -> list[str]:
        """From whom the case comes, if someone had it."""
        release = self.encoding.held.released.get((one.row, one.role))
        if release is not None:
            return [f"was with {released(release)}"]
        holder = int(self.encoding.held.of(one.role)[one.row])
        if holder < 0:
            return []
        return [f"moved from {self.encoding.facts.reviewers[holder].reviewer_id} to make a better plan"]

    def _choice(self, one: One) -> str:
        """Among how many the reviewer was chosen, and whether they are the nearest."""
        able, nearest = self._chosen
        word = "lead" if one.role is Role.LEAD else "be second of"
        if able[one.at] == 1:
            return f"the only reviewer who may {word} it"
        return f"{'nearest' if nearest[one.at] else 'one'} of {able[one.at]} reviewers who may {word} it"

    @cached_property
    def _chosen(self) -> tuple[Ints, Bools]:
        """How many may take each filled place, and whether whoever got it is nearer than all or some of them.

        Nobody forbids it to those by any rule, but for whoever has the case's other place or kept this one.
        """
        able, nearest = np.zeros(len(self.filled.place), np.int64), np.zeros(len(self.filled.place), np.bool_)
        new = np.flatnonzero(self.filled.new)
        arcs = self.encoding.takers
        for part in few_at_once(arcs.count(self.filled.place[new])):
            at = new[part]
            which, who = self._may_take(arcs, at)
            km = self.encoding.facts.kilometres(self.filled.case[at][which], who)
            own, mine = np.full(len(at), np.nan), who == self.filled.reviewer[at][which]
            own[which[mine]] = km[mine]
            able[at] = np.bincount(which, minlength=len(at))
            nearer = np.bincount(which[own[which] < km], minlength=len(at)) > 0
            nearest[at] = nearer & (np.bincount(which[~(own[which] <= km)], minlength=len(at)) == 0)
        return able, nearest

    def _may_take(self, arcs: Arcs, at: Ints) -> tuple[Ints, Ints]:
        """Positions in `at` and those whom no rule forbids them, but for who has the case's other place."""
        place, case, role = self.filled.place[at], self.filled.case[at], self.filled.role[at]
        which, who = np.repeat(np.arange(len(at)), arcs.count(place)), arcs.reviewer(arcs.rows(place))
        other, holder = self.standing.placed[1 - role, case], self.encoding.places.holder[place]
        others = (who != other[which]) & (who != holder[which])
        return which[others], who[others]

    def _place(self, one: One) -> list[str]:
        """How the reviewer covers the case's area, if they do."""
        area, who = self.encoding.facts.cases[one.row].area, self.encoding.facts.reviewers[one.reviewer]
        if who.areas[0] == area:
            return [f"covers {area} as home area"]
        if area in who.areas:
            return [f"covers {area}"]
        by_area = self.encoding.facts.policy.geography.rule == "area"
        return [f"at home in {who.areas[0]}, which may serve {area}"] if by_area else []

    def _link(self, one: One) -> list[str]:
        """Whether the reviewer has other cases with the same label."""
        label = self.encoding.facts.cases[one.row].linked_to
        if label is None or one.role is not Role.LEAD:
            return []
        shared = self.standing.label_leads.get(label, ()).count(one.reviewer) > 1
        return ["with the case linked to it"] if shared else []

    def _load(self, reviewer: int) -> list[str]:
        return [f"{self._percent[reviewer]} % workload after"] if self._capacity[reviewer] else []

    @cached_property
    def _percent(self) -> Ints:
        """How full each reviewer is, half up; no matter what where there is no capacity."""
        capacity = np.maximum(1, self._capacity)
        return np.asarray((200 * self.standing.given + capacity) // (2 * capacity))

    @property
    def _capacity(self) -> Ints:
        return self.encoding.facts.capacities.capacity
