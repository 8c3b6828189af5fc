"""What a newer version of a case means here, beside what its source said before and what was done since.

A source's word counts where it is news: what it says again undoes no correction, what it says anew replaces
one, which is told. It is so of a case's fields, of who has it, and of its state: without corrections a case
ends as the newest version has it, whatever came before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from allocator.plan import RoleName
from allocator.store.cases import GONE
from allocator.store.cases import HOURS as HOURS_OF
from allocator.store.holdings import Holding
from allocator.store.kinds import HELD as HOLDER_FIELDS
from allocator.store.records import Record
from allocator.store.sources import HOLDERS, Said, Word
from allocator.store.states import ENDED, HELD, State

WORK: Final = HELD - {State.ALLOCATED}
"""States in which somebody leads a case and has begun."""
HOURS: Final = frozenset({*HOURS_OF.values(), "admin_hours_left"})
"""What is worked out here when a case is given to somebody: no correction of what a source says."""
OF_HOLDERS: Final = frozenset().union(*GONE.values())
NOTHING: Final = Said(-1)


@dataclass(frozen=True)
class Told:
    """A case that a source tells of, and what is known of it.

    Parameters
    ----------
    before : what the source said last; None: nothing
    record : None for a case that is not kept yet
    held : who has which place now
    """

    case_id: str
    said: Said
    before: Said | None
    record: Record | None
    held: Mapping[RoleName, Holding]

    @property
    def last(self) -> Said:
        """What the source said last, were it nothing."""
        return self.before or NOTHING

    @property
    def state(self) -> State:
        """Where the case is now."""
        return State(self.record.state) if self.record and self.record.state else State.NOTIFIED

    @property
    def is_merged(self) -> bool:
        """Whether it is a duplicate: who has it, and how far it is, is told of the other case."""
        return self.record is not None and self.record.merged_into is not None

    @property
    def is_where_it_was_put(self) -> bool:
        """Whether the case is where the source's last word put it, and was moved by nobody since."""
        return self.state == _target(self.last, "lead" in self.held)

    @property
    def names_another_state(self) -> bool:
        """Whether the state that the source names is news."""
        return self.said.stage != self.last.stage

    @property
    def reopens(self) -> bool:
        """Whether the case has ended, and waits again: the source takes its own word back, or says so."""
        if self.state not in ENDED or self.is_merged:
            return False
        if self.is_where_it_was_put:
            return self.said.stage not in ENDED
        return self.names_another_state and self.said.stage is State.REOPENED

    @property
    def is_over(self) -> bool:
        """Whether the case has ended, here or by what the source says now."""
        if self.state in ENDED:
            return not self.reopens
        return self.said.stage in ENDED and (self.is_where_it_was_put or self.names_another_state)

    @cached_property
    def holders(self) -> dict[RoleName, str]:
        """By place who has it, once the source was heard."""
        if self.is_over or self.is_merged:
            return {}
        each = {role: self._holder(role) for role in HOLDERS}
        lead, second = each["lead"], each["second"]
        if second is not None and (second == lead or (lead is None and "lead" in self.said.holders)):
            each["second"] = None  # by what happened here; what is wrong as it was sent stays for the intake
        if lead is None and "second" in self.held:
            each["second"] = None
        return {role: who for role, who in each.items() if who is not None}

    @property
    def released(self) -> tuple[RoleName, ...]:
        """The places that the source's own earlier word gave, and that it gives otherwise now."""
        if self.is_over or self.is_merged:
            return ()
        return tuple(role for role in HOLDERS if self._is_released(role))

    def _holder(self, role: RoleName) -> str | None:
        told, has = self.said.holders.get(role), self.held.get(role)
        if told == self.last.holders.get(role):
            return has.reviewer_id if has else None
        return told if has is None or self._is_released(role) else has.reviewer_id

    def _is_released(self, role: RoleName) -> bool:
        has, told, before = self.held.get(role), self.said.holders.get(role), self.last.holders.get(role)
        if has is None or told in (before, has.reviewer_id) or has.reviewer_id != before:
            return False
        is_untouched = role == "second" or self.is_where_it_was_put
        return has.publication is None and has.accepted_at is None and is_untouched

    @property
    def next_state(self) -> State | None:
        """The state that the case is in once the source was heard; None: that in which it is."""
        has_lead, stage = "lead" in self.holders, self.said.stage
        if self.is_merged:
            return None
        if self.is_where_it_was_put:
            return _target(self.said, has_lead)
        if not self.names_another_state:
            return None
        if stage in WORK:
            return stage if has_lead and self.state not in ENDED else None
        return stage if stage in ENDED or self.reopens else None


def _target(said: Said, has_lead: bool) -> State:
    """Where a source's word alone puts a case."""
    if said.stage in ENDED:
        return State(said.stage)
    if has_lead:
        return State(said.stage) if said.stage in WORK else State.ALLOCATED
    return State.REOPENED if said.stage is State.REOPENED else State.NOTIFIED


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
    if told.record and not told.is_where_it_was_put and state not in (None, told.state):
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
