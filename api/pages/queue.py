"""The queue: every open case, filtered and sorted, with its clocks in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import parse_qsl, urlencode

from api import words
from api.errors import Refusal
from api.pages.areas import own_areas
from api.pages.page import Json, Page, PageRoute, Shown
from api.pages.typed import whole_of
from api.roles import STAFF_AND_AUDITORS

REMEMBERED = "queue"
FILTERS = ("area", "state", "review_type", "need", "find")
USUAL = "-urgency"
ROWS = 100
"""On one page."""
SOON = 14
"""Days within which a day is near."""
STATES = ("notified", "reopened", "allocated", "in_review", "awaiting_sign_off", "returned")
"""Of an open case."""
LETTERS, DAYS, COUNTS = (
    ("A to Z", "Z to A"),
    ("earliest first", "latest first"),
    ("fewest first", "most first"),
)
"""What an order is called, upwards and downwards."""
COLUMNS = (
    ("case_id", "Case", LETTERS),
    ("area", "Area", LETTERS),
    ("review_type", "Review", LETTERS),
    ("state", "State", LETTERS),
    ("days", "Days waiting", COUNTS),
    ("allocate_by", "Allocate by", DAYS),
    ("complete_by", "Complete by", DAYS),
    ("reviewer_id", "Reviewer", LETTERS),
)
"""Name and heading of each column, and what its orders are called; of counts the most come first."""


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/queue", "queue", STAFF_AND_AUDITORS, _show, menu="Queue"),)


def _show(page: Page) -> Shown:
    asked, number = _asked(page)
    try:
        found = _found(page, asked, number)
    except Refusal:
        if page.query:
            raise
        asked, number = {"sort": USUAL}, 1  # what was remembered is no longer theirs to ask for
        found = _found(page, asked, number)
    last = max(1, -(-found["found"] // ROWS))
    if number > last:
        number = last
        found = _found(page, asked, number)
    said = {
        "queue": found,
        "asked": asked,
        "filters": any(asked.get(name) for name in FILTERS),
        "columns": list(_columns(asked)),
        "rows": [_row(one, page.today) for one in found["cases"]],
        "areas": own_areas(page),
        "states": {one: words.STATES[one] for one in STATES},
        "needs": {need: words.NEEDS[need] for need in found["needs"]},
        "first": (number - 1) * ROWS + 1,
        "pages": _pages(asked, number, last),
        "file": lambda kind: _link("/v1/queue", asked | {"format": kind}),
        "sorted_by": _link("/queue", asked | {"sort": USUAL}) if asked["sort"] != USUAL else "",
        "unfiltered": _link("/queue", {"sort": asked["sort"]}),
    }
    return Shown("queue.html", said, remember={REMEMBERED: urlencode(asked | {"page": str(number)})})


def _asked(page: Page) -> tuple[dict[str, str], int]:
    """What is asked for, and of which page: by the address, else as it was when they looked last."""
    given = page.query.to_dict() or dict(parse_qsl(page.remembered.get(REMEMBERED, "")))
    asked = {name: given[name].strip() for name in (*FILTERS, "sort") if given.get(name, "").strip()}
    return {"sort": USUAL} | asked, max(1, whole_of(given.get("page", ""), 5) or 1)


def _found(page: Page, asked: Mapping[str, str], number: int) -> Json:
    which = {"limit": str(ROWS), "after": str((number - 1) * ROWS)}
    return page.ask("queue", query={**asked, **which})


def _columns(asked: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield each column's heading, how it is sorted now, and where a press on it leads."""
    by = asked["sort"]
    for name, text, called in COLUMNS:
        ways = {name: "ascending", f"-{name}": "descending"}
        usual, other = sorted(ways, reverse=called is not COUNTS)
        link = _link("/queue", {**asked, "sort": other if by == usual else usual})
        yield {
            "name": name,
            "text": text,
            "order": ways.get(by, ""),
            "called": called[by.startswith("-")],
            "href": link,
        }


def _row(one: Json, today: date) -> Json:
    """A case as it is shown: its clocks in words and a colour, and why it needs somebody beside them."""
    stopped, ended = one["on_hold"], one["is_allocated"]
    more = [words.NEEDS[need] for need in one["needs"] if need not in ("to_allocate", "overdue", "on_hold")]
    return one | {
        "allocate": _clock(one["allocate_by"], today, stopped, "Allocated" if ended else ""),
        "complete": _clock(one["complete_by"], today, stopped),
        "tags": more,
    }


def _clock(day: str, today: date, is_stopped: bool, done: str = "") -> dict[str, str]:
    """What a day means today, and its colour: red once it has passed, yellow when it is near."""
    left = (date.fromisoformat(day) - today).days
    if done:
        return {"text": done, "colour": "green"}
    if is_stopped:
        return {"text": "Clock stopped", "colour": "blue"}
    if left < 0:
        return {"text": f"{words.count(-left, 'day')} overdue", "colour": "red"}
    text = "Today" if left == 0 else f"In {words.count(left, 'day')}"
    return {"text": text, "colour": "yellow" if left <= SOON else "white"}


def _pages(asked: Mapping[str, str], number: int, last: int) -> Json:
    """The way to the page before and the one after."""

    def way(to: int) -> Json:
        return {"href": _link("/queue", {**asked, "page": str(to)}), "labelText": f"{to:,} of {last:,}"}

    return {
        "previous": way(number - 1) if number > 1 else None,
        "next": way(number + 1) if number < last else None,
    }


def _link(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}"
