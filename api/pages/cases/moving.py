"""Pages that ask once more, or for a reason, before a case is closed, taken back, put on hold, let go on."""

from __future__ import annotations

from api.pages.cases.one import CHANGE, ONE, shown
from api.pages.cases.said import HOLDS, MOVED
from api.pages.links import link
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.pages.stale import ask_as_shown
from api.pages.typed import typed_day
from api.reasons import TAKE_BACK
from api.words import day as in_words


def pages() -> tuple[PageRoute, ...]:
    """The pages."""
    return (
        PageRoute(f"{ONE}/close", "close-case", CHANGE, _closing, {"close": _close}),
        PageRoute(f"{ONE}/take-back", "take-back", CHANGE, _taking, {"take-back": _take_back}),
        PageRoute(f"{ONE}/hold", "hold-case", CHANGE, _pausing, {"hold": _hold}),
        PageRoute(f"{ONE}/resume", "resume-case", CHANGE, _resuming, {"resume": _resume}),
    )


def _closing(page: Page) -> Shown:
    return shown(page, "close")


def _close(page: Page) -> GoTo:
    state = "closed_without_review"
    _asked(page, "move-case", {"state": state})
    return _to_case(page, MOVED[state])


def _taking(page: Page) -> Shown:
    return shown(page, "take_back", role=_role(page), reasons=TAKE_BACK)


def _take_back(page: Page) -> GoTo:
    body = {"role": _role(page), "reason": page.form.get("reason") or "taken_back"}
    _asked(page, "take-back", body)
    return _to_case(page, "It is taken back, and waits for a reviewer again.")


def _pausing(page: Page) -> Shown:
    return shown(page, "hold", reasons=HOLDS)


def _hold(page: Page) -> GoTo:
    told = {"reason": page.form.get("reason"), "until": typed_day(page.form, "until")}
    body = {"since": typed_day(page.form, "since")} | {name: one for name, one in told.items() if one}
    done = _asked(page, "hold-case", body)
    return _to_case(page, f"The case is on hold: its clocks stand still. {_days(done)}")


def _resuming(page: Page) -> Shown:
    return shown(page, "resume")


def _resume(page: Page) -> GoTo:
    done = _asked(page, "resume-case", {"on": typed_day(page.form, "on")})
    return _to_case(page, f"The hold has ended: the clocks go on. {_days(done)}")


def _role(page: Page) -> str:
    """The place that the page is about."""
    asked = page.form.get("_role") or page.query.get("role")
    return "second" if asked == "second" else "lead"


def _asked(page: Page, call: str, body: Json) -> Json:
    return ask_as_shown(page, call, page.path, body)


def _to_case(page: Page, said: str) -> GoTo:
    return GoTo(link("cases", page.path["record_id"]), said)


def _days(done: Json) -> str:
    """By when the case is to be completed, as the call says that it follows."""
    follows = done["follows"]
    return f"It is to be completed by {in_words(follows['after']['complete_by'])}." if follows else ""
