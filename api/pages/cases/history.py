"""What a case ever was: its versions and who had it, in words; for those who may, the lines of the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api import words
from api.pages.audit import who as named
from api.pages.cases.fields import changes
from api.pages.cases.one import ONE, case_of, shown
from api.pages.cases.said import ACTIONS
from api.pages.page import Json, Page, PageRoute, Shown
from api.reasons import ENDED
from api.roles import READERS, REVIEWERS
from api.scope import ELSEWHERE


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute(f"{ONE}/history", "case-history", READERS | REVIEWERS, _show),)


@dataclass(frozen=True)
class Event:
    """What became known at a moment."""

    at: str
    title: str
    lines: tuple[str, ...] = ()


def _show(page: Page) -> Shown:
    case = case_of(page)
    events = sorted([*_versions(page), *_holdings(page)], key=lambda one: one.at)[::-1]
    return shown(page, "history", case=case, events=events, audit=_audit(page, case["id"]), actions=ACTIONS,
                 named=named)  # fmt: skip


def _versions(page: Page) -> Iterator[Event]:
    """Yield what each version says otherwise than the one before it."""
    before: Json = None
    for one in page.ask("case-versions", page.path)["items"]:
        if before is None:
            yield Event(one["changed_at"], "Notified to this service", tuple(_first(one)))
        elif not one["record"]:
            yield Event(one["changed_at"], "What it said was deleted after its time")
        else:
            told = [f"{name}: {old} → {new}" for name, old, new in changes(before["record"], one["record"])]
            if one["merged_into"] != before["merged_into"]:
                told.append(_merged(one["merged_into"], before["merged_into"]))
            if one["state"] != before["state"]:
                told.insert(0, f"State: {words.state(before['state'])} → {words.state(one['state'])}")
            if told:
                yield Event(one["changed_at"], "Changed", tuple(told))
        before = one


def _merged(into: str | None, before: str | None) -> str:
    which = "a case of another area" if ELSEWHERE in (into, before) else into or before
    return f"Merged into {which}" if into else f"Parted again from {which}"


def _first(one: Json) -> Iterator[str]:
    for name, _, new in changes({}, one["record"]):
        yield f"{name}: {new}"


def _holdings(page: Page) -> Iterator[Event]:
    """Yield who was given a place of it, and who has it no more."""
    if not page.may("case-holdings"):
        return
    for one in page.ask("case-holdings", page.path)["items"]:
        who, role = one["reviewer_id"], "second reviewer" if one["role"] == "second" else "lead"
        how = f", by publication {one['publication']}" if one["publication"] else ""
        yield Event(one["given_at"], f"{who} became its {role}{how}")
        if one["accepted_at"]:
            yield Event(one["accepted_at"], f"{who} accepted it")
        if one["ended_at"]:
            why = ENDED.get(one["ended_why"], words.sentence(one["ended_why"] or ""))
            yield Event(one["ended_at"], f"{who} is no longer its {role}", (f"{why}.",))


def _audit(page: Page, case_id: str) -> list[Json] | None:
    """The lines of the audit about the case, the newest first; None for who may not see them."""
    if not page.may("audit") or page.caller.areas:
        return None
    return page.every("audit", {"case_id": case_id})[::-1]
