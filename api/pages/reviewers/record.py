"""When a reviewer is away, and what interests they have: added, and taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from allocator.errors import BadInput
from api.pages.forms import Typed, Wrong
from api.pages.my_work import doubt, organisations
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.reviewers.asked import ask_as_shown
from api.pages.reviewers.one import about, interests
from api.pages.reviewers.words import KINDS, path_of
from api.roles import STAFF

ABSENCE: Final = {"from": "First day away", "to": "Last day away", "percent": "Share of their time"}
INTEREST: Final = {
    "kind": "Kind of interest",
    "organisation": "Organisation",
    "case_id": "Case",
    "from": "Since when",
    "to": "Until when",
    "note": "Remark",
}
WHOLE: Final = 100.0


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    return (
        PageRoute("/reviewers/<record_id>/absences", "reviewer-absences", STAFF, _absences,
                  {"add": _add_absence, "remove": _remove_absence}),
        PageRoute("/reviewers/<record_id>/interests", "reviewer-interests", STAFF, _interests,
                  {"add": _add_interest, "remove": _remove_interest}),
    )  # fmt: skip


def _absences(page: Page) -> Shown:
    who = page.path["record_id"]
    page.ask("get-reviewer", page.path)
    today = page.today.isoformat()
    found = [one for one in about(page, who, "absences") if one["to"] >= today]
    return Shown("reviewer_absences.html", {"who": who, "found": found, "wrong": Wrong(page)})


def _add_absence(page: Page) -> GoTo:
    typed = Typed(page.form, ABSENCE)
    percent = typed.number("percent")
    row = {"from": typed.day("from", is_needed=True), "to": typed.day("to", is_needed=True)}
    typed.check()
    more = {} if percent in (None, WHOLE) else {"percent": percent}
    keep(page, "absence", {**row, **more}, typed)
    return GoTo(_back(page, "absences"), "The absence is kept. Plans count with it from now on.")


def _remove_absence(page: Page) -> GoTo:
    _remove(page, "absence")
    return GoTo(_back(page, "absences"), "The absence is taken back. It counts no more.")


def _interests(page: Page) -> Shown:
    who = page.path["record_id"]
    page.ask("get-reviewer", page.path)
    kinds = [{"value": value, "text": text} for value, text in KINDS.items()]
    said = {
        "who": who,
        "found": interests(page, who),
        "kinds": [{"value": "", "text": "Choose one"}, *kinds],
        "organisations": organisations(page),
        "wrong": Wrong(page),
    }
    return Shown("reviewer_interests.html", said)


def _add_interest(page: Page) -> GoTo:
    typed = Typed(page.form, INTEREST)
    row = {
        "kind": typed.needed("kind", "choose one"),
        "organisation": typed.text("organisation"),
        "case_id": typed.text("case_id"),
        "from": typed.day("from"),
        "to": typed.day("to"),
        "note": typed.text("note"),
    }
    typed.check()
    done = keep(page, "interest", {name: value for name, value in row.items() if value is not None}, typed)
    gone = ", ".join(sorted(one["case_id"] for one in done["withdrawn"]))
    also = f" Because of it they no longer have {gone}, which waits for somebody else now." if gone else ""
    return GoTo(_back(page, "interests"), f"The interest is kept.{also}{doubt(page, row['organisation'])}")


def _remove_interest(page: Page) -> GoTo:
    _remove(page, "interest")
    return GoTo(
        _back(page, "interests"), "The interest is taken back. It counts no more, and stays in the audit."
    )


def keep(page: Page, kind: str, row: Mapping[str, Any], typed: Typed) -> Any:
    """What a call answers that keeps something said of the page's reviewer."""
    who = page.path["record_id"]
    said = repr((who, sorted(row.items())))
    record_id = f"{kind}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    try:
        return page.ask(f"put-{kind}", {"record_id": record_id}, body={**row, "reviewer_id": who})
    except BadInput as error:
        raise typed.in_words(error) from error


def _remove(page: Page, kind: str) -> None:
    """Take back what was shown, if it is still as it was shown."""
    ask_as_shown(page, f"remove-{kind}", page.form.get("id", ""))


def _back(page: Page, end: str) -> str:
    return path_of(page.path["record_id"], end)
