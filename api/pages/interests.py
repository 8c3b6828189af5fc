"""What interests somebody has: declared by themselves or put down by staff, changed, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api.pages.areas import called
from api.pages.forms import Typed, Wrong
from api.pages.my_work import MINE
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.stale import next_version
from api.pages.whose import Whose, about, keep, take_back, whose
from api.roles import STAFF
from api.words import sentence

Json = Any
INTEREST: Final = {
    "kind": "Kind of interest",
    "organisation": "Organisation",
    "case_id": "Case",
    "from": "Since when",
    "to": "Until when",
    "note": "Remark",
}

KINDS: Final[Mapping[str, str]] = {
    "employment": "Employment: {I} work there, or did",
    "financial": "Financial: {I} could gain or lose money",
    "professional": "Professional: such as a post on its board",
    "personal": "Personal: such as family or friends",
    "indirect": "Indirect: through somebody close to {me}",
    "involvement": "Involvement: {I} took part in the care",
}
"""With the words that stand for whose interest it is: see `Whose.says`."""
IN_WORDS: Final[Mapping[str, str]] = {
    "employment": "Employment at {of}",
    "financial": "Financial interest in {of}",
    "professional": "Professional interest in {of}",
    "personal": "Personal interest in {of}",
    "indirect": "Indirect interest in {of}",
    "involvement": "Took part in the care at {of}",
}


def pages() -> tuple[PageRoute, ...]:
    """A reviewer's own page, and that of staff about a reviewer."""
    presses = {"keep": _keep, "remove": _remove}
    return (
        PageRoute("/my-work/interests", "my-interests", MINE, _show, presses),
        PageRoute("/reviewers/<record_id>/interests", "reviewer-interests", STAFF, _show, presses),
    )


def kind_options(of: Whose) -> list[dict[str, str]]:
    """The kinds of interest to choose from."""
    kinds = of.all(KINDS).items()
    return [{"value": "", "text": "Choose one"}, *({"value": value, "text": text} for value, text in kinds)]


def interest(one: Mapping[str, Json], organisation: str) -> str:
    """An interest in words.

    Parameters
    ----------
    organisation : what the one that it is in is called; empty where it is in a case
    """
    if organisation:
        return IN_WORDS[one["kind"]].format(of=organisation)
    return f"{sentence(one['kind'])} interest in case {one['case_id']}"


def interest_of(typed: Typed, prefix: str = "") -> dict[str, Any]:
    """The interest that was typed, without what was left empty."""
    found = {
        "kind": typed.needed(f"{prefix}kind", "choose one"),
        **{name: typed.text(f"{prefix}{name}") for name in ("organisation", "case_id", "note")},
        **{name: typed.day(f"{prefix}{name}") for name in ("from", "to")},
    }
    return {name: value for name, value in found.items() if value is not None}


def interests(page: Page, who: str) -> list[Json]:
    """Their interests, each in words."""
    found = about(page, who, "interests")
    organisations = [called(page, "organisation", one["organisation"]) if one.get("organisation") else ""
                     for one in found]  # fmt: skip
    return [{**one, "says": interest(one, of)} for one, of in zip(found, organisations, strict=True)]


def organisations(page: Page) -> dict[str, str]:
    """The organisations that are known, by code, each with its name: to choose from."""
    return {one["id"]: one["record"].get("name", "") for one in page.every("list-organisations")}


def doubt(page: Page, code: str | None) -> str:
    """What is to be said of an organisation's code that may be mistyped; empty: nothing."""
    known = code is None or code.upper() in organisations(page)
    return "" if known else f" No organisation with the code {code} is known here: check that it is right."


def _show(page: Page) -> Shown:
    of = whose(page)
    found = interests(page, of.reviewer_id)
    chosen = page.query.get("change") or page.form.get("_id")
    changed = next((one for one in found if one["id"] == chosen), None)
    said = {
        "of": of,
        "found": found,
        "changed": changed,
        "version": next_version(page, changed["version"]) if changed else None,
        "given": changed or {"case_id": page.query.get("case", "")},
        "kinds": kind_options(of),
        "organisations": organisations(page),
        "wrong": Wrong(page),
    }
    return Shown("interests.html", said)


def _keep(page: Page) -> GoTo:
    of = whose(page)
    typed = Typed(page.form, INTEREST)
    row = interest_of(typed)
    typed.check()
    done = keep(page, "interest", of.reviewer_id, row, typed, page.form.get("_id", ""))
    return _back(of, f"The interest is kept.{_gone(of, done)}{doubt(page, row.get('organisation'))}")


def _gone(of: Whose, done: Mapping[str, Json]) -> str:
    """What is to be said of the cases that were taken back because of it; empty: nothing."""
    gone = ", ".join(sorted(one["case_id"] for one in done["withdrawn"]))
    return of.says(f" Because of it {{you}} no longer have {gone}: somebody else is needed.") if gone else ""


def _remove(page: Page) -> GoTo:
    of = whose(page)
    take_back(page, "interest")
    return _back(of, "The interest is taken back. It counts no more, and stays in the audit.")


def _back(of: Whose, said: str) -> GoTo:
    return GoTo(of.path("interests"), said)
