"""Uploading files: what is wrong is told by file, row and column, before anything is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from api import words
from api.files import files_of
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.roles import STAFF

MOST_GROUPS, MOST_ROWS = 200, 10
"""Told on the page: whoever has mended so many uploads again."""

QUERIES = {"true": "partial", "quarantine": "quarantine"}
"""By what is chosen on the page, what the call is asked for beside."""
TOLD = ("file", "column", "message", "hint")


@dataclass
class Group:
    """What is wrong in the same way in some rows of a column, told once.

    Parameters
    ----------
    first : the line of the first one
    rows : place and value of the first ones
    count : how many rows there are
    """

    file: str
    column: str
    message: str
    hint: str
    first: int
    rows: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/upload", "upload", STAFF, _show, {"upload": _upload}),)


def _show(page: Page) -> Shown:
    faults = (page.problem or {}).get("errors") or ()
    groups = list(grouped(faults))
    said = {
        "tables": page.ask("templates")["items"],
        "groups": groups[:MOST_GROUPS],
        "more": len(groups) - MOST_GROUPS,
        "faults": len(faults),
        "chosen": page.form.get("partial", "false"),
        "largest": page.service.settings.largest_body // 1024**2,
    }
    return Shown("upload.html", said)


def _upload(page: Page) -> GoTo | Shown:
    chosen = page.form.get("partial", "")
    query = {QUERIES[chosen]: "true"} if chosen in QUERIES else {}
    done = page.ask("import", query=query, body=files_of(page.files))
    is_counted = chosen == "quarantine"
    if not (is_counted or done["left_out"] or done["withdrawn"] or done["warnings"]):
        return GoTo("/", f"Uploaded: {_kept(done)}.")
    groups = list(grouped(fault for one in done["left_out"] for fault in one["errors"]))
    said = {
        "came": done,
        "kept": _kept(done),
        "groups": groups[:MOST_GROUPS],
        "more": len(groups) - MOST_GROUPS,
        "counted": {words.sentence(kind): one for kind, one in done["counts"].items()} if is_counted else {},
        "areas": done["cases_by_area"],
        "set_aside": sum(one["set_aside"] for one in done["counts"].values()),
    }
    return Shown("uploaded.html", said)


def _kept(done: Json) -> str:
    """What was kept, in words."""
    kinds = [words.count(number, kind.removesuffix("s")) for kind, number in done["kept"].items() if number]
    kinds += ["the policy"] if done["policy"] else []
    return ", ".join(kinds) or "nothing"


def grouped(faults: Iterable[Json]) -> Iterator[Group]:
    """Yield what is wrong, by file and in its order: the same in many rows is told once, with the rows."""
    found: dict[tuple[str, ...], Group] = {}
    for one in faults:
        file, column, message, hint = (str(one.get(name) or "") for name in TOLD)
        group = found.setdefault(
            (file, column, message, hint), Group(file, column, message, hint, one.get("line") or 0)
        )
        group.count += 1
        if len(group.rows) < MOST_ROWS:
            value = one.get("value")
            group.rows.append((_place(one), "" if value is None else str(value)))
    yield from sorted(found.values(), key=lambda one: (one.file, one.first))


def _place(one: Json) -> str:
    """Where a fault is in its file."""
    if one.get("line") is not None:
        return f"row {one['line']:,}"
    parts = (one.get("pointer") or "").split("/")
    return f"entry {int(parts[2]) + 1:,}" if len(parts) > 2 and parts[2].isdecimal() else ""
