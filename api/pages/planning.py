"""A plan is asked for, and watched while it is made."""

from __future__ import annotations

from typing import Any, Final

from api.errors import Refusal
from api.pages import plan_words
from api.pages.areas import area_names
from api.pages.links import link
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.typed import whole_of
from api.pages.waiting import nobody_works
from api.roles import STAFF

Json = Any
LONG: Final = {"quick": 10.0, "usual": 30.0, "thorough": 300.0}
"""Seconds that a search may take, by what it is called."""
PLANS_OFFERED = "15"


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    return (
        PageRoute("/plans/new", "plan-new", STAFF, _new, {"make": _make}),
        PageRoute("/plans/making/<job>", "plan-making", STAFF, _making, {"stop": _stop}),
    )


def _new(page: Page) -> Shown:
    typed = page.form or page.query
    names = area_names(page)
    mine = [code for code in names if page.caller.covers(code)]
    said = {
        "names": names,
        "areas": mine if len(mine) > 1 else [],
        "chosen": typed.getlist("area"),
        "long": typed.get("long", "usual"),
        "previous": typed.get("previous", ""),
        "moves": typed.get("moves", "0"),
        "plans": page.ask("plans", query={"limit": PLANS_OFFERED})["items"],
        "rules": page.ask("rules"),
    }
    return Shown("plan_new.html", said)


def _make(page: Page) -> GoTo:
    form = page.form
    wish: Json = {
        "areas": form.getlist("area"),
        "time_limit": LONG.get(form.get("long", ""), LONG["usual"]),
    }
    wish["max_moves"] = _whole(form.get("moves", ""), "Say how many may change hands: a whole number, or 0.")
    if form.get("previous"):
        wish["previous"] = _whole(form["previous"], "Choose a plan to keep to, or plan afresh.")
        wish["keep"] = True
    return GoTo(link("plans", "making", page.ask("plan", body=wish)["job"]))


def _whole(text: str, otherwise: str) -> int:
    """A whole number that was typed.

    Raises
    ------
    Refusal
        It is none.
    """
    found = whole_of(text.strip().replace(",", ""), 6)
    if found is None:
        raise Refusal(422, "bad-input", otherwise)
    return found


def _making(page: Page) -> Shown:
    job = page.ask("job", page.path)
    said = {
        "job": job,
        "names": area_names(page),
        "is_open": job["state"] in ("queued", "running"),
        "reached": _reached(job["progress"]),
        "words": plan_words,
        "nobody": nobody_works(job, page.service.now()),
    }
    return Shown("plan_making.html", said)


def _reached(progress: Json) -> int:
    """How many levels are done with, of what is worked on now."""
    levels = list(plan_words.LEVELS)
    at = progress["working_on"] if progress else ""
    return levels.index(at) if at in levels else 0


def _stop(page: Page) -> GoTo:
    job = page.ask("stop-job", page.path)
    if job["state"] == "failed":
        return GoTo("/plans", "The plan will not be made.")
    return GoTo(link("plans", "making", job["job"]))
