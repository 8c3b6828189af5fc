"""A kept plan: how good it is, and what changes by case, by reviewer and by area; its lines approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from math import ceil
from typing import Any, Final

from api.errors import Refusal
from api.pages import plan_words
from api.pages.areas import area_names, areas_of
from api.pages.charts.bars import Bar, bars
from api.pages.charts.map import Spot, area_map
from api.pages.links import link
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.plans import LOOKERS
from api.pages.typed import place_of
from api.words import count

Json = Any
VIEWS: Final[Mapping[str, tuple[str, str]]] = {
    "case": ("By case", "plan-lines"),
    "reviewer": ("By reviewer", "plan-workloads"),
    "area": ("By area", "kept-plan"),
    "unplaced": ("Not placed", "plan-unassigned"),
    "fragile": ("Fragile", "plan-chances"),
}
"""What a plan is looked at by: what that is called, and the call that it needs."""
FILES: Final[Mapping[str, str]] = {
    "lines": "What changes, line by line",
    "assignments": "Who has what, with what stays as it is",
    "unassigned": "What is not placed, and why",
    "workloads": "How full everybody is",
}
"""Parts of a plan that are files as well."""
OF_WAITING: Final = ("area", "unplaced", "fragile")
"""Views that speak of all that waits: a plan of who takes over from somebody has nothing to say of it."""
A_PAGE = 50
OPEN = ("proposed", "approved")


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    presses = {"approve": _approve, "approve-all": _approve_all}
    return (PageRoute("/plans/<plan>", "plan", LOOKERS, show, presses),)


def show(page: Page) -> Shown:
    """The plan, looked at as is asked for."""
    kept = page.ask("kept-plan", page.path)
    left_out = OF_WAITING if kept["handover"] and page.may("plan-lines") else ()
    views = {name: text for name, (text, call) in VIEWS.items() if page.may(call) and name not in left_out}
    view = page.query.get("view", "")
    view = view if view in views else next(iter(views))
    lines = page.ask("plan-lines", page.path)["items"] if page.may("plan-lines") else []
    said = {
        "plan": kept,
        "names": area_names(page),
        "views": views,
        "view": view,
        "lines": lines,
        "counts": _counts(lines),
        "to_approve": sum(_may_be_approved(one) for one in lines),
        "to_publish": sum(one["state"] == "approved" and not one["stale"] for one in lines),
        "stale": [one for one in lines if one["stale"]],
        "lacking": [one for one in lines if one["missing"] and one["state"] in OPEN],
        "publications": sorted({one["publication"] for one in lines if one["publication"]}),
        "may_change": page.may("approve"),
        "words": plan_words,
        "files": FILES,
    }
    return Shown("plan.html", said | _SHOW[view](page, kept, lines))


def _counts(lines: list[Json]) -> dict[str, int]:
    """How many lines are in each state."""
    found = dict.fromkeys(plan_words.LINE_STATES, 0)
    for one in lines:
        found[one["state"]] += 1
    return found


def _may_be_approved(line: Json) -> bool:
    """Whether a line waits for approval, and could be published with it."""
    return line["state"] == "proposed" and not line["stale"]


def _by_case(page: Page, _: Json, lines: list[Json]) -> Json:
    wanted = page.query.get("state", "")
    some = [one for one in lines if wanted in ("", one["state"])]
    return _one_page(page, some) | {"state": wanted, "ticked": page.form.getlist("line")}


def _by_reviewer(page: Page, _: Json, lines: list[Json]) -> Json:
    gains, loses = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for one in lines:
        gains[one["reviewer_id"]].append(one["case_id"])
        if one["previous_reviewer_id"]:
            loses[one["previous_reviewer_id"]].append(one["case_id"])
    loads = page.ask("plan-workloads", page.path)["items"]
    loads.sort(key=lambda one: (-(one["workload_percent"] or 0), one["reviewer_id"]))
    some = _one_page(page, loads)
    mine = [one for one in some["rows"] if one["capacity_hours"] is not None]
    rows = [Bar(one["reviewer_id"], one["held_percent"], one["workload_percent"]) for one in mine]
    says = "For each reviewer how full they are with what they keep, and with what the plan gives them."
    chart = bars("Workload before and after the plan", says, rows) if rows else ""
    return some | {"gains": gains, "loses": loses, "chart": chart}


def _by_area(page: Page, kept: Json, _: list[Json]) -> Json:
    found = areas_of(page)
    spots = [
        Spot(code, at["latitude"], at["longitude"], told["waiting"], told["placed"])
        for code, told in ((code, plan_words.waiting(one)) for code, one in kept["by_area"].items())
        if (at := found.get(code, {})).get("latitude") is not None and at.get("longitude") is not None
    ]
    says = "Each circle is an area, as large as what waits there; its filled part is placed."
    return {"chart": area_map("What the plan places, by area", says, spots) if spots else ""}


def _unplaced(page: Page, _: Json, __: list[Json]) -> Json:
    rows = page.ask("plan-unassigned", page.path)["items"]
    on_hold = [one for one in rows if one["reason_code"] == "on_hold"]
    return _one_page(page, [one for one in rows if one["reason_code"] != "on_hold"]) | {"on_hold": on_hold}


def _fragile(page: Page, _: Json, lines: list[Json]) -> Json:
    found = page.ask("plan-chances", page.path)
    rows = sorted(found["lines"], key=lambda one: (one["on_time_chance"], one["case_id"]))
    fragile = [one for one in rows if one["fragile"] and one["planned_on_time"]]
    late = [one for one in rows if not one["planned_on_time"]]
    changed = {one["case_id"] for one in lines if one["role"] == "lead"}
    return _one_page(page, fragile) | {"chances": found, "changed": changed, "late": late}


_SHOW: Final[Mapping[str, Callable[[Page, Json, list[Json]], Json]]] = {
    "case": _by_case,
    "reviewer": _by_reviewer,
    "area": _by_area,
    "unplaced": _unplaced,
    "fragile": _fragile,
}


def _one_page(page: Page, rows: list[Json]) -> dict[str, Json]:
    """The rows of the page that is asked for, and where it stands among all."""
    last = max(1, ceil(len(rows) / A_PAGE))
    at = place_of(page.query.get("page", ""), last)
    first = A_PAGE * (at - 1)
    return {"rows": rows[first : first + A_PAGE], "all_rows": len(rows), "at": at, "last": last}


def _approve(page: Page) -> GoTo:
    seats = seats_ticked(page)
    done = page.ask("approve", page.path, body={"lines": seats})["items"]
    return _approved(page, len(done))


def _approve_all(page: Page) -> GoTo:
    """What is out of date stays as it is: it could not be published."""
    lines = page.ask("plan-lines", page.path)["items"]
    seats = [{"case_id": one["case_id"], "role": one["role"]} for one in lines if _may_be_approved(one)]
    if not seats:
        raise Refusal(409, "nothing-to-publish", "No line waits for approval any more.")
    return _approved(page, len(page.ask("approve", page.path, body={"lines": seats})["items"]))


def _approved(page: Page, number: int) -> GoTo:
    said = f"{count(number, 'line')} approved. Nothing has changed for anybody until you publish."
    return GoTo(link("plans", page.path["plan"]), said)


def seats_ticked(page: Page) -> list[Json]:
    """The places of the lines that were ticked.

    Raises
    ------
    Refusal
        None was.
    """
    ticked = page.form.getlist("line")
    if not ticked:
        raise Refusal(422, "bad-input", "Tick at least one line.")
    return [plan_words.seat_of(text) for text in ticked]
