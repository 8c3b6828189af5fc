"""A new scenario: where it begins, and then its questions."""

from __future__ import annotations

from typing import Any, Final

from api.errors import Refusal
from api.pages.links import link
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.scenarios.draft import BASE, LISTS, Draft
from api.pages.scenarios.faults import Found, faults
from api.pages.scenarios.saying import changed, chosen, keyed, titled
from api.pages.scenarios.whatifs import choices, counted
from api.roles import STAFF_AND_COMMISSIONERS

PATH: Final = "/scenarios/new"
BLANK: Final[dict[str, Any]] = {"name": "New scenario", "groups": [{"name": "team", "wte": 2.5}]}
MOST_OPEN: Final = 6
"""Groups of staff of which all questions are shown: of more, those that are opened."""
MINUTES: Final = (("1", "1 minute"), ("5", "5 minutes"), ("15", "15 minutes"), ("60", "1 hour"))


def page() -> PageRoute:
    """The page."""
    return PageRoute(
        PATH, "scenario-new", STAFF_AND_COMMISSIONERS, _show, {"ask": _ask, "add": _add, "remove": _remove}
    )


def _show(page: Page) -> Shown:
    if BASE in page.form:
        return _form(Draft.typed(page.form), page.problem)
    begins = page.query.get("from", "")
    if not begins:
        return Shown("scenario_begin.html", {"shipped": page.ask("shipped-scenarios")["items"]})
    return _form(_begun(page, begins), None, page.query.get("question", "run"))


def _ask(page: Page) -> GoTo:
    made = page.ask("run-scenario", body=Draft.typed(page.form).wish())
    return GoTo(link("scenarios", made["job"]))


def _add(page: Page) -> Shown:
    at = page.query.get("at", "")
    return _form(Draft.typed(page.form).with_one_more(at), at=at)


def _remove(page: Page) -> Shown:
    at = page.query.get("at", "")
    return _form(Draft.typed(page.form).without(at), at=at)


def _begun(page: Page, begins: str) -> Draft:
    """What somebody begins with: nothing, the queue, what comes with the program, or an earlier one."""
    kind, _, name = begins.partition(":")
    if kind == "queue":
        told = page.ask("fill-scenario", body={"scenario": BLANK | {"name": "Our queue"}})
        return Draft.begun(told["scenario"], "your queue, as it is today", told["filled"], told["kept"])
    if kind == "job":
        told = page.ask("scenario-document", {"job": name})
        return Draft.begun(told["scenario"], f"“{told['job']['name']}”", told["filled"], told["kept"])
    if kind == "shipped":
        for one in page.ask("shipped-scenarios")["items"]:
            if one["name"] == name:
                return Draft.begun(one["scenario"], f"“{one['scenario']['name']}”")
    if kind == "blank":
        return Draft.begun(BLANK, "nothing but usual values")
    raise Refusal(404, "not-found", "There is no such scenario to begin with.")


def _form(draft: Draft, problem: Any = None, question: str = "run", at: str = "") -> Shown:
    found = faults(draft, problem)
    return Shown(
        "scenario_form.html",
        {
            "draft": draft,
            "faults": found,
            "amiss": _by_place(found),
            "question": draft.said("question", question),
            "choices": list(choices(draft.asking)),
            "chosen": chosen,
            "titled": titled,
            "keyed": lambda key: keyed(key, draft.asking),
            "changed": lambda change: changed(change, draft.asking),
            "hidden": [f"demand/backlog/{name}" for name in _told_one_by_one(draft)],
            "is_kept_wrong": any(one.place.startswith("keep/") for one in found),
            "opened": _opened(found, at) | _groups_opened(draft, found, at),
            "minutes": MINUTES,
            "counted": counted,
            "clear_by": _clear_by(draft),
            "most_open": MOST_OPEN,
        },
    )


def _told_one_by_one(draft: Draft) -> list[str]:
    """The questions on how long cases wait that are not asked, as each case has its own days."""
    whose = {"ages": "waiting_days", "in_hand_ages": "in_hand_days"}
    return [asked for ages, asked in whose.items() if draft.counted(ages)]


def _opened(found: list[Found], at: str) -> set[str]:
    """The lists that are shown open: one that was just changed, and those with faults."""
    return {
        path for path in LISTS if any(place.startswith(path) for place in (at, *(one.place for one in found)))
    }


def _groups_opened(draft: Draft, found: list[Found], at: str) -> set[str]:
    """The groups of many that are shown open: one that is new, and those with faults."""
    groups = [one.path for one in draft.asking.listed("groups").entries]
    wrong = {path for path in groups if any(one.place.startswith(f"{path}/") for one in found)}
    return wrong | ({groups[-1]} if at == "groups" and groups else set())


def _clear_by(draft: Draft) -> dict[str, str]:
    return {f"clear_by-{part}": draft.said(f"clear_by-{part}") for part in ("day", "month", "year")}


def _by_place(found: list[Found]) -> dict[str, str]:
    """What is wrong at each field."""
    said: dict[str, str] = {}
    for one in found:
        said[one.place] = "; ".join(filter(None, (said.get(one.place), one.message)))
    return said
