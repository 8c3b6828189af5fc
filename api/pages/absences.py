"""When somebody is away: told by themselves or by staff, and taken back."""

from __future__ import annotations

from typing import Any, Final

from api.pages.forms import Typed, Wrong
from api.pages.my_work import MINE
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.whose import Whose, about, keep, take_back, whose
from api.roles import STAFF

ABSENCE: Final = {"from": "First day away", "to": "Last day away", "percent": "Share of {your} time"}
WHOLE: Final = 100


def pages() -> tuple[PageRoute, ...]:
    """A reviewer's own page, and that of staff about a reviewer."""
    presses = {"add": _add, "remove": _remove}
    return (
        PageRoute("/my-work/absences", "my-absences", MINE, _show, presses),
        PageRoute("/reviewers/<record_id>/absences", "reviewer-absences", STAFF, _show, presses),
    )


def absence_of(typed: Typed, prefix: str = "") -> dict[str, Any]:
    """The absence that was typed; that it takes all of the time is what one is without saying."""
    percent = typed.number(f"{prefix}percent")
    row = {name: typed.day(f"{prefix}{name}", is_needed=True) for name in ("from", "to")}
    return row if percent in (None, WHOLE) else {**row, "percent": percent}


def _show(page: Page) -> Shown:
    of, today = whose(page), page.today.isoformat()
    found = about(page, of.reviewer_id, "absences")
    said = {
        "of": of,
        "to_come": [one for one in found if one["to"] >= today],
        "past": [one for one in reversed(found) if one["to"] < today],
        "wrong": Wrong(page),
    }
    return Shown("absences.html", said)


def _add(page: Page) -> GoTo:
    of = whose(page)
    typed = Typed(page.form, of.all(ABSENCE))
    row = absence_of(typed)
    typed.check()
    keep(page, "absence", of.reviewer_id, row, typed)
    return _back(of, "The absence is kept. Plans count with it from now on.")


def _remove(page: Page) -> GoTo:
    of = whose(page)
    take_back(page, "absence")
    return _back(of, "The absence is taken back. It counts no more.")


def _back(of: Whose, said: str) -> GoTo:
    return GoTo(of.path("absences"), said)
