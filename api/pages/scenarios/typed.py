"""What is typed into the fields of a scenario, as values; and values as what stands in fields.

What cannot be read stays as it was typed: the call says what is wrong with it, and the field shows it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from api.pages.scenarios.shapes import Shape, listed_of, shape_of, table_of
from api.pages.typed import DIGITS, PARTS, number_of, typed_day

Form = MultiDict[str, str]
LIST: Final = "_list"
"""Says with the path of a list that the form has it, though it may have no entry."""
_BETWEEN = re.compile(r"[;,\s]+")


def written(value: Any, shape: Shape) -> str:
    """A value as it stands in a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value * shape.scale:.{DIGITS}g}"
    if isinstance(value, list | tuple):
        return "; ".join(written(one, shape) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def amount(value: Any, shape: Shape) -> str:
    """A value with its unit, to be read."""
    text, unit = written(value, shape), shape.unit
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = f"{value * shape.scale:,.{DIGITS}g}"
    return f"£{text}" if unit == "£" else f"{text}%" if unit == "%" else f"{text} {unit}".strip()


def document_of(
    model: type[BaseModel], before: Mapping[str, Any], form: Form, path: str = ""
) -> dict[str, Any]:
    """The document that a form makes of the one that it was made from.

    Parameters
    ----------
    before : what the form does not ask stays as it is here
    path : where the document stands in the whole one
    """
    found = dict(before)
    for name, info in model.model_fields.items():
        at, table, part, shape = f"{path}{name}", table_of(info), listed_of(info), shape_of(info)
        if table is not None:
            found[name] = document_of(table, before.get(name) or {}, form, f"{at}/")
        elif part is not None and places(form, at):
            found[name] = [document_of(part, {}, form, f"{at}/{n}/") for n in places(form, at)]
        elif part is not None and f"{LIST}/{at}" in form:
            found[name] = []
        elif shape is not None and (text := text_of(form, at, shape)) is not None:
            found[name] = value_of(text, shape)
    return found


def places(form: Form, path: str) -> list[int]:
    """The numbers of the entries of a list that a form has, in their order."""
    named = re.compile(rf"{re.escape(path)}/(\d{{1,5}})/")
    return sorted({int(match[1]) for name in form if (match := named.match(name))})


def text_of(form: Form, path: str, shape: Shape) -> str | None:
    """What was typed into a field; None: the form has none."""
    if shape.kind == "day":
        return typed_day(form, path) if all(f"{path}-{part}" in form for part in PARTS) else None
    text = form.get(path)
    return None if text is None else text.strip()


def value_of(text: str, shape: Shape) -> Any:
    """What a text says."""
    if shape.kind in ("number", "whole"):
        return number_of(text, shape.scale) if text or not shape.is_optional else None
    if shape.kind == "numbers":
        return [number_of(one, 1) for one in _BETWEEN.split(text) if one]
    if shape.kind == "names":
        return [one.strip() for one in text.split(";") if one.strip()]
    if shape.kind == "yes-no":
        return {"yes": True, "no": False}.get(text, text)
    return None if shape.is_optional and not text else text


def numbers_in(text: str) -> Iterator[tuple[str, float | int | str]]:
    """Yield each number of a row, as it was typed and what it is."""
    for one in filter(None, _BETWEEN.split(text)):
        yield one, number_of(one)
