"""A request's query as a checked model: unknown, doubled and wrong parameters are faults, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from allocator.errors import Fault
from api.errors import Refusal

M = TypeVar("M", bound=BaseModel)


def read_query(model: type[M], query: MultiDict[str, str]) -> M:
    """The query as `model`.

    Raises
    ------
    Refusal
        422 `bad-parameter`, one fault for each parameter that is unknown, given twice or out of range.
    """
    faults = [*_unknown(model, query), *_doubled(query)]
    values = {name: query[name] for name in query if name in _names(model)}
    try:
        found = model.model_validate_strings(values)
    except ValidationError as error:
        faults += _wrong(error, query)
    else:
        if not faults:
            return found
    raise Refusal(422, "bad-parameter", "The query has faults; nothing was done.", faults=tuple(faults))


def _names(model: type[BaseModel]) -> list[str]:
    """The parameters as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown(model: type[BaseModel], query: Mapping[str, str]) -> Iterator[Fault]:
    known = _names(model)
    for name in query:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
            yield Fault("unknown-parameter", "the parameter is unknown", column=name, hint=hint)


def _doubled(query: MultiDict[str, str]) -> Iterator[Fault]:
    for name, values in query.lists():
        if len(values) > 1:
            yield Fault("duplicate-parameter", "the parameter is given more than once", column=name)


def _wrong(error: ValidationError, query: Mapping[str, str]) -> Iterator[Fault]:
    for one in error.errors(include_url=False, include_context=False):
        name = str(one["loc"][0])
        message = one["msg"][:1].lower() + one["msg"][1:]
        yield Fault("bad-parameter", message, column=name, value=query.get(name))
