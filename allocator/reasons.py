"""Why a place is filled as it is: one sentence that a coordinator would say, from facts that applied."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.efforts import is_assumed
from allocator.encode import Encoding
from allocator.exact import Ints, hours, rounded
from allocator.forecast import Filled
from allocator.held import Role
from allocator.standing import Standing
from allocator.voice import released

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

    def why(self, at: int) -> str:
        """The sentence about one filled place, by its position among the filled."""
        said = [*self._moved(at), ", ".join(self._new(at))] if self.filled.new[at] else self._kept(at)
        sentence = "; ".join(said)
        return f"{sentence[0].upper()}{sentence[1:]}."

    def _kept(self, at: int) -> list[str]:
        row, role = int(self.filled.case[at]), Role(int(self.filled.role[at]))
        case = self.encoding.facts.cases[row]
        stays = "locked to its holder" if case.locked and role is Role.LEAD else "stays with its holder"
        if case.on_hold_since is not None:
            return [f"{stays}, on hold since {case.on_hold_since}, so no hours are planned"]
        assumed = " (assumed)" if is_assumed(case, role) else ""
        return [f"{stays}, {hours(int(self.filled.minutes[at]))} h left{assumed}"]

    def _new(self, at: int) -> list[str]:
        row, reviewer = int(self.filled.case[at]), int(self.filled.reviewer[at])
        parts = [self._choice(at), *self._place(row, reviewer), *self._link(at)]
        parts += self._load(reviewer)
        unknown = not self.encoding.facts.cases[row].organisations
        return [*parts, TO_CONFIRM] if unknown else parts

    def _moved(self, at: int) -> list[str]:
        """From whom the case comes, if someone had it."""
        row, role = int(self.filled.case[at]), Role(int(self.filled.role[at]))
        release = self.encoding.held.released.get((row, role))
        if release is not None:
            return [f"was with {released(release)}"]
        holder = int(self.encoding.held.of(role)[row])
        if holder < 0:
            return []
        return [f"moved from {self.encoding.facts.reviewers[holder].reviewer_id} to make a better plan"]

    def _choice(self, at: int) -> str:
        """Among how many the reviewer was chosen, and whether they are the nearest."""
        row, reviewer = int(self.filled.case[at]), int(self.filled.reviewer[at])
        who = self._may_take(at)
        word = "lead" if self.filled.role[at] == Role.LEAD else "be second of"
        if len(who) == 1:
            return f"the only reviewer who may {word} it"
        km = self.encoding.facts.kilometres(np.full(len(who), row), who)
        own = km[who == reviewer]
        nearest = not np.isnan(km).any() and bool((own <= km).all()) and bool((own < km).any())
        return f"{'nearest' if nearest else 'one'} of {len(who)} reviewers who may {word} it"

    def _may_take(self, at: int) -> Ints:
        """Those whom no rule forbids the place, but for whoever has the case's other place."""
        place, row, role = (int(x[at]) for x in (self.filled.place, self.filled.case, self.filled.role))
        problem = self.encoding.problem
        who = problem.arc_reviewer[problem.arc_start[place] : problem.arc_start[place + 1]]
        other = self.standing.placed.get((row, 1 - role), -1)
        others = (who != other) & (who != self.encoding.places.holder[place])
        return np.asarray(who[others])

    def _place(self, row: int, reviewer: int) -> list[str]:
        """How the reviewer covers the case's area, if they do."""
        area, who = self.encoding.facts.cases[row].area, self.encoding.facts.reviewers[reviewer]
        if who.areas[0] == area:
            return [f"covers {area} as home area"]
        if area in who.areas:
            return [f"covers {area}"]
        by_area = self.encoding.facts.policy.geography.rule == "area"
        return [f"at home in {who.areas[0]}, which may serve {area}"] if by_area else []

    def _link(self, at: int) -> list[str]:
        """Whether the reviewer has other cases with the same label."""
        label = self.encoding.facts.cases[int(self.filled.case[at])].linked_to
        if label is None or self.filled.role[at] != Role.LEAD:
            return []
        shared = self.standing.label_leads.get(label, ()).count(int(self.filled.reviewer[at])) > 1
        return ["with the case linked to it"] if shared else []

    def _load(self, reviewer: int) -> list[str]:
        capacity = int(self.encoding.facts.capacities.capacity[reviewer])
        if not capacity:
            return []
        percent = rounded(Fraction(100 * int(self.standing.given[reviewer]), capacity), 0)
        return [f"{percent} % workload after"]
