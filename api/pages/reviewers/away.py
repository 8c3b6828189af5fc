"""Somebody will be away, or is leaving: when, what happens to their cases, and who would take them over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from allocator.errors import BadInput, Fault
from allocator.fields import EARLIEST, LATEST
from api.errors import problem_of
from api.pages.absences import ABSENCE
from api.pages.forms import Typed, Wrong
from api.pages.links import link
from api.pages.page import FAILURES, GoTo, Page, PageRoute, Shown
from api.pages.reviewers.one import ELSEWHERE
from api.pages.reviewers.words import path_of
from api.pages.stale import ask_as_shown, next_version
from api.pages.typed import day_of
from api.pages.whose import keep
from api.roles import STAFF
from api.words import count, day

Json = Any
SECONDS: Final = "3"
"""Of each search, while somebody waits for the page."""
LAST: Final = {"leaves_on": "Last working day"}
HAND_OVER: Final = "hand-over"


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    one = "/reviewers/<record_id>"
    return (
        PageRoute(f"{one}/away", "reviewer-away", STAFF, _away, {"ask": _ask_away, "decide": _decide_away}),
        PageRoute(f"{one}/leaving", "reviewer-leaving", STAFF, _leaving,
                  {"ask": _ask_leaving, "decide": _decide_leaving, "stay": _stay}),
    )  # fmt: skip


def _away(page: Page) -> Shown:
    first, last = page.query.get("from", ""), page.query.get("to", "")
    asked = {"first_day": first, "last_day": last} if _after(first) and _after(last) else None
    return _shown(page, "reviewer_away.html", asked, {"first": first, "last": last})


def _ask_away(page: Page) -> GoTo:
    typed = Typed(page.form, ABSENCE)
    first, last = typed.day("from", is_needed=True), typed.day("to", is_needed=True)
    if first and last and last < first:
        fault = Fault("reversed-dates", "is before the first", pointer="/to", column=ABSENCE["to"],
                      hint="give the same day or a later one")  # fmt: skip
        typed.faults.append(fault)
    typed.check()
    return GoTo(path_of(page.path["record_id"], "away") + f"?from={first}&to={last}")


def _decide_away(page: Page) -> GoTo:
    is_handed = _is_handed(page)
    first, last = page.query.get("from", ""), page.query.get("to", "")
    keep(page, "absence", page.path["record_id"], {"from": first, "to": last}, Typed(page.form, ABSENCE))
    said = f"The absence from {day(first)} to {day(last)} is kept."
    return _done(page, said, first if is_handed else None)


def _leaving(page: Page) -> Shown:
    last = page.query.get("last_day", "")
    first = _after(last)
    return _shown(page, "reviewer_leaving.html", {"first_day": first} if first else None, {"last": last})


def _ask_leaving(page: Page) -> GoTo:
    typed = Typed(page.form, LAST)
    last = typed.day("leaves_on", is_needed=True)
    typed.check()
    return GoTo(path_of(page.path["record_id"], "leaving") + f"?last_day={last}")


def _decide_leaving(page: Page) -> GoTo:
    is_handed, last = _is_handed(page), page.query.get("last_day", "")
    first = _after(last)
    if first is None:
        raise BadInput([Fault("not-a-date", "is not a date that can be", pointer="/leaves_on",
                              column=LAST["leaves_on"], hint="give it again")])  # fmt: skip
    record = page.ask("get-reviewer", page.path)["record"]
    if record.get("leaves_on") != last:
        _put(page, {**record, "leaves_on": last})
    said = f"The last working day is {day(last)}."
    return _done(page, said, first if is_handed else None)


def _stay(page: Page) -> GoTo:
    record = page.ask("get-reviewer", page.path)["record"]
    _put(page, {name: value for name, value in record.items() if name != "leaves_on"})
    return GoTo(path_of(page.path["record_id"]), "The last working day is taken back: they are staying.")


def _put(page: Page, record: Mapping[str, Json]) -> None:
    try:
        ask_as_shown(page, "put-reviewer", page.path, record)
    except BadInput as error:
        raise Typed(page.form, LAST).in_words(error) from error


def _is_handed(page: Page) -> bool:
    """Whether their cases are to be handed over.

    Raises
    ------
    BadInput
        Nothing is chosen.
    """
    chosen = page.form.get("cases", "")
    if not chosen:
        hint = "choose whether they keep them, or others take them over"
        column = "What happens to their cases"
        raise BadInput([Fault("missing-value", "is missing", pointer="/cases", column=column, hint=hint)])
    return chosen == HAND_OVER


def _done(page: Page, said: str, first_day: str | None) -> GoTo:
    """Where it goes on: to the plan that says who takes over from a day on, or back to the reviewer."""
    who = page.path["record_id"]
    if first_day is None:
        return GoTo(path_of(who), f"{said} They keep their cases.")
    wish = {"first_day": first_day, "time_limit": float(SECONDS)}
    try:
        made = page.ask("hand-over", page.path, body=wish)
    except FAILURES as error:
        why = problem_of(error).problem.detail
        return GoTo(path_of(who), f"{said} No plan of who takes over their cases was made: {why}")
    lines = count(sum(made["lines"].values()), "place")
    more = f"This plan says who takes over {lines} from {who}. They keep them until you publish it."
    return GoTo(link("plans", made["plan"]), f"{said} {more}")


def _shown(page: Page, template: str, asked: dict[str, str] | None, more: dict[str, Json]) -> Shown:
    found = page.ask("get-reviewer", page.path)
    over = (
        None if asked is None else page.ask("reviewer-handover", page.path, asked | {"time_limit": SECONDS})
    )
    said = {
        "who": found["id"],
        "version": next_version(page, found["version"]),
        "record": found["record"],
        "over": over,
        "rows": [] if over is None else _rows(over),
        "elsewhere": 0 if over is None else _elsewhere(over),
        "late": [] if over is None else [one for one in over["kept"] if one["on_time"] is False],
        "wrong": Wrong(page),
    }
    return Shown(template, said | more)


def _rows(over: Json) -> list[Json]:
    """Every place that they have: as it would be if they kept it, and who would take it over."""
    kept, taken, left = ({(one["case_id"], one["role"]): one for one in over[part]}
                         for part in ("kept", "taken", "left"))  # fmt: skip
    places = [place for place in dict.fromkeys([*kept, *taken, *left]) if place[0] != ELSEWHERE]
    return [
        {
            "case_id": case_id,
            "role": role,
            "kept": kept.get((case_id, role)),
            "taken": taken.get((case_id, role)),
            "left": left.get((case_id, role)),
            "stays": case_id in over["stays"],
        }
        for case_id, role in places
    ]


def _elsewhere(over: Json) -> int:
    """How many places of other areas' cases there are: who takes those, is theirs to say."""
    handed = [one["case_id"] for one in (*over["taken"], *over["left"])]
    return [*handed, *over["stays"]].count(ELSEWHERE)


def _after(last: str) -> str | None:
    """The day after a last day; None where that is no day that anybody works on."""
    found = day_of(last)
    if found is None or not EARLIEST <= found <= LATEST:
        return None
    return (found + timedelta(days=1)).isoformat()
