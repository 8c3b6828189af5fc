"""How a forecast came out, once later counts are published: the only room that is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from allocator.errors import BadInput, Fault
from scenarios.answers import Band, Part
from scenarios.counts import Published
from scenarios.estimates import short
from scenarios.matched import Matched


class Scored(Part):
    """One figure that was foretold, and what came."""

    on: date
    figure: str
    published: float
    source: str
    forecast: Band
    error: float = Field(description="Cases: the forecast's mean less what came")
    error_share: float | None = Field(description="Of what came")
    in_80: bool = Field(description="What came is between what eight of ten runs say")
    in_95: bool = Field(description="What came is between what nineteen of twenty say")


def score(matched: Matched, later: Sequence[Published]) -> tuple[Scored, ...]:
    """Each figure of later counts beside its forecast; nothing where there is no forecast."""
    told = {(one.on, one.figure): one.cases for one in matched.forecasts}
    found = []
    for one in later:
        cases = told.get((one.on, one.figure))
        if cases is None:
            continue
        error = cases.mean - one.cases
        found.append(
            Scored(
                on=one.on,
                figure=one.figure,
                published=one.cases,
                source=one.source,
                forecast=cases,
                error=short(error),
                error_share=short(error / one.cases) if one.cases else None,
                in_80=cases.low_80 <= one.cases <= cases.high_80,
                in_95=cases.low_95 <= one.cases <= cases.high_95,
            )
        )
    return tuple(found)


def check_foretold(later: Sequence[Published], days: Sequence[date], file: str | None = None) -> None:
    """Nothing, if every day that is to be scored is foretold.

    Raises
    ------
    BadInput
        With each figure that is not.
    """
    hint = "--at DATE foretells it"
    faults = [
        Fault("not-foretold", "this day is not foretold", file, pointer=one.pointer, value=str(one.on),
              hint=hint)
        for one in later
        if one.on not in days
    ]  # fmt: skip
    if faults:
        raise BadInput(faults)
