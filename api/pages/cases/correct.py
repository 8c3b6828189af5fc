"""Correcting what is said of a case, its type too; what follows, and what somebody else changed first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.pages.areas import area_names
from api.pages.cases.fields import Field, Values, changes, fields_of, given
from api.pages.cases.one import CHANGE, ONE, case_of, shown
from api.pages.page import Json, Page, PageRoute, Shown
from api.pages.stale import ask_as_shown, is_stale, version_of


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute(f"{ONE}/correct", "correct-case", CHANGE, _show, {"save": _save}),)


@dataclass(frozen=True)
class _Form:
    """What stands in the form.

    Parameters
    ----------
    boxes : what is typed in each box
    meanwhile : what somebody else changed: what it is called, as it was and as it is
    """

    boxes: Values
    meanwhile: list[tuple[str, str, str]]


def _show(page: Page) -> Shown:
    case = case_of(page)
    sections = _sections(page, case)
    form = _form(page, case, [one for _, fields in sections for one in fields])
    return shown(
        page,
        "correct",
        case=case,
        sections=sections,
        boxes=form.boxes,
        meanwhile=form.meanwhile,
        errors=_errors(page),
    )


def _save(page: Page) -> Shown:
    case = case_of(page)
    fields = [one for _, each in _sections(page, case) for one in each if _is_in(page, one)]
    row = dict(case["record"]) | {one.name: one.read(page.form) for one in fields}
    row = {name: value for name, value in row.items() if value is not None}
    done = ask_as_shown(page, "put-case", page.path, row)
    told = list(changes(case["record"], done["record"]))
    return shown(page, "corrected", case=done, told=told, follows=done["follows"], gone=done["withdrawn"])


def _sections(page: Page, case: Json) -> list[tuple[str, list[Field]]]:
    types = list(page.ask("get-policy")["policy"]["review_types"])
    now = case["record"].get("area")
    areas = [(code, name) for code, name in area_names(page).items()
             if code == now or page.caller.covers(code)]  # fmt: skip
    return list(fields_of(case, types, areas))


def _form(page: Page, case: Json, fields: list[Field]) -> _Form:
    """The case as it is; once a button was refused, what was typed, beside what somebody else changed."""
    now: Values = case["record"]
    if page.problem is None:
        return _Form(_boxes(fields, now), [])
    raw = {box: (page.form.getlist(box) or [""])[-1] for one in fields for box in one.boxes}
    if not is_stale(page):
        return _Form(raw, [])
    seen = _version(page, version_of(page) or 0)
    mine = [one for one in fields if one.read(page.form) != given(seen.get(one.name))]
    kept = {box: raw[box] for one in mine for box in one.boxes}
    return _Form({**_boxes(fields, now), **kept}, list(changes(seen, now)))


def _boxes(fields: list[Field], values: Values) -> dict[str, str]:
    return {box: text for one in fields for box, text in one.typed(values.get(one.name)).items()}


def _version(page: Page, number: int) -> Values:
    """What the case said when the page was first shown."""
    every = page.ask("case-versions", page.path)["items"]
    found: Values = next((one["record"] for one in every if one["version"] == number), {})
    return found


def _is_in(page: Page, field: Field) -> bool:
    """Whether the form had the field: it may have lost its lead since, and with it what is asked of one."""
    return any(box in page.form for box in field.boxes)


def _errors(page: Page) -> dict[str, str]:
    """By field what is wrong with what was typed."""
    found: dict[str, list[str]] = {}
    problem: Any = page.problem or {}
    for fault in problem.get("errors") or ():
        name = fault.get("column") or (fault.get("pointer") or "").strip("/").split("/")[0]
        found.setdefault(name, []).append("; ".join(filter(None, (fault["message"], fault.get("hint")))))
    return {name: ". ".join(each) for name, each in found.items()}
