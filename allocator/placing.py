"""What a plan does for the cases of each area, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import Field

from allocator.plan import Part


class Placing(Part):
    """What becomes of some cases in a plan; leads, unless it says seconds."""

    placed: int = Field(description="Waiting cases that get a lead")
    placed_late: int = Field(description="Those of them that are forecast to be late")
    moved: int = Field(description="Cases that change hands")
    moved_late: int = Field(description="Those of them that are forecast to be late")
    moved_waiting: int = Field(
        description="Those that change hands and wait: who is named as having had them does so no more"
    )
    moved_waiting_late: int = Field(description="Those of them that are forecast to be late")
    kept: int = Field(description="Cases that stay with who has them, those on hold included")
    kept_late: int = Field(description="Those of them that are forecast to be late")
    without: int = Field(description="Waiting cases that get no lead")
    on_hold: int = Field(description="Cases without a lead that get none because they are on hold")
    seconds: int = Field(description="Places of a second that are filled anew")
    seconds_without: int = Field(description="Places of a second that stay empty")

    @staticmethod
    def of(counts: Mapping[str, int]) -> Placing:
        """The same from how often each was counted."""
        return Placing(**{name: counts.get(name, 0) for name in Placing.model_fields})


def placing(
    assignments: Iterable[Mapping[str, Any]],
    unassigned: Iterable[Mapping[str, Any]],
    area_of: Mapping[str, str],
    waiting: Collection[str] = (),
) -> dict[str, Placing]:
    """By area what a plan does for its cases.

    Parameters
    ----------
    assignments, unassigned : rows of the plan
    area_of : by case its area; other cases are not counted
    waiting : cases that nobody had when they were planned, though somebody is named whom they are moved from
    """
    counts: dict[str, Counter[str]] = {area: Counter() for area in sorted(set(area_of.values()))}
    for row in assignments:
        if row["case_id"] in area_of:
            counts[area_of[row["case_id"]]].update(_filled(row, row["case_id"] in waiting))
    for row in unassigned:
        if row["case_id"] in area_of:
            counts[area_of[row["case_id"]]].update(_empty(row))
    return {area: Placing.of(each) for area, each in counts.items()}


def together(each: Iterable[Placing]) -> Placing:
    """The figures of all of them."""
    total: Counter[str] = Counter()
    for one in each:
        total.update(one.model_dump())
    return Placing.of(total)


_LEADS = {"new": "placed", "moved": "moved", "kept": "kept"}


def _filled(row: Mapping[str, Any], waits: bool) -> tuple[str, ...]:
    """What a filled place counts as."""
    if row["role"] != "lead":
        return () if row["change"] == "kept" else ("seconds",)
    name = _LEADS[row["change"]]
    names = (name, "moved_waiting") if name == "moved" and waits else (name,)
    return (*names, *(f"{one}_late" for one in names)) if row["on_time"] is False else names


def _empty(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What an empty place counts as."""
    if row["role"] != "lead":
        return ("seconds_without",)
    return ("on_hold",) if row["reason_code"] == "on_hold" else ("without",)
