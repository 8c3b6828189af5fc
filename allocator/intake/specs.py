"""The tables as their models define them: which columns there are, and how a cell of each is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import NoneType
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import annotated_types
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from allocator.cases import Case
from allocator.completed import Completed
from allocator.fields import Row
from allocator.intake.cells import Range, Reader, Wording, choice, day, flag, listing, number, text, whole
from allocator.places import Area, Contract, Organisation
from allocator.reviewers import Absence, Decline, Interest, Reviewer

MODELS: Final[dict[str, type[Row]]] = {
    "cases": Case,
    "reviewers": Reviewer,
    "absences": Absence,
    "declines": Decline,
    "interests": Interest,
    "areas": Area,
    "organisations": Organisation,
    "contracts": Contract,
}
TABLES: Final = tuple(MODELS)
ALONE: Final[dict[str, type[Row]]] = {"completed": Completed}
"""Tables that are read by themselves and are no part of a snapshot."""
REQUIRED_TABLES: Final = ("cases", "reviewers")
KEYS: Final = {
    "cases": "case_id",
    "reviewers": "reviewer_id",
    "areas": "area",
    "organisations": "organisation",
    "contracts": "provider",
    "completed": "case_id",
}
"""The column of a table that must be unique."""


@dataclass(frozen=True)
class Column:
    """One column: its name in files, how a cell is read, and what an empty cell means.

    Parameters
    ----------
    kind : "text", "number", "flag", "day", "choice" or "list": JSON values must be of the like type
    says : what a cell may hold, in words
    default : the value of an empty cell
    """

    name: str
    read: Reader
    kind: str
    says: str
    required: bool
    default: object


def _parts(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """Return the bare type under `X | None` and `Annotated`, with everything annotated on the way."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _parts(inner, [*metadata, *more])
    options = [option for option in get_args(annotation) if option is not NoneType]
    if NoneType in get_args(annotation) and len(options) == 1:
        return _parts(options[0], metadata)
    return annotation, metadata


def _flat(metadata: list[Any]) -> Iterator[object]:
    """Yield the constraints, those inside a `Field(…)` too."""
    for one in metadata:
        if isinstance(one, FieldInfo):
            yield from one.metadata
        else:
            yield one


def _range(metadata: list[Any]) -> Range:
    """Return the range that the constraints ask for."""
    found: dict[str, Any] = {}
    for one in _flat(metadata):
        match one:
            case annotated_types.Ge(ge):
                found["at_least"] = ge
            case annotated_types.Gt(gt):
                found["more_than"] = gt
            case annotated_types.Le(le):
                found["at_most"] = le
    return Range(**found)


def _wording(metadata: list[Any]) -> Wording:
    """Return how text is written."""
    rules = next(one for one in metadata if isinstance(one, StringConstraints))
    letters = str.upper if rules.to_upper else str.lower if rules.to_lower else str
    return Wording(rules.max_length or 0, re.compile(str(rules.pattern)), letters)


def _reader(annotation: Any, metadata: list[Any]) -> tuple[str, Reader, str]:
    """Return the kind of a field, the reader of its cells, and what these may hold."""
    bare, found = _parts(annotation, metadata)
    if get_origin(bare) is Literal:
        return "choice", choice(get_args(bare)), ", ".join(f"`{word}`" for word in get_args(bare))
    if get_origin(bare) is tuple:
        _, item, says = _reader(get_args(bare)[0], [])
        return "list", listing(item), f"list of {says}"
    if bare is str:
        wording = _wording(found)
        return "text", text(wording), f"text, at most {wording.longest} characters"
    if bare is bool:
        return "flag", flag, "true or false"
    simple = {int: ("number", whole), float: ("number", number), date: ("day", day)}
    kind, make = simple[bare]
    limits = _range(found)
    says = {"day": "date"}.get(kind, f"{'whole ' if bare is int else ''}number, {limits}")
    return kind, make(limits), says


def _column(name: str, field: FieldInfo) -> Column:
    """Return the column of a model's field."""
    kind, read, says = _reader(field.annotation, list(field.metadata))
    required = field.is_required()
    return Column(field.alias or name, read, kind, says, required, None if required else field.default)


COLUMNS: Final[dict[str, dict[str, Column]]] = {
    table: {
        column.name: column for name, field in model.model_fields.items() for column in [_column(name, field)]
    }
    for table, model in (MODELS | ALONE).items()
}
"""Columns by table and name, in the contract's order."""
