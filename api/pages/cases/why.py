"""Why a case is where it is in the newest plan, why not somebody, who else, the price; a family's words."""

from __future__ import annotations

from allocator.errors import BadInput
from allocator.store.callers import Role
from api.errors import Refusal
from api.pages.cases.one import ASK, ONE, case_of, shown
from api.pages.cases.said import RULES, stopped
from api.pages.page import Json, Page, PageRoute, Shown
from api.scope import ELSEWHERE

QUICK, THOROUGH = "0.05", "5"
"""Seconds: what prices prove by themselves, and a search for what each would cost."""


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    return (
        PageRoute(f"{ONE}/why", "case-why", ASK, _why),
        PageRoute(f"{ONE}/family", "case-family", ASK | {Role.REVIEWER}, _family),
    )


def _why(page: Page) -> Shown:
    case = case_of(page)
    newest = page.ask("case-plans", page.path)["items"]
    if not newest:
        return shown(page, "why", case=case, plan=None)
    plan, asked = newest[0], page.query.get("reviewer", "").strip()
    told, unknown = _explained(page, plan["plan"], asked)
    return shown(
        page,
        "why",
        case=case,
        plan=plan,
        lines={line["role"]: line for line in plan["lines"]},
        asked=asked,
        unknown=unknown,
        priced=_is_priced(page),
        told=told,
        elsewhere=_elsewhere(told),
        people=[one["id"] for one in page.every("list-reviewers")],
        rules=RULES,
        stopped=stopped,
    )


def _explained(page: Page, plan: int, asked: str) -> tuple[Json, str]:
    """What is told of the case in a plan; and, where the reviewer asked about is none, that."""
    path = {"plan": str(plan), "record_id": page.path["record_id"]}
    query = {"time_limit": THOROUGH if _is_priced(page) else QUICK}
    try:
        more = {"reviewer_id": asked} if asked else {}
        return page.ask("plan-explanation", path, query | more), ""
    except (Refusal, BadInput):
        if not asked:
            raise
    told = page.ask("plan-explanation", path, query)
    return told, f"There is no reviewer {asked} in your areas. Check the number."


def _elsewhere(told: Json) -> dict[str, int]:
    """By place, how many of other areas could have it: they are not named, so each would read the same."""
    return {
        place["role"]: sum(one["reviewer_id"] == ELSEWHERE for one in place["alternatives"] or ())
        for place in told["places"]
    }


def _is_priced(page: Page) -> bool:
    return page.query.get("prices") == "searched"


def _family(page: Page) -> Shown:
    return shown(page, "family", told=page.ask("case-family", page.path))
