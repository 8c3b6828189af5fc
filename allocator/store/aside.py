"""What of a row that cannot be kept is set aside: the fields that the contract names, as they were typed.

Which row it is, whose, and what is wrong with it is read from it as far as that can be read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Final, Literal

import rfc8785
from pydantic import ValidationError

from allocator.errors import Fault
from allocator.intake.quarantine import LEANS
from allocator.intake.references import listed
from allocator.intake.specs import COLUMNS, KEYS, MODELS
from allocator.store.hearing import Versioned
from allocator.store.kinds import KINDS, Dates
from allocator.store.records import LONGEST_ID
from allocator.store.sources import MOST_VERSION
from allocator.store.writing import Sent, id_of

How = Literal["mended", "replaced", "dismissed"]
LONGEST_TEXT: Final = 2_000
"""As much as the longest field of the contract takes."""
_PLACE: Final = re.compile(r" \(/[a-z]+/\d+\)$")
"""Where in its document a row stood, which nobody has any more."""
Fields = dict[str, Any]


@dataclass(frozen=True)
class Aside:
    """A row that is set aside.

    Parameters
    ----------
    kind : the record that it would be
    record_id : its id, as far as it says a readable one
    area : whose it is, if it says so and that is an area
    version : its source's, of a case
    row : what it says, as it was typed
    faults : why it is not kept
    number : 0 for one that is not kept aside yet
    copy : which of several rows of one id, from 0
    how, why : what became of it; None while it is open
    """

    kind: str
    record_id: str | None
    area: str | None
    version: int | None
    row: Mapping[str, Any]
    faults: tuple[Fault, ...]
    number: int = 0
    copy: int = 0
    since: datetime | None = None
    actor: str = ""
    ended_at: datetime | None = None
    how: How | None = None
    why: str | None = None

    @property
    def mark(self) -> str:
        """What tells that a row is the same one, sent again."""
        if self.record_id is not None:
            return self.record_id
        return "~" + hashlib.sha256(rfc8785.dumps(dict(self.row))).hexdigest()[:32]

    @property
    def only_leans(self) -> bool:
        """Whether nothing is wrong with it but what it refers to."""
        return all(one.code == LEANS for one in self.faults)


def aside_of(kind: str, given: Sent, faults: Iterable[Fault], areas: Collection[str]) -> Aside:
    """A row with faults as it would be set aside.

    Parameters
    ----------
    given : the row as it was typed
    areas : those that there are; none: any code may be one
    """
    row = fields_of(kind, given)
    version = row.get("source_version")
    is_version = isinstance(version, int) and not isinstance(version, bool) and 0 <= version <= MOST_VERSION
    return Aside(
        kind,
        _id(kind, row),
        _area(kind, row, areas),
        version if is_version else None,
        row,
        tuple(map(bare, faults)),
    )


def names_of(kind: str) -> tuple[str, ...]:
    """The fields that a row of a kind may say something in."""
    more = Versioned.model_fields if kind == "cases" else Dates.model_fields if KINDS[kind].dated else {}
    return (*COLUMNS[kind], *more)


def fields_of(kind: str, given: Sent) -> Fields:
    """What a row says in fields that the contract names, as it was typed; all else is dropped."""
    if not isinstance(given, Mapping):
        return {}
    read = {name: _tidy(given[name]) for name in names_of(kind) if name in given}
    return {name: value for name, value in read.items() if value not in (None, "", [])}


def _tidy(value: object) -> Any:
    """A value as any database keeps it; what no field takes is nothing."""
    if isinstance(value, str):
        text = value.strip().replace("\0", "\N{REPLACEMENT CHARACTER}")[:LONGEST_TEXT]
        return text.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= MOST_VERSION else None
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, (list, tuple)):
        return [one for one in map(_tidy, value) if not isinstance(one, list) and one not in (None, "")]
    return None


def bare(fault: Fault) -> Fault:
    """What is wrong, wherever the row came from."""
    return Fault(fault.code, _PLACE.sub("", fault.message), column=fault.column, hint=fault.hint)


def _id(kind: str, row: Fields) -> str | None:
    """The id under which a row would be kept, if it says one that can be read."""
    key = KEYS.get(kind)
    if key is not None:
        read = COLUMNS[kind][key].read(row[key]) if key in row else None
        return read if isinstance(read, str) and len(read) <= LONGEST_ID else None
    try:
        body = MODELS[kind].model_validate(row).model_dump(mode="json", exclude_defaults=True)
    except ValidationError:
        return None
    return id_of(KINDS[kind], body)


def area_said(kind: str, row: Sent) -> str | None:
    """The area that a row says it is of, whether that is one or not, if it can be read."""
    name = {"cases": "area", "reviewers": "areas"}.get(kind)
    said = row.get(name) if name is not None and isinstance(row, Mapping) else None
    first = next(iter(listed(said)), None)
    read = None if first is None else COLUMNS["cases"]["area"].read(first)
    return read if isinstance(read, str) else None


def _area(kind: str, row: Fields, areas: Collection[str]) -> str | None:
    """The same if it is one; where no areas are known any code may be."""
    said = area_said(kind, row)
    return said if said in areas or not areas else None
