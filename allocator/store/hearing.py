"""Rows of cases as sources send them: newer versions are read on, older ones passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError
from sqlalchemy import Connection

from allocator.errors import BadInput, Conflict, Fault
from allocator.fields import Row as Model
from allocator.intake import RowFaults
from allocator.intake.findings import RowKey
from allocator.plan import RoleName
from allocator.store import holdings, records, sources
from allocator.store.holders import completed, contradicted, fitting
from allocator.store.holdings import Holding
from allocator.store.kinds import CASES
from allocator.store.policies import types_without_second
from allocator.store.situations import Told
from allocator.store.sources import MOST_VERSION, Older, Said
from allocator.store.states import State
from allocator.store.weighing import Weighed, weigh, word
from allocator.store.writing import Checked, Sent, check_rows

REUSED: Final = "version-reused"
PLACES: Final = frozenset({"latitude", "longitude"})


class Versioned(Model):
    """What a source says of a case beside its fields."""

    source_version: Annotated[int, Field(strict=True, ge=0, le=MOST_VERSION)] | None = Field(
        default=None, description="The source's own version, which only grows: an older one is passed over"
    )
    state: State | None = Field(
        default=None, description="With source_version: the state that the source has the case in"
    )


@dataclass(frozen=True)
class Heard:
    """The rows of cases, parted by what is known of their versions.

    Parameters
    ----------
    plain : by place among those sent, rows without a version
    weighed : by place, newer versions
    older, repeated : those passed over
    faults : by place
    """

    plain: dict[int, Sent] = field(default_factory=dict)
    weighed: dict[int, Weighed] = field(default_factory=dict)
    older: list[Older] = field(default_factory=list)
    repeated: set[int] = field(default_factory=set)
    faults: dict[int, list[Fault]] = field(default_factory=dict)

    @property
    def places(self) -> list[int]:
        """The places of the rows that are to be read."""
        return sorted({*self.plain, *self.weighed})

    def rows(self, plainly: Sequence[int] = ()) -> list[Sent]:
        """The rows that are to be read; of some places as their sources say them."""
        return [self._row(at, at in plainly) for at in self.places]

    def _row(self, at: int, plainly: bool) -> Sent:
        if at in self.plain:
            return self.plain[at]
        found = self.weighed[at]
        return found.plain if plainly and found.plain is not None else found.row


def check_case(connection: Connection, case_id: str, row: Mapping[str, Any], day: date) -> Checked:
    """One case, sent as the record of an id that its row need not hold itself.

    Raises
    ------
    BadInput
        With all its faults, each pointer into the row.
    Conflict
        `version-reused`: its source said something else before under the same version.
    """
    named = row.get("case_id", case_id)
    if isinstance(named, str) and named.strip() != case_id:
        message = f"the record is {case_id} and the row says {named.strip()}"
        raise BadInput([Fault("other-id", message, pointer="/case_id", value=named.strip())])
    found = check_tables(connection, {CASES: [{"case_id": case_id, **row}]}, day)[CASES]
    refuse(list(found.faults.get(0, ())))
    return found


def refuse(faults: Sequence[Fault]) -> None:
    """Nothing, if there is no fault.

    Raises
    ------
    BadInput
        With all of them.
    Conflict
        `version-reused`: that is all that is wrong.
    """
    if faults and all(fault.code == REUSED for fault in faults):
        raise Conflict("version-reused", str(faults[0].value), faults[0].message, faults)
    if faults:
        raise BadInput(faults)


def check_tables(
    connection: Connection,
    sent: Mapping[str, Sequence[Sent]],
    day: date,
    partial: bool = False,
    known: RowFaults | None = None,
) -> dict[str, Checked]:
    """By kind the rows as they would be kept, and what is wrong with the others.

    Parameters
    ----------
    partial : whether the sound rows are to be kept: what leans on the others is left out too
    known : faults of the rows that were found before
    """
    if CASES not in sent:
        return check_rows(connection, sent, day, partial, known)
    heard = hear(connection, sent[CASES])
    known = _moved(known, heard)
    found = check_rows(connection, {**sent, CASES: heard.rows()}, day, partial, known)
    plainly = [
        at
        for row, at in enumerate(heard.places)
        if row in found[CASES].faults and at in heard.weighed and heard.weighed[at].plain is not None
    ]
    if plainly:  # what was corrected here does not fit to what is said now
        found = check_rows(connection, {**sent, CASES: heard.rows(plainly)}, day, partial, known)
    versioned = {one.told.case_id for one in heard.weighed.values()}
    read = contradicted(connection, found[CASES], versioned)
    return found | {CASES: _placed(read, heard, plainly, len(sent[CASES]))}


def _moved(known: RowFaults | None, heard: Heard) -> RowFaults | None:
    """The same faults, those of cases by their place among the rows that are looked at."""
    if known is None:
        return None
    row_of = {at: row for row, at in enumerate(heard.places)}
    others = {key: faults for key, faults in known.items() if key[0] != CASES}
    of_cases = ((key[1], faults) for key, faults in known.items() if key[0] == CASES)
    return others | {RowKey(CASES, row_of[at]): faults for at, faults in of_cases if at in row_of}


def hear(connection: Connection, sent: Sequence[Sent]) -> Heard:
    """The rows of cases, parted by what is known of their versions; none is read yet."""
    heard, told, rows = Heard(), dict[int, tuple[str, Said]](), dict[int, Sent]()
    for at, row in enumerate(sent):
        fields, found = _parted(row)
        if isinstance(found, tuple):
            told[at] = found
            continue
        rows[at] = fields
        if found is not None:
            heard.faults[at] = [found]
    known = sources.said_of(connection, (case_id for case_id, _ in told.values()))
    heard.weighed.update(_fitting(connection, _weighed(connection, _sifted(told, known, heard), known)))
    heard.plain.update(zip(rows, completed(connection, list(rows.values())), strict=True))
    return heard


def _fitting(connection: Connection, weighed: Mapping[int, Weighed]) -> dict[int, Weighed]:
    """The same without a second whom the source does not name, where the type has none any more."""
    alone = types_without_second(connection)

    def fits(row: dict[str, Any] | None) -> dict[str, Any] | None:
        return None if row is None else fitting(row, row, alone)

    return {
        at: one
        if "second" in one.told.said.holders
        else replace(one, row=fitting(one.row, one.row, alone), plain=fits(one.plain))
        for at, one in weighed.items()
    }


def _parted(row: Sent) -> tuple[Sent, tuple[str, Said] | Fault | None]:
    """A row's fields, and what its source says if it has a version, or what is wrong with that."""
    if not isinstance(row, Mapping) or not {*Versioned.model_fields} & {*row}:
        return row, None
    given = {name: row[name] for name in Versioned.model_fields if name in row}
    fields = {name: value for name, value in row.items() if name not in given}
    try:
        found = Versioned.model_validate(given)
    except ValidationError as error:
        return fields, _wrong(str(error.errors()[0]["loc"][0]))
    case_id = fields.get("case_id")
    if found.source_version is None:
        return fields, None if found.state is None else _wrong("state", "a state goes with a source_version")
    if not isinstance(case_id, str) or not case_id.strip():
        return fields, _wrong("case_id", "a case with a source_version has a text for an id")
    own = {name: value for name, value in fields.items() if name != "case_id"}
    return fields, (case_id.strip(), Said(found.source_version, _given(own), state=found.state))


def _wrong(name: str, message: str | None = None) -> Fault:
    hint = {
        "source_version": "a whole number that grows with each change",
        "state": f"one of {', '.join(State)}, beside a source_version",
        "case_id": 'such as "C-1"',
    }
    said = message or f"`{name}` is none"
    return Fault("bad-source-version", said, pointer=f"/{name}", column=name, hint=hint[name])


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, written one way: an empty cell says nothing, nor do blanks around a word."""
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    for name in PLACES & tidy.keys():
        value = tidy[name]
        if isinstance(value, float) and isfinite(value):
            tidy[name] = round(value, 2)  # as exactly as a case is kept, and no more
    return {name: value for name, value in tidy.items() if value not in (None, "", [])}


def _sifted(
    told: Mapping[int, tuple[str, Said]], known: Mapping[str, Said], heard: Heard
) -> dict[int, tuple[str, Said]]:
    """By place the newest row of each case that is newer than what is known; the others are noted."""
    newest: dict[str, tuple[int | None, Said]] = {case_id: (None, said) for case_id, said in known.items()}
    for at, (case_id, said) in sorted(told.items(), key=lambda one: -one[1][1].version):
        standing = newest.get(case_id)
        if standing is None or said.version > standing[1].version:
            newest[case_id] = at, said
        elif said.version < standing[1].version:
            heard.older.append(Older(at, case_id, standing[1].version))
        elif said.is_same(standing[1]):
            heard.repeated.add(at)
        else:
            heard.faults[at] = [_reused(case_id, said.version)]
    heard.older.sort(key=lambda one: one.row)
    return {at: (case_id, said) for case_id, (at, said) in newest.items() if at is not None}


def _reused(case_id: str, version: int) -> Fault:
    message = f"version {version} was sent before, and said something else"
    hint, name = "a change has a version of its own", "source_version"
    return Fault(REUSED, message, pointer=f"/{name}", column=name, value=case_id, hint=hint)


def _weighed(
    connection: Connection, news: Mapping[int, tuple[str, Said]], known: Mapping[str, Said]
) -> dict[int, Weighed]:
    ids = [case_id for case_id, _ in news.values()]
    there, held = records.get_many(connection, CASES, ids), dict[str, dict[RoleName, Holding]]()
    for (case_id, role), one in holdings.of_cases(connection, ids).items():
        held.setdefault(case_id, {})[role] = one
    return {
        at: weigh(Told(case_id, said, known.get(case_id), there.get(case_id), held.get(case_id, {})))
        for at, (case_id, said) in news.items()
    }


def _placed(read: Checked, heard: Heard, plainly: Sequence[int], count: int) -> Checked:
    """What was read, each row at its place among those sent, with what was passed over."""
    ids: list[str | None] = [None] * count
    bodies: list[dict[str, Any] | None] = [None] * count
    faults = {at: list(found) for at, found in heard.faults.items()}
    words = {}
    for row, at in enumerate(heard.places):
        ids[at], bodies[at], body = read.ids[row], read.bodies[row], read.bodies[row]
        if row in read.faults:
            faults.setdefault(at, []).extend(read.faults[row])
        if body is not None and at in heard.weighed:
            words[heard.weighed[at].told.case_id] = word(heard.weighed[at], body, at in plainly)
    older, repeated = tuple(heard.older), frozenset(heard.repeated)
    return Checked(tuple(ids), tuple(bodies), {}, words, older, repeated).but(faults)
