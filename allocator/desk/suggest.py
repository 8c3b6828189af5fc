"""Who should take one case, now: the best few, each with what it would do, and why not the others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np
from pydantic import Field

from allocator.desk.desk import Effect, Now
from allocator.errors import BadInput, Fault
from allocator.exact import hours, tenth
from allocator.explain.records import Pair, Records
from allocator.facts import Facts, row_array
from allocator.held import Role
from allocator.plan import Number, Part, RoleName
from allocator.unplaced import Stops, stopped_by
from allocator.voice import capital, listed
from allocator.wording import TO_CONFIRM


class Suggestion(Part):
    """One reviewer for the case, and what it would do."""

    reviewer_id: str = Field(description="Who could take it")
    hours: Number = Field(description="Hours it takes of them")
    distance_km: Number | None = Field(description="Kilometres from reviewer to case; empty: not known")
    workload_percent_before: Number | None = Field(
        description="Hours they have ÷ capacity; empty: no capacity"
    )
    workload_percent_after: Number | None = Field(description="The same with the case")
    open_cases_after: int = Field(description="Cases led with it, those on hold included")
    start_on: date | None = Field(description="Forecast day of its first hour")
    finish_on: date | None = Field(description="Forecast day of sign-off; empty: not within five years")
    on_time: bool = Field(description="finish_on is no later than complete_by")
    becomes_late: tuple[str, ...] = Field(description="Cases they lead that only then would be late")
    leaves_without: tuple[str, ...] = Field(
        description="Waiting cases that they alone could take now, and then could not"
    )
    late: int = Field(description="Points of `late` that it adds to all that stands")
    cost: int = Field(description="Points of `cost` that it adds")
    effect: str = Field(description="The same in a sentence or two")


class Other(Part):
    """A reviewer who cannot take it, and why."""

    reviewer_id: str = Field(description="Who")
    codes: tuple[str, ...] = Field(description="The rules and limits that stop them, each alone")
    why: str = Field(description="The same in words, with what is on record")


class Suggestions(Part):
    """The answer about one place of one case."""

    case_id: str = Field(description="The case")
    role: RoleName = Field(description="The place: lead or second")
    complete_by: date = Field(description="Day by which the review is to be completed")
    warnings: tuple[str, ...] = Field(description="Publications that do not count, and why")
    notes: tuple[str, ...] = Field(description="Why nobody is suggested, if the place is not open")
    able: int = Field(description="How many could take it now; the best are listed")
    suggestions: tuple[Suggestion, ...] = Field(description="The best first: fewest points late, then cost")
    others: tuple[Other, ...] = Field(description="Whom only a limit stops")
    unable: tuple[Other, ...] = Field(
        default=(), description="Whom a rule about a person stops, of those near enough"
    )
    stopped: dict[str, int] = Field(description="By rule, how many reviewers it is the first to stop")


def suggest(now: Now, case_id: str, top: int = 5, role: Role | None = None) -> Suggestions:
    """The best reviewers for one case, everything else as it stands.

    Parameters
    ----------
    top : int ≥ 1, how many at most
    role : None for the lead, or for the second where there is a lead

    Raises
    ------
    BadInput
        No such case, or a place that it does not have.
    """
    row = now.desk.case(case_id)
    asked = _role(now, row) if role is None else role
    if now.desk.place(row, asked) is None:
        kind = now.facts.cases[row].review_type
        raise BadInput([Fault("no-such-place", f"{kind} reviews have no second reviewer", value=case_id)])
    notes = tuple(_notes(now, row, asked))
    stops = now.stops(row, asked)
    open_to = [] if notes else now.open_to(stops).tolist()
    found = sorted(
        ((now.effect(row, asked, who), who) for who in open_to), key=lambda one: (one[0].levels, one[1])
    )
    return Suggestions(
        case_id=case_id,
        role=asked.label,
        complete_by=date.fromordinal(int(now.facts.clocks.complete_by[row])),
        warnings=now.warnings,
        notes=notes,
        able=len(found),
        suggestions=tuple(_suggestion(now, (row, asked), who, effect) for effect, who in found[:top]),
        others=() if notes else tuple(_others(now, row, asked, stops)),
        unable=() if notes else tuple(_unable(now, row, asked, stops)),
        stopped={} if notes else stops.first()[0],
    )


def _role(now: Now, row: int) -> Role:
    """The place that is open: the lead, or the second where there is a lead."""
    second = now.desk.place(row, Role.SECOND) is not None
    return (
        Role.SECOND
        if second and now.holder(row, Role.LEAD) and not now.holder(row, Role.SECOND)
        else Role.LEAD
    )


def _notes(now: Now, row: int, role: Role) -> Iterator[str]:
    """Why nobody is suggested, if so."""
    case, holder = now.facts.cases[row], now.holder(row, role)
    if holder is not None:
        yield f"{case.case_id} has a {role.label}: {holder}."
    elif case.on_hold_since is not None:
        until = f", expected to end on {case.hold_until}" if case.hold_until else ""
        yield f"{case.case_id} is on hold since {case.on_hold_since}{until}: nobody new until then."


def _suggestion(now: Now, place: tuple[int, Role], who: int, effect: Effect) -> Suggestion:
    (row, role), facts = place, now.facts
    far = float(facts.kilometres(row_array([row]), row_array([who]))[0])
    loses = tuple(facts.cases[one].case_id for one in now.loses(row, role, who, effect.minutes))
    late = tuple(facts.cases[one].case_id for one in effect.becomes_late)
    before, after = effect.percent
    return Suggestion(
        reviewer_id=facts.reviewers[who].reviewer_id,
        hours=hours(effect.minutes),
        distance_km=None if math.isnan(far) else tenth(far),
        workload_percent_before=before,
        workload_percent_after=after,
        open_cases_after=int(now.standing.leads[who]) + (role is Role.LEAD),
        start_on=_day(effect.start),
        finish_on=_day(effect.finish),
        on_time=0 < effect.finish <= int(facts.clocks.complete_by[row]),
        becomes_late=late,
        leaves_without=loses,
        late=effect.levels[0],
        cost=effect.levels[1],
        effect=" ".join(_sentences(facts, row, effect, (late, loses))),
    )


def _sentences(
    facts: Facts, row: int, effect: Effect, others: tuple[tuple[str, ...], tuple[str, ...]]
) -> Iterator[str]:
    """What a coordinator would say of it; `others` are the cases that become late, or lose their one."""
    (late, loses), (before, after), by = others, effect.percent, int(facts.clocks.complete_by[row])
    done = f"done on {date.fromordinal(effect.finish)}" if effect.finish else "not done within five years"
    due = "in time" if 0 < effect.finish <= by else f"late: it is due on {date.fromordinal(by)}"
    yield f"This will take their workload from {before} % to {after} %; {done}, {due}."
    if late:
        yield f"{listed(late)} would then be late."
    if loses:
        yield f"Nobody else could take {listed(loses, 'or')} now."
    if not facts.cases[row].organisations:
        yield capital(f"{TO_CONFIRM}.")


def _others(now: Now, row: int, role: Role, stops: Stops) -> Iterator[Other]:
    """Whom no rule about a person stops, but a limit does."""
    for at, who in enumerate(stops.who.tolist()):
        codes = tuple(code for code, stopped in stops.limits.items() if stopped[at])
        if codes and not stops.rules["assignment"][0, who]:
            yield _other(now, Pair(row, role, who), codes)


def _unable(now: Now, row: int, role: Role, stops: Stops) -> Iterator[Other]:
    """Whom a rule about a person stops, and none of geography: they are many, and no answer to the case."""
    stopped = np.logical_or.reduce([found[0] for found in stops.rules.values()])
    near = ~stops.rules["area"][0] if "area" in stops.rules else np.ones_like(stopped)
    for who in np.flatnonzero(stopped & near).tolist():
        yield _other(now, Pair(row, role, who), tuple(stopped_by(stops, who)))


def _other(now: Now, pair: Pair, codes: tuple[str, ...]) -> Other:
    records = Records(now.facts, now.desk.efforts, now.standing)
    voice = now.unplaced.voice(pair.row, pair.role)
    why = "; ".join(records.stopped(code, pair, voice) for code in codes)
    who = now.facts.reviewers[pair.reviewer].reviewer_id
    return Other(reviewer_id=who, codes=codes, why=capital(f"{why}."))


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None
