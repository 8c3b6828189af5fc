"""A plan under edit: each edit says at once which rule it breaks, what it costs, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from pydantic import Field

from allocator.edit.edits import Forbid, Give, Pin, PlanEdit, Rearrange, SeatOf, Swap, TakeBack
from allocator.edit.follows import what_follows
from allocator.edit.named import place_row, reviewer_row
from allocator.encode import Encoding
from allocator.errors import BadInput
from allocator.exact import Ints
from allocator.explain.records import Pair, Record, Records
from allocator.facts import row_array
from allocator.held import Role
from allocator.plan import LevelName, Part, RoleName
from allocator.planned import Planned
from allocator.unplaced import Unplaced, stopped_by
from solver.check import breaches
from solver.problem import LEVELS

NOBODY = -1


class Broken(Part):
    """A rule that an edit would break."""

    case_id: str
    role: RoleName
    reviewer_id: str
    rule: str = Field(description="The rule's code")
    sentence: str = Field(description="What it is, and what is on record")


class Consequence(Part):
    """What one edit would do, the edits before it done."""

    edit: PlanEdit
    broken: tuple[Broken, ...] = Field(description="Rules it would break: then nothing is done")
    points: dict[LevelName, int] | None = Field(
        description="Points it adds by level; empty if it is not done"
    )
    follows: tuple[str, ...] = Field(description="What follows from it, in sentences")


@dataclass(frozen=True, eq=False)
class Draft:
    """A plan as it is after some edits.

    Parameters
    ----------
    now : the plan, the edits done
    fixed : by place, who is to keep it when the rest is planned anew, −1 for nobody
    forbidden : places and reviewers that are not to come together
    """

    now: Planned
    fixed: Mapping[int, int] = field(default_factory=dict)
    forbidden: frozenset[tuple[int, int]] = frozenset()

    @property
    def encoding(self) -> Encoding:
        """The snapshot's problem."""
        return self.now.encoding

    @property
    def assignment(self) -> Ints:
        """The reviewer row of each place, −1 for nobody."""
        return self.now.assignment

    def after(self, edit: PlanEdit) -> tuple[Draft, Consequence]:
        """The draft with an edit, or the same if that breaks a rule; and what it does.

        Raises
        ------
        BadInput
            It names a case, place or reviewer that there is not.
        """
        wanted = self._wanted(edit)
        new, broken = self.assignment.copy(), tuple(self._broken(wanted))
        if broken:
            return self, Consequence(edit=edit, broken=broken, points=None, follows=())
        for place, who in wanted.items():
            new[place] = who
        dropped = self._dropped(new)
        new[dropped] = NOBODY
        fixed = {place: who for place, who in {**self.fixed, **wanted}.items() if place not in dropped}
        forbidden = self.forbidden
        if isinstance(edit, Forbid):
            pair = self._place(edit.case_id, edit.role), reviewer_row(self.encoding, edit.reviewer_id)
            forbidden = forbidden | {pair}
            fixed = {place: who for place, who in self.fixed.items() if (place, who) != pair}
        draft = Draft(replace(self.now, assignment=new), fixed, forbidden)
        points = dict(zip(LEVELS, (draft.now.values - self.now.values).tolist(), strict=True))
        follows = tuple(what_follows(self.now, draft.now, dropped))
        return draft, Consequence(edit=edit, broken=(), points=points, follows=follows)

    def _wanted(self, edit: PlanEdit) -> dict[int, int]:
        """By place, who is to have it."""
        if isinstance(edit, Rearrange):
            return {self._place(one.case_id, one.role): self._who(one) for one in edit.seats}
        place = self._place(edit.case_id, edit.role)
        if isinstance(edit, Give):
            return {place: reviewer_row(self.encoding, edit.reviewer_id)}
        if isinstance(edit, TakeBack):
            return {place: NOBODY}
        if isinstance(edit, Pin):
            return {place: int(self.assignment[place])}
        if isinstance(edit, Swap):
            other = self._place(edit.other_case_id, edit.other_role)
            return {place: int(self.assignment[other]), other: int(self.assignment[place])}
        has_it = self.assignment[place] == reviewer_row(self.encoding, edit.reviewer_id)
        return {place: NOBODY} if has_it else {}

    def _place(self, case_id: str, role: RoleName) -> int:
        return place_row(self.encoding, case_id, role)

    def _who(self, seat: SeatOf) -> int:
        return NOBODY if seat.reviewer_id is None else reviewer_row(self.encoding, seat.reviewer_id)

    def _dropped(self, assignment: Ints) -> list[int]:
        """Second places whose lead has gone: nobody is second of a case without a lead."""
        needs = self.encoding.problem.needs
        alone = (needs >= 0) & (assignment >= 0) & (assignment[needs] < 0)
        return [int(place) for place in np.flatnonzero(alone)]

    def _broken(self, wanted: Mapping[int, int]) -> Iterator[Broken]:
        """Every rule that the places would break, leads first, each counted on those before it."""
        places, needs = self.encoding.places, self.encoding.problem.needs
        now = self.assignment.copy()
        now[list(wanted)] = NOBODY
        found = False
        for place, who in sorted(wanted.items(), key=lambda one: places.role[one[0]]):
            for record in self._stops(now, place, who):
                if record.rule == "assignment" and wanted.get(int(needs[place]), NOBODY) not in (NOBODY, who):
                    continue  # its lead is to be given as well, and says itself what stops it
                found = True
                yield self._told(record, place, who if who >= 0 else int(self.assignment[place]))
            now[place] = who if not found else NOBODY
        now[self._dropped(now)] = NOBODY
        if not found and (faults := breaches(self.encoding.problem, now)):
            place, who = next(iter(wanted.items()))
            yield self._told(Record(rule="assignment", sentence=faults[0]), place, who)

    def _stops(self, now: Ints, place: int, who: int) -> Iterator[Record]:
        """What stops a reviewer from a place, or anyone from losing it, while `now` stands."""
        places, facts = self.encoding.places, self.encoding.facts
        row, role, holder = int(places.case[place]), Role(int(places.role[place])), int(places.holder[place])
        if holder >= 0 and who != holder and (who < 0 or not places.movable[place]):
            name, locked = facts.reviewers[holder].reviewer_id, facts.cases[row].locked
            stays = "it may change hands, but not fall empty" if places.movable[place] else "and stays so"
            yield Record(
                rule="held", sentence=f"it is {'locked to' if locked else 'held by'} {name}, {stays}"
            )
            return
        if who < 0 or who == holder:
            return
        if facts.clocks.on_hold[row]:
            yield Record(rule="hold", sentence="a case on hold gets nobody new")
            return
        if (place, who) in self.forbidden:
            yield Record(rule="forbidden", sentence="an edit before this one forbids it")
        others = now.copy()
        others[place] = NOBODY
        given = replace(self.now, assignment=others).standing
        unplaced, records = self._unplaced.under(given), Records(facts, self.encoding.efforts, given)
        voice = unplaced.voice(row, role)
        for code in stopped_by(unplaced.stops(row_array([row]), role), who):
            yield Record(rule=code, sentence=records.stopped(code, Pair(row, role, who), voice))

    @cached_property
    def _unplaced(self) -> Unplaced:
        return Unplaced(self.encoding.facts, self.encoding.held, self.now.standing)

    def _told(self, record: Record, place: int, who: int) -> Broken:
        facts, places = self.encoding.facts, self.encoding.places
        return Broken(
            case_id=facts.cases[places.case[place]].case_id,
            role=Role(int(places.role[place])).label,
            reviewer_id=facts.reviewers[who].reviewer_id if who >= 0 else "",
            rule=record.rule,
            sentence=record.sentence,
        )


def try_edits(draft: Draft, edits: Iterable[PlanEdit]) -> tuple[Draft, tuple[Consequence, ...]]:
    """The draft after some edits, those that break a rule left out; and what each does, in order.

    Raises
    ------
    BadInput
        Edits that name what there is not: every one of them, by its number.
    """
    told, faults = [], []
    for at, edit in enumerate(edits):
        try:
            draft, consequence = draft.after(edit)
            told.append(consequence)
        except BadInput as error:
            faults += [replace(fault, pointer=f"/edits/{at}") for fault in error.faults]
    if faults:
        raise BadInput(faults)
    return draft, tuple(told)
