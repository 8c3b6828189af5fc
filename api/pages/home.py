"""Where people come to when they have signed in: what needs them, and the one next thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.errors import BadInput
from allocator.store.callers import Role
from api import words
from api.pages.areas import own_areas
from api.pages.links import link
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.pages.ready import ready_of
from api.pages.things import THINGS
from api.roles import EVERYONE, STAFF

REMEMBERED = "home"
COUNTS = {
    "to_allocate": "Nobody leads them yet",
    "overdue": "Past the day by which they should be allocated or completed",
    "at_risk": "Begun today they would hardly be done in time",
    "on_hold": "Their clocks are stopped",
    "not_placeable": "The latest plan found nobody for them",
    "declined": "A reviewer said no, and nobody leads them since",
    "independence": "No organisation is known, and the reviewer has not declared independence",
}
"""What each count means, in the order of the page."""


@dataclass(frozen=True)
class Next:
    """The one thing to do next: what it is, why, and where it is done."""

    text: str
    why: str
    href: str


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/", "home", EVERYONE, _show, {"sample": _sample}, menu="Home"),)


def _show(page: Page) -> Shown:
    if page.caller.role in (Role.REVIEWER, Role.CASE_SYSTEM):
        cases = page.every("list-cases") if _is_reviewer(page) else []
        return Shown("home_other.html", {"cases": len(cases), "things": THINGS[page.caller.role]})
    areas = own_areas(page)
    area = _chosen(page, areas)
    try:
        queue = page.ask("queue", query={"limit": "0"} | ({"area": area} if area else {}))
    except BadInput as error:
        return Shown("home_unreadable.html", {"faults": error.faults})
    if queue["total"]["cases"] == 0 and _is_empty(page):
        return Shown(
            "home_empty.html", {"may_upload": page.may("import"), "may_sample": page.may("load-sample")}
        )
    said = {
        "queue": queue,
        "counts": [_count(queue, need, says) for need, says in COUNTS.items() if need in queue["needs"]],
        "things": THINGS[page.caller.role],
        "areas": areas,
        "area": area,
        "is_staff": page.caller.role in STAFF,
        "set_aside": _set_aside(page, area),
        "may_see_cases": page.caller.role is not Role.COMMISSIONER,
        "next": _next(page, queue) if page.caller.role in STAFF else None,
    }
    return Shown("home.html", said, remember={REMEMBERED: area})


def _set_aside(page: Page, area: str) -> int | None:
    """How many rows could not be kept and are to be mended; None for who is not told of them."""
    if not page.may("list-quarantine"):
        return None
    return int(page.ask("list-quarantine", query={"limit": "1"} | ({"area": area} if area else {}))["found"])


def _chosen(page: Page, areas: Mapping[str, str]) -> str:
    """The area that is looked at: as the address says, else as it was chosen last; empty: all of theirs."""
    area = page.query.get("area", page.remembered.get(REMEMBERED, ""))
    return area if area in areas and len(areas) > 1 else ""


def _sample(page: Page) -> GoTo:
    kept = page.ask("load-sample")["kept"]
    what = f"{words.count(kept['cases'], 'case')} and {words.count(kept['reviewers'], 'reviewer')}"
    return GoTo("/", f"The sample is here: {what}, all made up.")


def _is_reviewer(page: Page) -> bool:
    return page.caller.role is Role.REVIEWER


def _is_empty(page: Page) -> bool:
    """Whether nothing of the caller's is in the store yet."""
    kinds = [kind for kind in ("areas", "reviewers", "cases") if page.may(f"list-{kind}")]
    return not any(page.ask(f"list-{kind}", query={"limit": "1"})["items"] for kind in kinds)


def _count(queue: Json, need: str, says: str) -> Json:
    return {"need": need, "text": words.NEEDS[need], "says": says, "number": queue["needs"][need]}


def _next(page: Page, queue: Json) -> Next:
    """What a coordinator best does now: what is under way comes before what could be begun."""
    plan = next(iter(page.ask("plans", query={"limit": "1"})["items"]), None)
    held_up = _held_up(page, plan) if plan else 0
    return (
        _of_jobs(page)
        or (_of_plan(plan, held_up) if plan else None)
        or _of_cases(queue, held_up, plan)
        or _of_people(queue)
        or Next("See the queue", "Nothing waits for you. Every case has somebody, and is in time.", "/queue")
    )


def _of_jobs(page: Page) -> Next | None:
    """What is to be done with a plan that is being made."""
    for job in page.ask("jobs", query={"limit": "1"})["items"]:
        if job["state"] in ("queued", "running") and not job["sent"]:
            return Next(
                "See how far the plan is", "A plan is being made.", link("plans", "making", job["job"])
            )
    return None


def _held_up(page: Page, plan: Json) -> int:
    """How many lines of a plan are approved and cannot be published yet."""
    approved: int = plan["lines"].get("approved", 0)
    if not approved:
        return 0
    lines = page.ask("plan-lines", {"plan": str(plan["plan"])})["items"]
    return approved - len(ready_of(lines))


def _of_plan(plan: Json, held_up: int) -> Next | None:
    """What is to be done with the plan that was made last."""
    path, lines = link("plans", plan["plan"]), plan["lines"]
    if (approved := lines.get("approved", 0)) > held_up:
        why = f"{words.count(approved, 'allocation is', 'allocations are')} approved and not published yet."
        return Next("Publish what is approved", why, f"{path}/publish")
    if proposed := lines.get("proposed", 0):
        why = f"The plan of {words.day(plan['as_of'])} proposes {words.count(proposed, 'allocation')}."
        return Next("Check what is proposed", why, path)
    return None


def _of_cases(queue: Json, held_up: int, plan: Json) -> Next | None:
    """What is to be done about cases that wait, or are late."""
    needs, waiting = queue["needs"], queue["total"]["to_allocate"]
    if held_up:
        why = f"{words.count(held_up, 'approved allocation')} cannot be published yet."
        return Next("See what is missing", why, f"{link('plans', plan['plan'])}/publish")
    if waiting > needs["not_placeable"]:
        why = f"{words.count(waiting, 'case waits', 'cases wait')} for a reviewer."
        return Next("Make a plan", why, "/plans/new")
    if waiting:
        why = f"The latest plan found nobody for {words.count(waiting, 'case')}. It says what would help."
        return Next("See what would help", why, "/queue?need=not_placeable")
    if needs["independence"]:
        why = f"Independence is to be confirmed for {words.count(needs['independence'], 'case')}."
        return Next("See whose it is", why, "/queue?need=independence")
    return None


def _of_people(queue: Json) -> Next | None:
    """What is to be done about who leaves, or is late."""
    for one in queue["leavers"]:
        why = (
            f"{one['reviewer_id']} leaves on {words.day(one['leaves_on'])} and has "
            f"{words.count(one['cases'], 'case')}."
        )
        return Next("Hand over their cases", why, link("reviewers", one["reviewer_id"]))
    late = queue["total"]["overdue_to_complete"]
    if late:
        why = f"{words.count(late, 'review is', 'reviews are')} past the day by which it should be completed."
        return Next("See which", why, "/queue?need=overdue")
    return None
