"""The rows of the workbook's sheets, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scenarios.answers import (
    TOTAL,
    AreaAnswer,
    Band,
    Difference,
    Estimate,
    ScenarioAnswer,
    Tornado,
    VariantAnswer,
)
from scenarios.files import keys, value_at
from scenarios.scenario import Scenario
from scenarios.sources import sources

Row = Sequence[object]
MOST_YEARS: Final = 100
SUMMARY: Final = ("variant", "changed", "in one sentence", "what binds", "replications",
                  "completed in time (eligible)", "£ a year")  # fmt: skip
INPUTS: Final = ("key", "value")
ASSUMPTIONS: Final = ("key", "what it is", "value", "unit", "low", "high", "why")
FIGURES: Final = (
    "variant", "area", "notified a year", "completed a year", "open at the end", "10 %", "90 %",
    "days to allocation", "half-width", "at once", "to allocation, completed ones", "to the beginning",
    "to completion", "cleared in week", "10 %", "90 %", "on", "chance of that", "workload", "10 %", "90 %",
    "£ a year", "10 %", "90 %", "£ a review", "£ a review in time", "what binds",
)  # fmt: skip
IN_TIME: Final = ("variant", "area", "end", "of", "months", "share", "half-width", "target",
                  "chance of a year")  # fmt: skip
DIFFERENCES: Final = ("variant", "against", "figure", "unit", "there", "here", "difference", "half-width",
                      "sure")  # fmt: skip
STAFF: Final = ("variant", "group", "workload", "10 %", "90 %", "hours a year", "reviews a year")
TORNADO: Final = ("key", "what it is", "unit", "low", "value", "high", "at the lowest", "half-width",
                  "at the highest", "half-width", "between", "reversed", "why not the lowest",
                  "why not the highest")  # fmt: skip


def summary(answer: ScenarioAnswer) -> Iterator[Row]:
    """Yield a variant in a line."""
    for one in answer.variants:
        change = "; ".join(f"{key} = {value}" for key, value in one.change.items())
        completed = next(
            row for row in one.areas[0].in_time if (row.end, row.of) == ("completed", "eligible")
        )
        share = completed.share.mean if completed.share else None
        yield one.name, change, one.says, one.binds.says, one.replications, share, one.money.a_year.mean


def inputs(scenario: Scenario) -> Iterator[Row]:
    """Yield every key with its value."""
    for key in keys(scenario):
        value = value_at(scenario, key)
        yield key, value if isinstance(value, int | float | str) else str(value)


def assumptions(scenario: Scenario) -> Iterator[Row]:
    """Yield every number that nobody knows exactly, with its range and reason."""
    for one in sources(scenario):
        yield one.key, one.says, one.value, one.unit, one.low, one.high, one.reason


def figures(answer: ScenarioAnswer) -> Iterator[Row]:
    """Yield the figures of each variant in all areas, and in each."""
    for one in answer.variants:
        for area in one.areas:
            yield (one.name, *_of_area(area))


def _of_area(area: AreaAnswer) -> Row:
    clear, days, money = area.clearance, area.days, area.money
    on = None if clear.day is None else clear.day.isoformat()
    parts = (days.to_allocation, days.to_beginning, days.to_completion) if days else (None,) * 3
    return (
        area.area, area.notified_a_year, area.completed_a_year, *_band(area.at_end), *_estimate(area.wait),
        area.at_once, *parts, clear.week, clear.earliest, clear.latest, on, clear.chance,
        *_band(area.workload), *_band(money.a_year), money.a_review, money.a_review_in_time, area.binds.says,
    )  # fmt: skip


def in_time_columns(answer: ScenarioAnswer) -> Row:
    """The columns of shares: the whole run, then year by year."""
    years = len(answer.variants[0].areas[0].in_time[0].years) if answer.variants else 0
    return (*IN_TIME, *(f"year {at + 1}" for at in range(min(years, MOST_YEARS))))


def in_time(answer: ScenarioAnswer) -> Iterator[Row]:
    """Yield each share in time, in the whole run and year by year."""
    for one in answer.variants:
        for area in one.areas:
            for row in area.in_time:
                years = (each.mean if each else None for each in row.years[:MOST_YEARS])
                told = (*_estimate(row.share), row.target, row.chance)
                yield (one.name, area.area, row.end, row.of, row.months, *told, *years)


def differences(answer: ScenarioAnswer) -> Iterator[Row]:
    """Yield what each variant changes, and what the quick discipline says beside the allocation itself."""
    for one in answer.variants:
        yield from _changes(one, "base", one.against_base)
        yield from _changes(one, "the allocation itself; here the quick discipline", one.fast_differs)


def _changes(one: VariantAnswer, against: str, rows: Iterable[Difference]) -> Iterator[Row]:
    for row in rows:
        between = _estimate(row.difference)
        yield one.name, against, row.figure, row.unit, row.base, row.here, *between, row.is_sure


def staff(answer: ScenarioAnswer) -> Iterator[Row]:
    """Yield each group of each variant."""
    for one in answer.variants:
        for row in one.groups:
            yield one.name, row.group, *_band(row.workload), row.hours, row.reviews


def weeks(one: VariantAnswer) -> tuple[Row, Iterator[Row]]:
    """The columns, and the rows, of a variant's open cases: in all with their bands, then by stage."""
    rows = one.areas[0].weeks
    total = next(row for row in rows if row.stage == TOTAL)
    rest = [row for row in rows if row.stage != TOTAL]
    columns = ["week", "mean", "10 %", "90 %", "2.5 %", "97.5 %"]
    columns += [row.stage.replace("_", " ") for row in rest]
    bands = (total.mean, total.low_80, total.high_80, total.low_95, total.high_95)
    return columns, zip(range(len(total.mean)), *bands, *(row.mean for row in rest), strict=True)


def area_weeks(one: VariantAnswer) -> tuple[Row, Iterator[Row]]:
    """The columns, and the rows, of a variant's open cases on average, by area."""
    means = [next(row.mean for row in area.weeks if row.stage == TOTAL) for area in one.areas[1:]]
    return ["week", *(area.area for area in one.areas[1:])], zip(range(len(means[0])), *means, strict=True)


def tornado(found: Tornado) -> Iterator[Row]:
    """Yield each assumption at both ends of its range."""
    for bar in found.bars:
        yield (
            bar.key, bar.says, bar.unit, bar.low, bar.value, bar.high, *_estimate(bar.at_low),
            *_estimate(bar.at_high), bar.swing, bar.reversed, bar.low_cannot, bar.high_cannot,
        )  # fmt: skip


def about(answer: ScenarioAnswer) -> Iterator[Row]:
    """Yield where it comes from."""
    yield "seed", answer.seed
    yield "digest", answer.digest
    yield from answer.versions.items()


def _band(found: Band | None) -> Row:
    return (found.mean, found.low_80, found.high_80) if found else (None,) * 3


def _estimate(found: Estimate | None) -> Row:
    return (found.mean, found.half_width) if found else (None, None)
