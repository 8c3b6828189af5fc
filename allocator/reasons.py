"""Why a place is filled as it is: one sentence that a coordinator would say, from facts that applied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.arcs import Arcs, few_at_once
from allocator.efforts import is_assumed
from allocator.encode import Encoding
from allocator.exact import Ints, hours
from allocator.facts import Facts
from allocator.forecast import Filled, One
from allocator.held import Held, Role
from allocator.rules import Bools
from allocator.standing import Standing
from allocator.voice import capital, released
from allocator.wording import Said


@dataclass(frozen=True, eq=False)
class Spoken:
    """What there is to say of a filled place but for how many could have it and how full they are."""

    facts: Facts
    held: Held
    standing: Standing

    def kept(self, one: One) -> list[Said]:
        """Of a place that somebody keeps."""
        case = self.facts.cases[one.row]
        stays = Said("locked" if case.locked and one.role is Role.LEAD else "stays")
        if case.on_hold_since is not None:
            return [stays, Said("on_hold", {"since": case.on_hold_since})]
        left = "hours_assumed" if is_assumed(case, one.role) else "hours_left"
        return [stays, Said(left, {"hours": hours(one.minutes)})]

    def moved(self, one: One) -> list[Said]:
        """From whom the case comes, if someone had it."""
        release = self.held.released.get((one.row, one.role))
        if release is not None:
            return [Said("was_with", {"released": released(release)})]
        holder = int(self.held.of(one.role)[one.row])
        if holder < 0:
            return []
        return [Said("moved", {"holder": self.facts.reviewers[holder].reviewer_id})]

    def place(self, one: One) -> list[Said]:
        """How the reviewer covers the case's area, if they do."""
        area, who = self.facts.cases[one.row].area, self.facts.reviewers[one.reviewer]
        if who.areas[0] == area:
            return [Said("home", {"area": area})]
        if area in who.areas:
            return [Said("covers", {"area": area})]
        by_area = self.facts.policy.geography.rule == "area"
        return [Said("serves", {"home": who.areas[0], "area": area})] if by_area else []

    def link(self, one: One) -> list[Said]:
        """Whether the reviewer has other cases with the same label."""
        label = self.facts.cases[one.row].linked_to
        if label is None or one.role is not Role.LEAD:
            return []
        shared = self.standing.label_leads.get(label, ()).count(one.reviewer) > 1
        return [Said("linked")] if shared else []

    def independence(self, one: One) -> list[Said]:
        """Whether the reviewer is known to be independent; that nothing is known against it goes unsaid."""
        return [Said("independent" if self.facts.cases[one.row].organisations else "to_confirm")]


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

    @cached_property
    def _spoken(self) -> Spoken:
        return Spoken(self.encoding.facts, self.encoding.held, self.standing)

    def why(self, one: One) -> str:
        """The sentence about one filled place."""
        if not one.new:
            return capital(f"{_joined(', ', self._spoken.kept(one))}.")
        before, now = _joined("; ", self._spoken.moved(one)), _joined(", ", self._new(one))
        return capital(f"{before}; {now}." if before else f"{now}.")

    def _new(self, one: One) -> list[Said]:
        spoken = self._spoken
        parts = [self._choice(one), *spoken.place(one), *spoken.link(one), *self._load(one.reviewer)]
        return [*parts, *spoken.independence(one)]

    def _choice(self, one: One) -> Said:
        """Among how many the reviewer was chosen, and whether they are the nearest."""
        able, nearest = self._chosen
        said = {"role": "lead" if one.role is Role.LEAD else "be second of", "able": int(able[one.at])}
        if able[one.at] == 1:
            return Said("only", said)
        return Said("nearest" if nearest[one.at] else "one_of", said)

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

    def _load(self, reviewer: int) -> list[Said]:
        return [Said("load", {"percent": self._percent[reviewer]})] if self._capacity[reviewer] else []

    @cached_property
    def _percent(self) -> Ints:
        """How full each reviewer is, half up; no matter what where there is no capacity."""
        capacity = np.maximum(1, self._capacity)
        return np.asarray((200 * self.standing.given + capacity) // (2 * capacity))

    @property
    def _capacity(self) -> Ints:
        return self.encoding.facts.capacities.capacity


def _joined(by: str, said: list[Said]) -> str:
    return by.join(one.staff for one in said if one.staff)
