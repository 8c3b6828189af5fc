"""Why a case is where it is in a plan, and why a reviewer does not have it: rule by rule, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.alternatives import Alternative
from allocator.efforts import Efforts, second_of
from allocator.errors import BadInput
from allocator.facts import Facts, gather, row_array
from allocator.forecast import Filled
from allocator.held import Role, who_stays
from allocator.known import unknown
from allocator.plan import Assignment, Unassigned
from allocator.remedies import Remedies, Remedy
from allocator.rules import RULES, codes_of
from allocator.snapshot import Snapshot
from allocator.standing import standing
from allocator.totals import totals
from allocator.unplaced import TOLD, Stops, Unplaced
from allocator.voice import listed, tally
from allocator.weighing import Weighing
from allocator.written import rows_of
from solver.cpsat import CpLimits

MOST_TOLD = 10
NO_REMEDY = "No one change of hours, limits, skills or areas would place it, and no two (tried by planning)."


@dataclass(frozen=True)
class Place:
    """What is to be said of one place of a case.

    Parameters
    ----------
    role, reviewer_id : the place and who has it, None for nobody
    reason, remedy : the plan's own words; no remedy where the place is filled
    counts : by rule, how many reviewers it is the first to stop, without who has the place
    stopped : of the reviewer asked about, what stops them, sentence by sentence
    alternatives : who else could have an open place, and at what price to the whole plan; None: not asked
    remedies : of an empty place, what would fill it, each tried by planning; None: not tried
    """

    role: str
    reviewer_id: str | None
    reason: str
    remedy: str | None
    counts: dict[str, int]
    stopped: tuple[str, ...] | None = None
    alternatives: tuple[Alternative, ...] | None = None
    remedies: tuple[Remedy, ...] | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the place as JSON-ready keys."""
        others = None if self.alternatives is None else [one.as_document() for one in self.alternatives]
        stopped = None if self.stopped is None else list(self.stopped)
        tried = None if self.remedies is None else [one.as_document() for one in self.remedies]
        return {**vars(self), "stopped": stopped, "alternatives": others, "remedies": tried}

    def helps(self) -> Iterator[str]:
        """Yield what would fill the place: what was tried, or else the plan's own words."""
        if self.remedies is None:
            yield from [f"What might help: {self.remedy}"] if self.remedy else []
            return
        for one in self.remedies:
            tried = "tried by planning" if one.cheapest else "tried by planning; there may be a cheaper one"
            yield f"With {listed(one.changes)}, it could be placed and nobody given up ({tried})."
        if not self.remedies:
            yield NO_REMEDY


@dataclass(frozen=True)
class Explanation:
    """Everything to be said of one case.

    Parameters
    ----------
    case_id, asked_about : the case, and the reviewer asked about, if any
    notes : what is to be known before
    places : its lead, and its second if its type has one
    """

    case_id: str
    asked_about: str | None
    notes: tuple[str, ...]
    places: tuple[Place, ...]

    def lines(self) -> list[str]:
        """Return the explanation as lines of text."""
        told = [*self.notes]
        for place in self.places:
            told.append(f"{self.case_id} {place.role}: {place.reviewer_id or 'nobody'}. {place.reason}")
            told.extend(place.helps())
            if place.reviewer_id:
                told.append(f"Others, by what stops them: {tally(place.counts)}")
            told.extend(f"{self.asked_about} as {place.role}: {line}" for line in place.stopped or ())
            if place.alternatives:
                told.append(f"Who else as {place.role}, and at what price to the whole plan:")
                told.extend(one.sentence for one in place.alternatives[:MOST_TOLD])
                more = len(place.alternatives) - MOST_TOLD
                told.extend([f"and {more} more, in the JSON"] if more > 0 else [])
        return told

    def as_dict(self) -> dict[str, object]:
        """Return the explanation as JSON-ready keys."""
        return {**vars(self), "notes": list(self.notes), "places": [place.as_dict() for place in self.places]}


@dataclass(frozen=True)
class Priced:
    """That prices to the whole plan are asked for.

    Parameters
    ----------
    certificate : the content of the plan's certificate.json
    seconds : for all alternatives of a place together
    effort : a fixed amount of work for each, instead of time
    """

    certificate: object
    seconds: float = 5.0
    effort: int | None = None


def explain(
    snapshot: Snapshot,
    plan: Mapping[str, object],
    case_id: str,
    reviewer_id: str | None = None,
    priced: Priced | None = None,
) -> Explanation:
    """Return why a case is where it is in a plan, what stops a reviewer from it, and who else could have it.

    Parameters
    ----------
    plan : the content of plan.json
    priced : whether and how to find what each other reviewer would cost the whole plan

    Raises
    ------
    BadInput
        No such case or reviewer, or rows of the plan that are none.
    """
    _check_known(snapshot, case_id, reviewer_id)
    same = plan.get("snapshot_digest") == snapshot.digest()
    notes = () if same else ("This plan was made from other data.",)
    facts = gather(snapshot)
    if case_id not in facts.case_row:
        why = next(c.out_of_scope for c in snapshot.cases if c.case_id == case_id)
        return Explanation(
            case_id, reviewer_id, (*notes, f"{case_id} is out of scope ({why}): not planned."), ()
        )
    speaker = _Speaker(
        facts, rows_of(plan, "assignments", Assignment), rows_of(plan, "unassigned", Unassigned)
    )
    row = facts.case_row[case_id]
    roles = [role for role in Role if role is Role.LEAD or second_of(facts, row)]
    asked = None if reviewer_id is None else facts.reviewer_row[reviewer_id]
    told = [speaker.place(row, role, asked) for role in roles]
    if priced is not None and same:
        weighing = Weighing.of(snapshot, plan, priced.certificate)
        for at, role in enumerate(roles):
            others = weighing.alternatives(row, role, priced.seconds, asked, priced.effort)
            told[at] = replace(told[at], alternatives=tuple(others))
            if told[at].reviewer_id is None and weighing.is_small:
                told[at] = replace(told[at], remedies=_remedies(snapshot, weighing, (row, role), priced))
    return Explanation(case_id, reviewer_id, notes, tuple(told))


def _remedies(
    snapshot: Snapshot, weighing: Weighing, seat: tuple[int, Role], priced: Priced
) -> tuple[Remedy, ...] | None:
    """What would fill an empty place; None if not looked at: on hold, moves by choice, too large."""
    if weighing.encoding.totals.max_moves or weighing.encoding.facts.clocks.on_hold[seat[0]]:
        return None
    limits = CpLimits(priced.seconds, priced.effort and float(priced.effort), 1, weighing.seed)
    remedies = Remedies(snapshot, weighing.assignment)
    if not remedies.is_small:
        return None
    found = remedies.of(weighing.place(*seat), limits)
    return found.remedies if found.remedies or found.decided else None


class _Speaker:
    """Speaks about the places of one plan."""

    def __init__(self, facts: Facts, filled: Sequence[Assignment], empty: Sequence[Unassigned]) -> None:
        held, efforts = who_stays(facts), Efforts(facts)
        everything = totals(facts, 0, codes_of(RULES))
        given = standing(facts, efforts, everything, _filled(facts, efforts, filled))
        self._facts, self._unplaced = facts, Unplaced(facts, held, given)
        self._filled: dict[tuple[str, str], Assignment] = {(a.case_id, a.role): a for a in filled}
        self._empty: dict[tuple[str, str], Unassigned] = {(u.case_id, u.role): u for u in empty}

    def place(self, row: int, role: Role, asked: int | None) -> Place:
        """Say who has a place, or why nobody, and what stops the reviewer asked about."""
        key = (self._facts.cases[row].case_id, role.label)
        filled, empty = self._filled.get(key), self._empty.get(key)
        has = filled.reviewer_id if filled else None
        reason = filled.reason if filled else empty.reason if empty else "The plan does not name this place."
        stops = self._unplaced.stops(row_array([row]), role)
        counts = stops.first(None if has is None else self._facts.reviewer_row.get(has))[0]
        sentences = None if asked is None else tuple(self._sentences(row, role, asked, stops, has))
        return Place(role.label, has, reason, empty.remedy if empty else None, counts, sentences)

    def _sentences(self, row: int, role: Role, asked: int, stops: Stops, has: str | None) -> Iterator[str]:
        """Say each rule that stops a reviewer from a place, or that none does."""
        if self._facts.reviewers[asked].reviewer_id == has:
            yield "has the place."
            return
        if self._facts.clocks.on_hold[row]:
            yield "may not take a case that is on hold."
        voice, before = self._unplaced.voice(row, role), len(stops.who)
        limits = {code: stopped[stops.who == asked].any() for code, stopped in stops.limits.items()}
        codes = [code for code in TOLD if code in stops.rules and stops.rules[code][0, asked]]
        codes += [code for code, stopped in limits.items() if stopped]
        yield from (f"{voice.stopped(code)}." for code in codes)
        if not codes and before and not self._facts.clocks.on_hold[row]:
            yield f"could take it; the plan {f'prefers {has}' if has else 'does without'}."


def _filled(facts: Facts, efforts: Efforts, rows: Sequence[Assignment]) -> Filled:
    """The plan's rows as places; those that name nobody known are left out."""
    found: list[tuple[int, ...]] = []
    for a in rows:
        if a.case_id in facts.case_row and a.reviewer_id in facts.reviewer_row:
            row, reviewer = facts.case_row[a.case_id], facts.reviewer_row[a.reviewer_id]
            role, new = Role[a.role.upper()], a.change != "kept"
            one = row_array([row]), row_array([reviewer]), role
            minutes = int(efforts.new(*one)[0]) if new else efforts.left(row, reviewer, role)
            found.append((len(found), row, int(role), reviewer, minutes, new))
    columns = np.array(found, np.int64).reshape(-1, 6).T
    place, case, kind, who, left, is_new = columns
    return Filled(place, case, kind, who, left, is_new.astype(np.bool_))


def _check_known(snapshot: Snapshot, case_id: str, reviewer_id: str | None) -> None:
    cases, reviewers = [c.case_id for c in snapshot.cases], [r.reviewer_id for r in snapshot.reviewers]
    asked = (("case", case_id, cases), ("reviewer", reviewer_id, reviewers))
    faults = [unknown(kind, one, ids) for kind, one, ids in asked if one is not None and one not in ids]
    if faults:
        raise BadInput(faults)
