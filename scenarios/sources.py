"""Where each number of a scenario comes from, between what it lies, and which are assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scenarios.scenario import Scenario

NO_SOURCE = "assumption"


@dataclass(frozen=True)
class Source:
    """One number of a scenario that nobody knows exactly.

    Parameters
    ----------
    key : with dots, as variants name it
    grows : what more of it does to the share in time, where that is known
    """

    key: str
    value: float
    unit: str
    low: float
    high: float
    reason: str
    says: str
    grows: Literal["better", "worse"] | None = None

    @property
    def is_assumption(self) -> bool:
        """Whether no public figure was found for it."""
        return self.reason.startswith(NO_SOURCE)


def sources(scenario: Scenario) -> tuple[Source, ...]:
    """Every number with a range: the shipped one, or the scenario's own."""
    return tuple(_of(scenario, scenario, ""))


def assumed(scenario: Scenario) -> tuple[Source, ...]:
    """Those without a public figure."""
    return tuple(one for one in sources(scenario) if one.is_assumption)


def _of(scenario: Scenario, part: BaseModel, prefix: str) -> Iterator[Source]:
    for name, told in type(part).model_fields.items():
        value = getattr(part, name)
        key = f"{prefix}.{name}" if prefix else name
        if name in ("variants", "assumptions"):
            continue
        if isinstance(value, BaseModel):
            yield from _of(scenario, value, key)
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, BaseModel) and hasattr(one, "name"):
                    yield from _of(scenario, one, f"{key}.{one.name}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from _one(scenario, key, float(value), told)


def _one(scenario: Scenario, key: str, value: float, told: FieldInfo) -> Iterator[Source]:
    extra = cast("dict[str, Any]", told.json_schema_extra or {})
    own = scenario.assumptions.get(key)
    if own is None and "low" not in extra:
        return
    low, high = (own.low, own.high) if own else _around(value, extra["low"], extra["high"], told.default)
    reason = own.reason if own else str(extra["reason"])
    yield Source(
        key, value, str(extra.get("unit", "")), low, high, reason, told.description or "", extra.get("grows")
    )


def _around(value: float, low: float, high: float, shipped: float) -> tuple[float, float]:
    """The range of a value: the shipped one, or its like in proportion where the value lies outside of it."""
    if low <= value <= high or not value or not shipped:
        return low, high
    return low * value / shipped, high * value / shipped
