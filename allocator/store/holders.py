"""Who has which case, beside what rows say of that: a row that is silent leaves it as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from allocator.errors import Fault
from allocator.plan import RoleName
from allocator.store import holdings, records
from allocator.store.kinds import CASES
from allocator.store.policies import types_without_second
from allocator.store.states import ENDED
from allocator.store.writing import Checked, Sent

GONE: Mapping[RoleName, set[str]] = {"lead": {"hours_left", "locked"}, "second": {"second_hours_left"}}
"""What is said of a case only as long as somebody has the place."""


def completed(connection: Connection, rows: Sequence[Sent]) -> list[Sent]:
    """The rows with who has each case, where they do not say it: a row that is silent leaves it as it is.

    But not who is its second, where its type has none any more: see `put_cases`.
    """
    known, alone = holders_of(connection, list(_ids(rows))), types_without_second(connection)
    return [
        {**fitting(known.get(str(row.get("case_id")).strip(), {}), row, alone), **_given(row)}
        if isinstance(row, Mapping)
        else row
        for row in rows
    ]


def fitting(known: Mapping[str, Any], row: Mapping[str, Any], alone: Collection[str]) -> dict[str, Any]:
    """What is known of a case, without what is of its second where a row's type has none.

    Parameters
    ----------
    alone : the types that have none
    """
    if str(row.get("review_type")).strip().lower() not in alone:
        return dict(known)
    return without(known, {"second_reviewer_id", *GONE["second"]})


def contradicted(connection: Connection, checked: Checked, but: Collection[str] = ()) -> Checked:
    """The same, with a fault for each row that says somebody has a case, and somebody else does.

    A case changes hands by being published or taken back, and not by being told of.

    Parameters
    ----------
    but : cases of which it is settled already who has them
    """
    known = holders_of(connection, list(checked.sound))
    there = records.get_many(connection, CASES, checked.sound)
    more = {}
    for at, (case_id, body) in enumerate(zip(checked.ids, checked.bodies, strict=True)):
        if case_id is None or body is None or case_id not in there or case_id in but:
            continue
        if there[case_id].merged_into is None:
            found = list(_contradictions(body, known.get(case_id, {}), there[case_id].state))
            if found:
                more[at] = found
    return checked.but(more)


def holders_of(connection: Connection, case_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By case that somebody has, the contract's fields that say who."""
    fields: dict[str, dict[str, Any]] = {}
    for (case_id, role), one in holdings.of_cases(connection, case_ids).items():
        own = fields.setdefault(case_id, {})
        if role == "lead":
            own |= {"reviewer_id": one.reviewer_id, "allocated_on": one.allocated_on.isoformat()}
        else:
            own["second_reviewer_id"] = one.reviewer_id
    return fields


def without(body: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """A case's body without some of its fields."""
    return {key: value for key, value in body.items() if key not in gone}


def _ids(rows: Sequence[Sent]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, Mapping) and isinstance(row.get("case_id"), str):
            yield row["case_id"].strip()


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says: an empty cell says nothing."""
    return {key: value for key, value in row.items() if value not in (None, "")}


def _contradictions(body: Mapping[str, Any], known: Mapping[str, Any], state: str | None) -> Iterator[Fault]:
    """Yield a fault for each thing said of who has a case that is not so."""
    for name, role in (("reviewer_id", "lead"), ("second_reviewer_id", "second")):
        told, now = body.get(name), known.get(name)
        if told and now and told != now:
            message = f"{now} is its {role}, and the row says {told}"
            hint = "a case changes hands by being published or taken back"
            yield Fault("other-holder", message, pointer=f"/{name}", column=name, value=told, hint=hint)
        if told and not now and state in ENDED:
            message = f"the case is {state}, and the row says that {told} has it"
            yield Fault(
                "case-ended", message, pointer=f"/{name}", column=name, value=told, hint="reopen it first"
            )
