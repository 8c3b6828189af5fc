"""What a newer version of a case means here, beside what its source said before and what was done since.

A source's word counts where it is news: what it says again undoes no correction, what it says anew replaces
one, which is told. It is so of a case's fields, of who has it, and of its state: without corrections a case
ends as the newest version has it, whatever came before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from allocator.plan import RoleName
from allocator.store.cases import HOURS as HOURS_OF
from allocator.store.holders import GONE
from allocator.store.kinds import HELD as HOLDER_FIELDS
from allocator.store.situations import Told
from allocator.store.sources import HOLDERS, Word
from allocator.store.states import ENDED, State

STEPS: Final[Mapping[State, int]] = {
    State.NOTIFIED: 0,
    State.REOPENED: 0,
    State.ALLOCATED: 1,
    State.IN_REVIEW: 2,
    State.RETURNED: 2,
    State.AWAITING_SIGN_OFF: 3,
    State.COMPLETED: 4,
    State.CLOSED: 4,
}
"""How far a case is in each state."""
HOURS: Final = frozenset({*HOURS_OF.values(), "admin_hours_left"})
"""What is worked out here when a case is given to somebody: no correction of what a source says."""
OF_HOLDERS: Final = frozenset().union(*GONE.values())


@dataclass(frozen=True)
class Weighed:
    """A row to be read, and what comes of it.

    Parameters
    ----------
    row : with what was corrected here and the source says nothing new of
    plain : as the source says it, for where the two do not fit together; None: it is the same
    news : fields of which the source says something new
    gone : fields that can be said of nobody
    """

    told: Told
    row: dict[str, Any]
    plain: dict[str, Any] | None
    news: frozenset[str]
    gone: frozenset[str]


def weigh(told: Told) -> Weighed:
    """What is to be read of a case that a source tells of."""
    ours, gone = dict(told.record.body if told.record else {}), _gone(told)
    muted = {name for role in HOLDERS if _is_of_another(told, role) for name in GONE[role]} - gone
    last = {**told.last.row, **{name: told.last.read.get(name) for name in OF_HOLDERS}}
    if told.before is None:
        last = ours
    names = {*told.said.row, *last, *(ours if told.before is None else ())}
    names -= {*HOLDER_FIELDS, "case_id", *muted, *gone}
    news = frozenset(name for name in names if told.said.row.get(name) != last.get(name))
    theirs = {name: told.said.row[name] for name in names if name in told.said.row}
    kept = {name: value for name, value in ours.items() if name not in {*HOLDER_FIELDS, *gone, *news}}
    own = {"case_id": told.case_id, **_holder_fields(told)}
    row = {**kept, **{name: value for name, value in theirs.items() if name in news}, **own}
    plain = {**{name: ours[name] for name in muted if name in ours}, **theirs, **own}
    return Weighed(told, row, plain if plain != row else None, news, gone)


def _gone(told: Told) -> frozenset[str]:
    """What can be said of nobody: hours left of a place that nobody has, and a lock of it."""
    gone: set[str] = set()
    for role in HOLDERS:
        if role not in told.holders:
            is_silent = role not in told.said.holders and not told.is_over and not told.is_merged
            gone |= {HOURS_OF[role]} if is_silent else GONE[role]  # a lock for nobody is for the intake
    return frozenset(gone)


def word(weighed: Weighed, body: Mapping[str, Any], is_plain: bool) -> Word:
    """What comes of a row that was read.

    Parameters
    ----------
    is_plain : whether it was read as the source says it, as what was corrected does not fit to it
    """
    told, news = weighed.told, weighed.news
    ours: Mapping[str, Any] = told.record.body if told.record else {}
    before = told.last.read if told.before else ours
    names = {*ours, *before, *body} - {*HOLDER_FIELDS, "case_id", *weighed.gone}
    heard = names if is_plain else names & news
    read = {name: (body if name in heard else before).get(name) for name in names}
    corrected = {name for name in names - HOURS if ours.get(name) != before.get(name)}
    replaced = {name for name in corrected & heard if body.get(name) != ours.get(name)}
    standing = {name for name in corrected - heard if body.get(name) != read[name]}
    state = told.next_state
    if state is not None and _undoes(told, state):
        replaced.add("state")
    given = {name: value for name, value in read.items() if value is not None}
    return Word(
        replace(told.said, read=given),
        told.released,
        told.reopens,
        state,
        tuple(sorted(replaced)),
        tuple(sorted({*standing, *_standing(told)})),
    )


def _undoes(told: Told, state: State) -> bool:
    """Whether a state is no step on from one that the case was brought to here."""
    is_moved_here = told.record is not None and not told.is_where_it_was_put and state != told.state
    return is_moved_here and STEPS[state] <= STEPS[told.state]


def _standing(told: Told) -> Iterator[str]:
    """Yield what stands otherwise of who has the case and where it is than the source says."""
    for role, name in HOLDERS.items():
        if told.said.holders.get(role) not in (None, told.holders.get(role)):
            yield name
    now, said = told.next_state or told.state, told.said.stage
    if said is not None and now != said and not (said is State.REOPENED and now not in ENDED):
        yield "state"


def _is_of_another(told: Told, role: RoleName) -> bool:
    """Whether what the source says of the hours of a place is about somebody else than has it."""
    return told.said.holders.get(role) != told.holders.get(role)


def _holder_fields(told: Told) -> dict[str, Any]:
    """The fields of a row that say who has the case, once the source was heard."""
    fields: dict[str, Any] = {}
    lead, second = told.holders.get("lead"), told.holders.get("second")
    if lead is not None:
        has = told.held.get("lead")
        day = told.said.row.get("allocated_on")
        if has is not None and has.reviewer_id == lead:
            day = has.allocated_on.isoformat()
        fields |= {"reviewer_id": lead, "allocated_on": day}
    elif not told.said.holders and not told.is_over and "allocated_on" in told.said.row:
        fields["allocated_on"] = told.said.row["allocated_on"]  # which the intake tells of
    if second is not None:
        fields["second_reviewer_id"] = second
    return fields
