"""What the tables of a scenario file are made of: numbers that say what they are, and their range."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]


def number(
    default: float,
    says: str,
    unit: str,
    within: tuple[float, float],
    reason: str | None = None,
    grows: Literal["better", "worse"] | None = None,
    **more: Any,
) -> Any:
    """A number of the file: its default, what it is, its unit, and between what a tornado tries it.

    Parameters
    ----------
    reason : where the default comes from; one that has no source is an assumption
    grows : what more of it does to the share that is in time, where that is known
    more : as of any field; its title is a question that everybody is asked who makes a scenario
    """
    told: dict[str, JsonValue] = {
        "unit": unit,
        "low": within[0],
        "high": within[1],
        "reason": reason or "assumption: no public figure",
    }
    limits = {"ge": 0, "le": 1e9, **more}
    return Field(default=default, description=says, json_schema_extra={**told, "grows": grows}, **limits)


def unit(name: str) -> dict[str, JsonValue]:
    """What the schema says of a number without a range: its unit."""
    return {"unit": name}


class Part(BaseModel):
    """A table of the file; a key that it does not know is a fault."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=False, allow_inf_nan=False
    )


class Spread(Part):
    """A number that varies from case to case."""

    mean: float = Field(ge=0, description="on average")
    cv: float = Field(default=0.5, ge=0, le=10, description="their spread: standard deviation ÷ mean")
    kind: Literal["lognormal", "exponential", "fixed"] = Field(default="lognormal", description="their shape")
