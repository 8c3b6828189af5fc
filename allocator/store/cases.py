"""Cases as they are told of, given, taken back, moved on: each has one lead at most, and one state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from allocator.errors import Conflict, Unknown
from allocator.plan import RoleName
from allocator.store import holdings, records
from allocator.store.database import Tx
from allocator.store.events import Kind, News, tell
from allocator.store.holders import GONE, without
from allocator.store.holdings import Holding
from allocator.store.kinds import CASES
from allocator.store.kinds import HELD as HOLDER_FIELDS
from allocator.store.policies import types_without_second
from allocator.store.records import Record
from allocator.store.states import ENDED, SAID, WAITING, State, may_follow
from allocator.store.told import Notice, notify
from allocator.store.writing import Checked, check_versions

HOURS: Mapping[RoleName, str] = {"lead": "hours_left", "second": "second_hours_left"}
NO_PLACE = "no_place"
"""Why a second has a case no more that was typed anew."""


@dataclass(frozen=True)
class Told:
    """What a row says of who has the case; None for nothing."""

    lead: str | None
    allocated_on: date | None
    second: str | None


def put_cases(tx: Tx, checked: Checked, expected: Mapping[str, int] | None = None) -> list[Record]:
    """The cases of the sound rows, kept; who is told to have one that nobody had, has it from now on.

    The second of a case whose type has none any more has it no more, and coordinators are told.

    Raises
    ------
    Conflict
        `changed-since`: one of them is at another version than the one expected.
    """
    check_versions(tx, CASES, expected or {})
    before = records.get_many(tx.connection, CASES, checked.sound)
    current = holdings.of_cases(tx.connection, before)
    wanted, given = [], []
    for case_id, body in checked.sound.items():
        own, told = _apart(body)
        old = before.get(case_id) or Record(CASES, case_id, 0, {}, State.NOTIFIED)
        if old.version and not old.body:
            raise Conflict("forgotten", case_id, "what it said was deleted after its time")
        new = [
            Holding(case_id, role, who, told.allocated_on or tx.at.date(), tx.at)
            for role, who in _roles(told)
            if (case_id, role) not in current and old.merged_into is None
        ]
        has_lead = told.lead is not None and old.merged_into is None
        state = State.ALLOCATED if has_lead and old.state in WAITING else old.state
        wanted.append(replace(old, body=own, state=state))
        given += new
    done = records.save(tx, "put", wanted, always={one.case_id for one in given})
    tell(tx, [one for new in done for one in _corrections(before.get(new.record_id), new, checked)])
    holdings.give(tx, given)
    alone = types_without_second(tx.connection)
    ended = [
        (one, current[one.record_id, "second"])
        for one in done
        if (one.record_id, "second") in current and one.body["review_type"] in alone
    ]
    holdings.end(tx, [second for _, second in ended], NO_PLACE)
    for one, second in ended:
        detail = f"{one.body['review_type']} reviews have no second reviewer"
        notify(tx, Notice("second-released", one.record_id, second.reviewer_id, one.area, detail))
    return done


def give(tx: Tx, new: Holding) -> Record:
    """The case, once a reviewer has a place of it that nobody had.

    Raises
    ------
    Unknown
        There is no such case or reviewer.
    Conflict
        `already-held`: somebody has the place; `not-waiting`: the case has ended, or is merged into another.
    """
    case_id, role = new.case_id, new.role
    case = givable(tx.connection, case_id, new.reviewer_id)
    holdings.give(tx, [new])
    state = State.ALLOCATED if role == "lead" and case.state in WAITING else case.state
    wanted = replace(case, body=without(case.body, {HOURS[role]}), state=state)
    return records.save(tx, "give", [wanted], always=[case_id])[0]


def givable(connection: Connection, case_id: str, reviewer_id: str) -> Record:
    """A case that can be given to a reviewer who is there, whoever has it now.

    Raises
    ------
    Unknown
        There is no such case or reviewer.
    Conflict
        `not-waiting`: the case has ended, or is merged into another.
    """
    case = found_case(connection, case_id)
    if records.get(connection, "reviewers", reviewer_id) is None:
        raise Unknown("not-found", reviewer_id, f"there is no {reviewer_id} among the reviewers")
    if case.state in ENDED or case.merged_into:
        raise Conflict("not-waiting", case_id, f"the case is {(case.merged_into and 'merged') or case.state}")
    return case


def take_back(tx: Tx, case_id: str, role: RoleName, why: str) -> Record:
    """The case, once nobody has a place of it that somebody had: it waits again, and its clocks go on.

    With its lead goes its second, unless the lead is only released or somebody else leads it at once.

    Raises
    ------
    Unknown
        There is no such case.
    Conflict
        `not-held`: nobody has the place.
    """
    case = found_case(tx.connection, case_id)
    current = holdings.of_cases(tx.connection, [case_id])
    held, second = current.get((case_id, role)), current.get((case_id, "second"))
    if held is None:
        raise Conflict("not-held", case_id, f"nobody is its {role}")
    holdings.end(tx, [held], why)
    gone = set(GONE[role])
    if role == "lead" and second is not None and why not in {*holdings.RELEASED, holdings.MOVED}:
        holdings.end(tx, [second], "no_lead")
        gone |= GONE["second"]
    state = State.NOTIFIED if role == "lead" else case.state
    wanted = replace(case, body=without(case.body, gone), state=state)
    return records.save(tx, "take-back", [wanted], always=[case_id])[0]


def move(tx: Tx, case_id: str, state: State) -> Record:
    """The case in its next state; who has it has it no more once it has ended.

    Raises
    ------
    Unknown
        There is no such case.
    Conflict
        `not-allowed`: that state may not follow, or comes of giving and taking back alone; `forgotten`: its
        time to be kept is over.
    """
    case = found_case(tx.connection, case_id)
    if case.merged_into:
        raise Conflict("not-allowed", case_id, "it is merged into another case: move that one")
    if not case.body:
        raise Conflict("forgotten", case_id, "what it said was deleted after its time; notify it anew")
    old = State(case.state or State.NOTIFIED)
    if state not in SAID or not may_follow(old, state):
        raise Conflict("not-allowed", case_id, f"a case that is {old} cannot be {state} next")
    return put_state(tx, case, state)


def put_state(tx: Tx, case: Record, state: State) -> Record:
    """The case in a state, whatever it was in; who has it has it no more once it has ended."""
    body = case.body
    if state in ENDED:
        held = holdings.of_cases(tx.connection, [case.record_id])
        holdings.end(tx, list(held.values()), state)
        body = without(body, GONE["lead"] | GONE["second"])
    done = records.save(tx, "move", [replace(case, body=body, state=state)])[0]
    tell(tx, [News(Kind.MOVED, case.record_id, {"state": state})])
    return done


def found_case(connection: Connection, case_id: str) -> Record:
    """A case.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    found = records.get(connection, CASES, case_id)
    if found is None:
        raise Unknown("not-found", case_id, f"there is no {case_id} among the cases")
    return found


def _apart(body: Mapping[str, Any]) -> tuple[dict[str, Any], Told]:
    """The case without who has it, and that."""
    own = {key: value for key, value in body.items() if key not in HOLDER_FIELDS}
    day = body.get("allocated_on")
    told = Told(
        body.get("reviewer_id"), date.fromisoformat(day) if day else None, body.get("second_reviewer_id")
    )
    return own, told


def _roles(told: Told) -> Iterator[tuple[RoleName, str]]:
    if told.lead:
        yield "lead", told.lead
    if told.second:
        yield "second", told.second


def _corrections(old: Record | None, new: Record, checked: Checked) -> Iterator[News]:
    """Yield what is told of a case that says something else than before, where it was and where it is."""
    if old is None or old.body == new.body:
        return
    fields = sorted(name for name in {*old.body, *new.body} if old.body.get(name) != new.body.get(name))
    word = checked.words.get(new.record_id)
    data = {"fields": fields, **({} if word is None else {"source_version": word.said.version})}
    kind = Kind.RETYPED if "review_type" in fields else Kind.CORRECTED
    yield News(kind, new.record_id, data, (old.area, new.area))
