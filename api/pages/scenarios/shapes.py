"""What a key of a scenario's schema can hold, and so how it is asked: a number, a day, a choice, a table."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Kind = Literal["number", "whole", "yes-no", "choice", "day", "text", "numbers", "names"]
OF_TEN: Final = "years of ten"
LIMITS: Final = ("ge", "gt", "le", "lt")
SIMPLE: Final[Mapping[type, Kind]] = {
    bool: "yes-no", int: "whole", float: "number", date: "day", str: "text"
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What one key can hold, if it is no table.

    Parameters
    ----------
    scale : a share is asked for in percent, a chance in years of ten
    low, high : between what a number may lie; None: no limit
    """

    kind: Kind
    is_optional: bool
    options: tuple[str, ...] = ()
    unit: str = ""
    scale: int = 1
    low: float | None = None
    high: float | None = None


def table_of(info: FieldInfo) -> type[BaseModel] | None:
    """The table that a key holds; None: it holds something else."""
    return _table(info.annotation)


def listed_of(info: FieldInfo) -> type[BaseModel] | None:
    """The table that a key holds some of, one after the other; None: it holds something else."""
    return _table(_entry(info.annotation))


def shape_of(info: FieldInfo) -> Shape | None:
    """What a key can hold; None for a table, and for what a form cannot ask."""
    plain, is_optional = _plain(info.annotation)
    if get_origin(plain) is Literal:
        return Shape("choice", is_optional, tuple(map(str, get_args(plain))))
    entry = _plain(_entry(plain))[0]
    if entry in (float, int):
        return Shape("numbers", is_optional)
    if entry is str:
        return Shape("names", is_optional)
    kind = SIMPLE.get(plain) if isinstance(plain, type) else None
    if kind not in ("number", "whole"):
        return None if kind is None else Shape(kind, is_optional)
    found = list(_limits(info))
    low = max((value for is_low, value in found if is_low), default=None)
    high = min((value for is_low, value in found if not is_low), default=None)
    extra = cast("dict[str, Any]", info.json_schema_extra or {})
    unit = str(extra.get("unit", ""))
    is_share = unit.startswith("share") or (low, high) == (0, 1)
    scale = 10 if unit == OF_TEN else 100 if is_share and kind == "number" else 1
    return Shape(kind, is_optional, (), "%" if scale == 100 else unit, scale, low, high)


def _table(kind: object) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _entry(kind: object) -> Any:
    """What a row of any length holds; None: it is none."""
    parts = get_args(kind)
    return parts[0] if get_origin(kind) is tuple and len(parts) == 2 and parts[1] is Ellipsis else None


def _plain(kind: object) -> tuple[Any, bool]:
    """A type without its limits, and whether it may be left empty."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        parts = [part for part in get_args(kind) if part is not type(None)]
        if len(parts) == 1:
            return _plain(parts[0])[0], len(parts) < len(get_args(kind))
    return kind, False


def _limits(info: FieldInfo) -> Iterator[tuple[bool, float]]:
    """Yield each limit, and whether it is a lowest."""
    for one in (*info.metadata, *_marks(info.annotation)):
        for name in LIMITS:
            value = getattr(one, name, None)
            if value is not None:
                yield name.startswith("g"), float(value)


def _marks(kind: object) -> Iterator[object]:
    """Yield what stands beside the types within a type; of a field of limits, each."""
    for part in get_args(kind):
        if isinstance(part, FieldInfo):
            yield from part.metadata
        elif get_origin(part) is Annotated or get_origin(part) in (Union, types.UnionType):
            yield from _marks(part)
