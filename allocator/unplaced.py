"""Why a place is empty: what stops each reviewer, counted, and what would help."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

import numpy as np

from allocator.arcs import PAIRS_AT_ONCE, masks
from allocator.exact import Ints
from allocator.facts import Facts
from allocator.held import Held, Role
from allocator.rules import RULES, Bools, Mask
from allocator.standing import Standing
from allocator.voice import NOTHING, Voice, released

PERSON = tuple(rule.code for rule in RULES if rule.person and rule.code != "assignment")
"""Rules about a person that make the reason code; the other place's holder is only told."""
TOLD = ("area", "type", "skill", "conflict", "excluded", "assignment", "available")
"""The order in which a coordinator would say it; a reviewer whom two rules stop is counted once."""
ALONE = ("linked", "admin", "contract", "open_cases", "year_limit")
"""Limits that make the reason code if one of them alone stops all who pass the rules about a person."""


@dataclass(frozen=True, eq=False)
class Stops:
    """What stops whom from some empty places of one role.

    Parameters
    ----------
    rules : by code of a rule about a person, whether it stops each reviewer, shape (n_places, n_reviewers)
    place, who : ndarrays of shape (n_pairs,): the pairs that no rule in `PERSON` stops
    limits : by code of a limit, whether it alone stops each of those pairs
    """

    rules: dict[str, Bools]
    place: Ints
    who: Ints
    limits: dict[str, Bools]

    @property
    def n_places(self) -> int:
        """Return how many places there are."""
        return len(next(iter(self.rules.values())))

    def passers(self) -> list[int]:
        """How many the rules about a person let pass, place by place."""
        found: list[int] = self._pairs(np.ones(len(self.place), np.bool_)).tolist()
        return found

    def codes(self) -> list[str]:
        """Each place's reason code, as the contract words it."""
        asked = [code for code in PERSON if code in self.rules]
        most = np.argmax([_count(self.rules[code]) for code in asked], axis=0)
        alone = {code: self._pairs(~self.limits[code]) == 0 for code in ALONE if code in self.limits}
        codes = [asked[at] for at in most.tolist()]
        for at, passers in enumerate(self.passers()):
            if passers:
                codes[at] = next((code for code, stopped in alone.items() if stopped[at]), "no_capacity")
        return codes if self.rules[asked[0]].shape[1] else ["available"] * self.n_places

    def first(self, but: int | None = None) -> list[dict[str, int]]:
        """How many reviewers each thing is the first to stop, in the order they are told, place by place.

        `but` one of them, a row, is not counted: who has a place is full of it, and stopped by nothing.
        """
        counts: dict[str, Ints] = {}
        open_to = np.ones_like(next(iter(self.rules.values())))
        if but is not None:
            open_to[:, but] = False
        for code in TOLD:
            if code in self.rules:
                counts[code] = _count(open_to & self.rules[code])
                open_to &= ~self.rules[code]
        free = open_to[self.place, self.who]
        for code, stopped in self.limits.items():
            counts[code] = self._pairs(free & stopped)
            free &= ~stopped
        counts[NOTHING] = self._pairs(free)
        each = zip(*(column.tolist() for column in counts.values()), strict=True)
        return [{code: n for code, n in zip(counts, numbers, strict=True) if n} for numbers in each]

    def every(self, but: int | None = None) -> list[dict[str, int]]:
        """How many reviewers each thing stops, whatever else does, place by place; `but` one is not counted.

        A limit is asked of those alone whom no rule about a person stops.
        """
        counts = {code: self._but(stopped, but) for code, stopped in self.rules.items()}
        counts = {code: counts[code] for code in TOLD if code in counts}
        others = self.who != (-1 if but is None else but)
        counts |= {code: self._pairs(stopped & others) for code, stopped in self.limits.items()}
        each = zip(*(column.tolist() for column in counts.values()), strict=True)
        return [{code: n for code, n in zip(counts, numbers, strict=True) if n} for numbers in each]

    @staticmethod
    def _but(stopped: Bools, but: int | None) -> Ints:
        counts = _count(stopped)
        return counts if but is None else counts - stopped[:, but]

    def _pairs(self, chosen: Bools) -> Ints:
        """How many of the chosen pairs each place has."""
        return np.bincount(self.place[chosen], minlength=self.n_places)


def stopped_by(stops: Stops, reviewer: int) -> list[str]:
    """All that stops one reviewer from the one place asked about, in the order it is told."""
    limits = [code for code, stopped in stops.limits.items() if stopped[stops.who == reviewer].any()]
    return [code for code in TOLD if code in stops.rules and stops.rules[code][0, reviewer]] + limits


def _count(stopped: Bools) -> Ints:
    """How many reviewers are stopped from each place."""
    return np.asarray(np.bitwise_count(np.packbits(stopped, axis=1)).sum(axis=1, dtype=np.int64))


class Unplaced:
    """Speaks about empty places under one plan, or under what stands now."""

    def __init__(self, facts: Facts, held: Held, standing: Standing) -> None:
        self._facts, self._held, self._standing = facts, held, standing
        self._masks: dict[Role, dict[str, Mask]] = {
            role: masks(facts, held, role, [rule for rule in RULES if rule.person]) for role in Role
        }

    def under(self, standing: Standing) -> Unplaced:
        """The same under another plan; the rules about a person need not be asked again."""
        other = copy(self)
        other._standing = standing
        return other

    def stops(self, rows: Ints, role: Role) -> Stops:
        """What stops whom from a place of some cases."""
        stopped = {code: ~mask(rows) for code, mask in self._masks[role].items()}
        stopped["assignment"] = stopped["assignment"] | self._other_place(rows, role)
        person = [stopped[code] for code in PERSON if code in stopped]
        place, who = np.nonzero(~np.logical_or.reduce(person))
        return Stops(stopped, place, who, self._standing.stops(rows, role, (place, who)))

    def _other_place(self, rows: Ints, role: Role) -> Bools:
        """Whoever has each case's other place in the plan; for a second without any lead, everyone."""
        holder = self._standing.placed[1 - role, rows]
        alone = (holder < 0) & (role is Role.SECOND)
        is_other = np.arange(self._facts.n_reviewers) == holder[:, None]
        return np.asarray(is_other | alone[:, None], np.bool_)

    def voice(self, row: int, role: Role) -> Voice:
        """Who speaks about a place."""
        return Voice(
            self._facts, self._facts.cases[row], role, bool(self._standing.placed[Role.LEAD, row] >= 0)
        )

    def why(self, rows: Ints, role: Role) -> Iterator[tuple[str, str, str]]:
        """Reason code, reason and remedy of the empty places of some cases."""
        size = max(1, PAIRS_AT_ONCE // max(1, self._facts.n_reviewers))
        for block in np.split(rows, range(size, len(rows), size)):
            found = self.stops(block, role)
            said = zip(block.tolist(), found.codes(), found.first(), found.passers(), strict=True)
            for row, code, counts, passers in said:
                yield self._said(row, role, (code, counts, passers))

    def _said(self, row: int, role: Role, found: tuple[str, dict[str, int], int]) -> tuple[str, str, str]:
        voice, release = self.voice(row, role), self._held.released.get((row, role))
        before = f"Was with {released(release)}. " if release else ""
        if self._facts.clocks.on_hold[row]:
            return "on_hold", before + voice.on_hold(), voice.after_hold()
        code, counts, passers = found
        return code, before + voice.counted(counts), voice.remedy(code, passers, counts)
