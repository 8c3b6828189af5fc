"""One place of a plan: why it is as it is, who else, what would fill it; each tried before it is saved."""

from __future__ import annotations

import json
from typing import Any, Final

from api.errors import Refusal
from api.pages import plan_words
from api.pages.links import link
from api.pages.page import GoTo, Page, PageRoute, Press, Shown
from api.reasons import INSTEAD
from api.roles import STAFF_AND_AUDITORS
from api.scope import ELSEWHERE
from api.words import capital

Json = Any
SECONDS: Final = "3"
"""So long it is looked for who else could have a place."""


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    presses: dict[str, Press] = {
        "try": _try_give,
        "save": _save,
        "try-others": _try_others,
        "make": _make,
        "try-remedy": _try_remedy,
    }
    return (PageRoute("/plans/<plan>/lines", "plan-line", STAFF_AND_AUDITORS, _show, presses),)


def _show(page: Page) -> Shown:
    return _shown(page)


def _shown(page: Page, **tried: Json) -> Shown:
    """The page, with what was tried and what would follow from it."""
    seat = _seat(page)
    line = _line(page, seat)
    empty = None
    if line is None:
        rows = page.ask("plan-unassigned", page.path)["items"]
        empty = next((one for one in rows if _is(one, seat)), None)
        if empty is None:
            detail = f"Plan {page.path['plan']} changes nothing about {plan_words.place(*seat)}."
            raise Refusal(404, "not-found", detail)
    may_change = page.may("approve") and (line is None or line["state"] != "published")
    said = {
        "plan": page.path["plan"],
        "case_id": seat[0],
        "role": seat[1],
        "line": line,
        "empty": empty,
        "people": _people(page) if may_change else [],
        "may_change": may_change,
        "others": _others(page, seat) if page.query.get("others") == "yes" else None,
        "words": plan_words,
        "elsewhere": ELSEWHERE,
        "as_text": json.dumps,
        "reason": page.form.get("reason", ""),
        "asked": page.form.get("reviewer_id", line["reviewer_id"] if line else ""),
    }
    return Shown("plan_line.html", said | tried)


def _seat(page: Page) -> tuple[str, str]:
    case_id, role = page.query.get("case", "").strip(), page.query.get("role", "lead")
    if not case_id:
        raise Refusal(404, "not-found", "The address names no case of the plan.")
    return case_id, role if role in ("lead", "second") else "lead"


def _lines(page: Page, **which: str) -> list[Json]:
    """Some lines of the plan, which has thousands."""
    found: list[Json] = page.ask("plan-lines", page.path, which)["items"]
    return found


def _line(page: Page, seat: tuple[str, str]) -> Json:
    """The line of a place; None: the plan has none."""
    return next((one for one in _lines(page, case_id=seat[0]) if _is(one, seat)), None)


def _is(one: Json, seat: tuple[str, str]) -> bool:
    return (one["case_id"], one["role"]) == seat


def _people(page: Page) -> list[Json]:
    """Whom the place could be given to, with how full they are in the plan."""
    loads: list[Json] = page.ask("plan-workloads", page.path)["items"]
    return sorted(loads, key=lambda one: str(one["reviewer_id"]))


def _others(page: Page, seat: tuple[str, str]) -> Json:
    """What is found of who else could have the place, and of what would fill it."""
    path = {"plan": page.path["plan"], "record_id": seat[0]}
    found = page.ask("plan-explanation", path, {"time_limit": SECONDS})
    return next((one for one in found["places"] if one["role"] == seat[1]), None)


def _try_give(page: Page) -> Shown:
    """What follows if somebody else has the place, with what else was chosen otherwise before."""
    case_id, role = _seat(page)
    who = page.form.get("reviewer_id", "")
    if not who:
        raise Refusal(422, "bad-input", "Choose a reviewer.")
    before = [
        _give(one["case_id"], one["role"], one["reviewer_id"])
        for one in _lines(page, state="approved")
        if one["reviewer_id"] != one["advised"] and not _is(one, (case_id, role))
    ]
    edits = [*before, _give(case_id, role, who)]
    told = page.ask("edit-plan", page.path, body={"edits": edits})["consequences"][-1]
    return _shown(page, given=told, given_to=who)


def _give(case_id: str, role: str, who: str) -> Json:
    return {"edit": "give", "case_id": case_id, "role": role, "reviewer_id": who}


def _save(page: Page) -> GoTo:
    """The line approved, for whoever was chosen; why is asked for only if that is not who was advised."""
    case_id, role = _seat(page)
    who, reason = page.form.get("reviewer_id", ""), page.form.get("reason", "")
    line = _line(page, (case_id, role))
    departs = line is not None and who != line["advised"]
    if departs and reason not in INSTEAD:
        raise Refusal(409, "reason-needed", "Say why somebody else is to have it than the plan advises.")
    chosen = {"case_id": case_id, "role": role, "reviewer_id": who}
    page.ask("approve", page.path, body={"lines": [chosen | ({"reason": reason} if departs else {})]})
    said = f"{plan_words.place(case_id, role)} is approved for reviewer {who}."
    return GoTo(link("plans", page.path["plan"]), capital(said))


def _try_others(page: Page) -> Shown:
    edit = {"edit": "rearrange", "seats": _sent(page, "_seats")}
    told = page.ask("edit-plan", page.path, body={"edits": [edit]})["consequences"][0]
    return _shown(page, rearranged=told, seats=edit["seats"])


def _make(page: Page) -> GoTo:
    """A plan of its own, in which several places have changed hands."""
    edit = {"edit": "rearrange", "seats": _sent(page, "_seats")}
    made = page.ask("edit-plan", page.path, body={"edits": [edit], "make": True})["plan"]
    if made is None:
        raise Refusal(409, "rule-broken", "It would break a rule: see what would follow.")
    number = made["plan"]
    said = f"Plan {number} is plan {page.path['plan']} with these changes. Approve what is right in it."
    return GoTo(link("plans", number), said)


def _try_remedy(page: Page) -> Shown:
    case_id, role = _seat(page)
    steps = _sent(page, "_steps")
    body = {"case_id": case_id, "role": role, "changes": steps}
    return _shown(page, trial=page.ask("try-changes", page.path, body=body), steps=steps)


def _sent(page: Page, name: str) -> Json:
    """What the page itself put into a form.

    Raises
    ------
    Refusal
        It is something else.
    """
    try:
        return json.loads(page.form.get(name, ""))
    except ValueError as error:
        raise Refusal(400, "bad-request", "This form is not as it was; load the page again.") from error
