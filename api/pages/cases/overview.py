"""How a case stands: state, clocks, who has it, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from markupsafe import Markup

from api.pages.areas import called
from api.pages.cases.one import ENDED, ONE, SEE, case_of, shown
from api.pages.cases.said import MOVED, MOVES
from api.pages.charts.timeline import Mark, Stretch, timeline
from api.pages.links import link
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.pages.stale import ask_as_shown
from api.words import day as in_words

LOOKED_AT: Final = "3"
"""Of so many plans, the newest, a case tells what is proposed."""


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    presses = {state: partial(_move, state) for state in MOVES}
    return (PageRoute(ONE, "case", SEE, _show, presses),)


def _show(page: Page) -> Shown:
    case = case_of(page)
    if not case["record"]:
        return shown(page, "overview", case=case)
    clocks = page.ask("case-clocks", page.path)
    marks = _marks(case, clocks)
    return shown(
        page,
        "overview",
        case=case,
        clocks=clocks,
        area=called(page, "area", case["record"]["area"]),
        proposed=_proposed(page, case),
        has_second=_has_second(page, case["record"]["review_type"]),
        is_late=_is_late(case, clocks),
        moves=[(state, MOVES[state]) for state in case["next_states"] if state in MOVES],
        line=_line(case["id"], marks, clocks),
        days=list(_days(marks, clocks)),
    )


def _proposed(page: Page, case: Json) -> Json:
    """What the newest plan that changes who leads a case says of it; None: nobody asks, or none does."""
    if case["lead"] or not page.may("approve"):
        return None
    for plan in page.ask("plans", query={"limit": LOOKED_AT})["items"]:
        about = {"case_id": case["id"]}
        for line in page.ask("plan-lines", {"plan": str(plan["plan"])}, about)["items"]:
            if line["role"] == "lead" and line["state"] in ("proposed", "approved"):
                return {**line, "plan": plan["plan"]}
    return None


def _move(state: str, page: Page) -> GoTo:
    ask_as_shown(page, "move-case", page.path, {"state": state})
    return GoTo(link("cases", page.path["record_id"]), MOVED[state])


def _has_second(page: Page, review_type: str) -> bool:
    """Whether reviews of a type have a second reviewer."""
    types = page.ask("get-policy")["policy"]["review_types"]
    return bool(types.get(review_type, {}).get("second"))


def _marks(case: Json, clocks: Json) -> list[Mark]:
    """The days that stand on the line."""
    as_of, ended = date.fromisoformat(clocks["as_of"]), case["state"] in ENDED
    found = [
        Mark(date.fromisoformat(clocks["notified_on"]), "Notified"),
        Mark(date.fromisoformat(clocks["allocate_by"]), "Allocate by", True),
        Mark(date.fromisoformat(clocks["complete_by"]), "Complete by", True),
        Mark(as_of, "Ended" if ended else "Today"),
    ]
    if case["lead"]:
        found.append(Mark(date.fromisoformat(case["lead"]["allocated_on"]), "Allocated"))
    return found


def _is_late(case: Json, clocks: Json) -> bool:
    """Whether a day has passed by which something should have happened to it."""
    if clocks["on_hold"] or case["merged_into"] or case["state"] in ENDED:
        return False
    due: list[str] = [clocks["complete_by"], *([] if case["lead"] else [clocks["allocate_by"]])]
    return min(due) < str(clocks["as_of"])


def _line(case_id: str, marks: list[Mark], clocks: Json) -> Markup:
    today = date.fromisoformat(clocks["as_of"])
    holds = [
        Stretch(date.fromisoformat(one["since"]), date.fromisoformat(one["until"]) if one["until"] else today)
        for one in clocks["holds"]
    ]
    due = date.fromisoformat(clocks["complete_by"])
    return timeline(f"The clock of {case_id}", marks, holds, today, due)


def _days(marks: list[Mark], clocks: Json) -> Iterator[tuple[str, str]]:
    """Yield each day of the line, and each hold, in words for the table beside it."""
    rows = [(one.day.isoformat(), one.words, in_words(one.day)) for one in marks]
    rows += [(one["since"], "On hold", _hold(one)) for one in clocks["holds"]]
    yield from ((words, told) for _, words, told in sorted(rows))


def _hold(one: Json) -> str:
    since = f"From {in_words(one['since'])}"
    if one["until"]:
        return f"{since} until {in_words(one['until'])}, {one['days']} days"
    expected = f", expected to end on {in_words(one['expected'])}" if one["expected"] else ""
    return f"{since}, still open{expected}"
