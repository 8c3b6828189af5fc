"""Why a place is empty: what stops each reviewer, counted, and what would help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.arcs import masks
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
    """What stops whom from one empty place.

    Parameters
    ----------
    rules : by code of a rule about a person, whether it stops each reviewer, shape (n_reviewers,)
    limits : by code of a limit, whether it alone stops each of those who pass, shape (n_passers,)
    passers : reviewer rows whom no rule in `PERSON` stops
    """

    rules: dict[str, Bools]
    limits: dict[str, Bools]
    passers: Ints

    @property
    def code(self) -> str:
        """The reason code, as the contract words it."""
        if not len(next(iter(self.rules.values()))):
            return "available"
        if not len(self.passers):
            codes = [code for code in PERSON if code in self.rules]
            return max(codes, key=lambda code: int(self.rules[code].sum()))
        alone = (code for code in ALONE if code in self.limits and self.limits[code].all())
        return next(alone, "no_capacity")

    def first(self) -> dict[str, int]:
        """How many reviewers each thing is the first to stop, in the order they are told."""
        counts: dict[str, int] = {}
        open_to = np.ones(len(next(iter(self.rules.values()))), np.bool_)
        for code in TOLD:
            counts[code] = int((open_to & self.rules[code]).sum()) if code in self.rules else 0
            open_to &= ~self.rules[code] if code in self.rules else True
        free = open_to[self.passers]
        for code, stopped in self.limits.items():
            counts[code] = int((free & stopped).sum())
            free &= ~stopped
        counts[NOTHING] = int(free.sum())
        return {code: count for code, count in counts.items() if count}


class Unplaced:
    """Speaks about empty places under one plan."""

    def __init__(self, facts: Facts, held: Held, standing: Standing) -> None:
        self._facts, self._held, self._standing = facts, held, standing
        self._masks: dict[Role, dict[str, Mask]] = {
            role: masks(facts, held, role, [rule for rule in RULES if rule.person]) for role in Role
        }

    def stops(self, row: int, role: Role) -> Stops:
        """What stops whom from a place of a case."""
        rows = np.array([row], np.int64)
        stopped = {code: ~mask(rows)[0] for code, mask in self._masks[role].items()}
        stopped["assignment"] = stopped["assignment"] | self._other_place(row, role)
        person = [stopped[code] for code in PERSON if code in stopped]
        passers = np.flatnonzero(~np.logical_or.reduce(person))
        return Stops(stopped, self._standing.stops(row, role, passers), passers)

    def _other_place(self, row: int, role: Role) -> Bools:
        """Whoever has the case's other place in the plan; for a second without any lead, everyone."""
        other = Role.SECOND if role is Role.LEAD else Role.LEAD
        holder = self._standing.placed.get((row, other))
        if holder is None:
            return np.full(self._facts.n_reviewers, role is Role.SECOND, np.bool_)
        return np.asarray(np.arange(self._facts.n_reviewers) == holder)

    def voice(self, row: int, role: Role) -> Voice:
        """Who speaks about a place."""
        return Voice(self._facts, self._facts.cases[row], role, (row, Role.LEAD) in self._standing.placed)

    def why(self, row: int, role: Role) -> tuple[str, str, str]:
        """Reason code, reason and remedy of an empty place."""
        voice, release = self.voice(row, role), self._held.released.get((row, role))
        before = f"Was with {released(release)}. " if release else ""
        if self._facts.clocks.on_hold[row]:
            return "on_hold", before + voice.on_hold(), voice.after_hold()
        found = self.stops(row, role)
        counts = found.first()
        return (
            found.code,
            before + voice.counted(counts),
            voice.remedy(found.code, len(found.passers), counts),
        )
