"""What a scenario, a size and a tornado say, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from api.cli import screen
from scenarios.answers import Difference, ScenarioAnswer, Tornado, VariantAnswer
from scenarios.report import words
from scenarios.sizing import Sized
from scenarios.sizing.answers import Point


def answer(found: ScenarioAnswer) -> None:
    """Print every variant, and the tornado where there is one."""
    if len(found.variants) > 1:
        screen.say(found.says)
    for one in found.variants:
        _variant(one)
    if found.tornado is not None:
        screen.heading("which assumptions matter")
        tornado(found.tornado)


def _variant(one: VariantAnswer) -> None:
    whole, money = one.areas[0], one.money
    screen.heading(one.name)
    screen.say(one.says, f"What binds: {one.binds.says}.", "")
    rows = [
        (
            f"{row.end} within {row.months:g} months, {row.of}",
            words.estimated(row.share),
            words.NOTHING if row.target is None else f"{row.target:.0%}",
            words.NOTHING if row.chance is None else f"{row.chance:.0%}",
        )
        for row in whole.in_time
    ]
    screen.table(("in time", "share", "wanted", "years that reach it"), rows)
    per = "" if money.a_review is None else f", {words.pounds(money.a_review)} a review"
    if money.a_review_in_time is not None:
        per += f", {words.pounds(money.a_review_in_time)} a review in time"
    screen.say(
        "",
        f"Until allocation: {words.estimated(whole.wait, 'days')} days",
        f"Nobody overdue any more: {words.cleared(whole.clearance)}",
        f"{words.banded(money.a_year, '£')} a year{per}",
    )
    if len(one.areas) > 1:
        _areas(one)
    _compared(("against the base", "base", "here"), one.against_base)
    _compared(("the quick discipline instead", "allocation itself", "quick"), one.fast_differs)


def _areas(one: VariantAnswer) -> None:
    rows = [
        (
            area.area,
            f"{area.at_end.mean:.0f}",
            *(words.share(row.share.mean) if row.share else words.NOTHING
              for row in area.in_time if row.of == "eligible"),
            words.share(area.workload.mean) if area.workload else words.NOTHING,
            words.pounds(area.money.a_year.mean),
            area.binds.says,
        )
        for area in one.areas
    ]  # fmt: skip
    columns = ("area", "open at the end", "allocated", "begun", "completed in time", "workload", "a year")
    screen.say("")
    screen.table((*columns, "what binds"), rows)


def _compared(columns: tuple[str, str, str], rows: Sequence[Difference]) -> None:
    """Print a table of differences, if there are any."""
    if not rows:
        return
    listed = []
    for row in rows:
        form = words.FORMS[row.unit]
        listed.append((row.figure, form(row.base), form(row.here), words.changed_by(row)))
    screen.say("")
    screen.table((*columns, "difference"), listed)


def size(found: Sized) -> None:
    """Print how many are needed, what more and less chance costs, and each area's part."""
    screen.say(found.says, "")
    rows = [
        (
            f"{one.wte:g}",
            *(f"{one.groups[name]:g}" for name in found.groups if len(found.groups) > 1),
            f"{one.chance:.0%}",
            *_shares(one),
            words.pounds(one.cost),
        )
        for one in found.frontier
    ]
    several = found.groups if len(found.groups) > 1 else ()
    first = "WTE" if several else f"WTE of {found.groups[0]}"
    ends = [f"{row.end} in time" for row in found.steady.at.shares]
    screen.table((first, *several, "years that reach it", *ends, "a year"), rows)
    if len(found.areas) > 1:
        _sized_areas(found)


def _shares(one: Point) -> list[str]:
    return [words.share(row.share.mean) if row.share else words.NOTHING for row in one.shares]


def _sized_areas(found: Sized) -> None:
    rows = []
    for one in found.areas:
        extra = [f"{one.extra.get(name, 0.0):g}" for name in found.groups] if found.clearing else []
        chance = words.NOTHING if one.chance is None else f"{one.chance:.0%}"
        posts = [f"{one.groups.get(name, 0.0):g}" for name in found.groups]
        rows.append((one.area, *posts, *extra, chance, words.pounds(one.cost), "" if one.met else "not met"))
    more = [f"more {name}" for name in found.groups] if found.clearing else []
    screen.say("")
    screen.table(("area", *found.groups, *more, "years that reach it", "a year", ""), rows)


def tornado(found: Tornado) -> None:
    """Print each assumption, the one that matters most first."""
    if found.base is not None:
        screen.say(f"Completed in time (eligible): {words.estimated(found.base)}", "")
    rows = [
        (
            one.key,
            f"{one.low:g} … {one.value:g} … {one.high:g} {one.unit}",
            words.ended(one, is_high=False),
            words.ended(one, is_high=True),
            "reversed!" if one.reversed else "",
        )
        for one in found.bars
    ]
    screen.table(("assumption", "range", "at the lowest", "at the highest", ""), rows)
    if found.untried:
        screen.say("", f"No time was left for: {', '.join(found.untried)}")
