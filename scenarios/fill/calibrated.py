"""What `allocator calibrate` told, read back and laid over a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, Field, JsonValue, ValidationError

from allocator.errors import BadInput, Fault
from scenarios.fields import Part
from scenarios.files import faults_of, read_document
from scenarios.fill.values import EACH, Document, Notes
from scenarios.group import Group, Kind
from scenarios.scenario import Assumption, Evidence, Holds, Work

Values = dict[str, JsonValue]
TABLES: Mapping[str, type[BaseModel]] = {"work": Work, "evidence": Evidence, "holds": Holds}


class Fragment(Part):
    """The part of a scenario that completed reviews tell."""

    work: Values = Field(default_factory=dict)
    evidence: Values = Field(default_factory=dict)
    holds: Values = Field(default_factory=dict)
    groups: Values = Field(default_factory=dict, description="Of every group")
    kinds: dict[Kind, Values] = Field(default_factory=dict, description="Of every group of a kind")
    assumptions: dict[str, Assumption] = Field(default_factory=dict, description="Ranges, by key with dots")


def read_fragment(path: Path) -> Fragment:
    """The fragment in a file.

    Raises
    ------
    BadInput
        With all that is wrong in it, each by its key.
    """
    try:
        found = Fragment.model_validate(read_document(path))
    except ValidationError as error:
        raise BadInput(faults_of(error, path.name)) from None
    faults = list(_unknown(found, path.name))
    if faults:
        raise BadInput(faults)
    return found


def lay_over(document: Document, fragment: Fragment, notes: Notes) -> None:
    """Nothing; the document has the fragment's values, and they are noted with their ranges.

    What is filled in already stays: what was notified tells of holds that completed reviews do not.
    """
    known = {one.key for one in notes.filled}
    for name in TABLES:
        for key, value in getattr(fragment, name).items():
            place = f"{name}.{key}"
            if place in known:
                notes.keep(place, f"{value} of completed reviews: what was notified tells it better")
                continue
            document.setdefault(name, {})[key] = value
            _note(notes, place, value, fragment, place)
    for group in document["groups"]:
        group |= fragment.groups
    for key, value in fragment.groups.items():
        _note(notes, f"{EACH}{key}", value, fragment, f"groups.{key}")
    for group in document["groups"]:
        for key in fragment.groups:
            _range(notes, f"groups.{group['name']}.{key}", fragment, f"groups.{key}")
        kind = group.get("kind", "dedicated")
        for key, value in fragment.kinds.get(kind, {}).items():
            group[key] = value
            _note(notes, f"groups.{group['name']}.{key}", value, fragment, f"kinds.{kind}.{key}")


def _note(notes: Notes, key: str, value: JsonValue, fragment: Fragment, place: str) -> None:
    """Note a key that was laid over; a table's keys each by itself."""
    if isinstance(value, dict):
        for name, inner in value.items():
            _note(notes, f"{key}.{name}", inner, fragment, f"{place}.{name}")
        return
    one = fragment.assumptions.get(place)
    notes.told(key, value, one.reason if one else "calibrated")
    if not key.startswith(EACH):
        _range(notes, key, fragment, place)


def _range(notes: Notes, key: str, fragment: Fragment, place: str) -> None:
    one = fragment.assumptions.get(place)
    if one:
        notes.range(key, one.low, one.high, one.reason)


def _unknown(fragment: Fragment, file: str) -> Iterator[Fault]:
    """Yield a fault for each key that a scenario does not have."""
    tables = [(name, getattr(fragment, name), model) for name, model in TABLES.items()]
    tables += [("groups", fragment.groups, Group)]
    tables += [(f"kinds/{name}", values, Group) for name, values in fragment.kinds.items()]
    for name, values, model in tables:
        for key in values.keys() - model.model_fields.keys():
            near = get_close_matches(key, model.model_fields, n=1)
            hint = f"did you mean {near[0]}?" if near else "take it out"
            yield Fault("unknown-key", "there is no such key", file, pointer=f"/{name}/{key}", hint=hint)
