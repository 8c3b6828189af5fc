"""What to mend first, the rows of a group, and one row that is set aside, mended or dismissed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from allocator.errors import BadInput, Fault
from allocator.intake.quarantine import LEANS
from api import words
from api.pages.areas import own_areas
from api.pages.forms import Typed, Wrong
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.pages.typed import written_day
from api.roles import STAFF, STAFF_AND_AUDITORS

ROWS: Final = 100
"""On one page."""
NUMBER: Final = re.compile(r"-?\d{1,9}(\.\d{1,9})?")
FLAGS: Final = {"yes": True, "true": True, "no": False, "false": False}
HOLDS_UP: Final = {
    "in no plan": ("In no plan", "red"),
    "hidden work": ("Hidden work", "orange"),
    "to be declared": ("To be declared", "yellow"),
    "assumed": ("Assumed", "grey"),
}
"""What something holds up, and its colour."""


@dataclass(frozen=True)
class Box:
    """A field of a row, as a form has it.

    Parameters
    ----------
    place : its id on the page
    wrong : what is wrong with it, as it lies there
    """

    name: str
    label: str
    hint: str
    kind: str
    text: str
    place: str
    wrong: str = ""

    def read(self, text: str) -> Any:
        """What is typed, as the call takes it; what cannot be read as it was typed, None for nothing."""
        text = text.strip()
        if not text:
            return None
        match self.kind:
            case "number":
                plain = text.replace(",", "")
                return (float(plain) if "." in plain else int(plain)) if NUMBER.fullmatch(plain) else text
            case "flag":
                return FLAGS.get(text.lower(), text)
            case "list":
                return [one.strip() for one in re.split(r"[\n;,]", text) if one.strip()]
            case "day":
                return written_day(text) or text
        return text


def pages() -> tuple[PageRoute, ...]:
    """The pages."""
    return (
        PageRoute("/to-mend", "to-mend", STAFF_AND_AUDITORS, _show, {"retry": _retry}),
        PageRoute("/to-mend/<group>", "to-mend-rows", STAFF_AND_AUDITORS, _rows),
        PageRoute(
            "/set-aside/<number>", "set-aside", STAFF_AND_AUDITORS, _row, {"save": _save, "dismiss": _dismiss}
        ),
    )


def _show(page: Page) -> Shown:
    areas = own_areas(page)
    area = page.query.get("area", "")
    area = area if area in areas else ""
    found = page.ask("to-mend", query={"area": area} if area else {})
    said = {
        "found": found,
        "areas": areas,
        "area": area,
        "tags": HOLDS_UP,
        "may_mend": page.caller.role in STAFF,
    }
    return Shown("to_mend.html", said)


def _retry(page: Page) -> GoTo:
    done = page.ask("retry-quarantine")
    kept = words.count(len(done["kept"]), "row is", "rows are")
    return GoTo("/to-mend", f"All were tried again: {kept} kept now.")


def _rows(page: Page) -> Shown:
    asked = {name: page.query[name] for name in ("area", "after") if page.query.get(name)}
    found = page.ask("to-mend-rows", page.path, {**asked, "limit": str(ROWS)})
    said = {
        "found": found,
        "asked": asked,
        "tags": HOLDS_UP,
        "first": int(asked.get("after", "0")) + 1,
        "may_mend": page.caller.role in STAFF,
    }
    return Shown("to_mend_rows.html", said)


def _row(page: Page) -> Shown:
    row = page.ask("get-quarantined", page.path)
    boxes = list(_boxes(page, row))
    wrong = Wrong(page)
    said = {
        "row": row,
        "name": _name(row),
        "wrong": wrong,
        "first": [one for one in boxes if one.wrong or wrong.at(one.name)],
        "rest": [one for one in boxes if not (one.wrong or wrong.at(one.name))],
        "typed": page.form,
        "leans": [one for one in row["errors"] if one["code"] == LEANS],
        "others": [one for one in row["errors"] if not one.get("column")],
        "reasons": words.DISMISSED,
        "may_mend": page.caller.role in STAFF and row["how"] is None,
    }
    return Shown("set_aside.html", said)


def _save(page: Page) -> GoTo:
    row = page.ask("get-quarantined", page.path)
    typed = {one: page.form[one.name] for one in _boxes(page, row) if one.name in page.form}
    fields = {one.name: one.read(text) for one, text in typed.items() if text.strip() != one.text}
    try:
        done = page.ask("mend-quarantined", page.path, body={"fields": fields})
    except BadInput as error:
        raise Typed(page.form, {one.name: one.label for one in typed}).in_words(error) from error
    if done["row"]["how"] is None:
        return GoTo(f"/set-aside/{row['number']}", "Saved. It waits for what it refers to.")
    more = len(done["kept"]) - 1
    with_it = f", and {words.count(more, 'row')} that waited for it" if more else ""
    return GoTo("/to-mend", f"Mended and kept: {_name(done['row'])}{with_it}.")


def _dismiss(page: Page) -> GoTo:
    why = page.form.get("why")
    if not why:
        raise BadInput(
            [Fault("missing-value", "is missing", pointer="/why", column="Why", hint="choose one")]
        )
    row = page.ask("dismiss-quarantined", page.path, body={"reason": why})
    return GoTo("/to-mend", f"Dismissed: {_name(row)}. It counts for nothing.")


def _boxes(page: Page, row: Json) -> Iterator[Box]:
    """Yield the fields that the row may say something in, those that it does not say too."""
    (table,) = (one for one in page.ask("templates")["items"] if one["table"] == row["kind"])
    columns: dict[str, Json] = {one["name"]: one for one in table["columns"]}
    wrong = {one["column"]: _says(one) for one in row["errors"] if one.get("column")}
    for name in (*columns, *(one for one in row["row"] if one not in columns)):
        column = columns.get(name, {})
        yield Box(
            name,
            words.label(name),
            _hint(column),
            _kind(column),
            _text(row["row"].get(name)),
            Wrong(page).field({"pointer": f"/{name}"}),
            wrong.get(name, ""),
        )


def _hint(column: Mapping[str, Any]) -> str:
    said = str(column.get("says", "")).replace("`", "")
    return ". ".join(part for part in (str(column.get("meaning", "")), words.capital(said)) if part)


def _kind(column: Mapping[str, Any]) -> str:
    says = str(column.get("says", ""))
    kinds = {
        "date": "day",
        "true or false": "flag",
        "number": "number",
        "whole number": "number",
        "list": "list",
    }
    return next((kind for word, kind in kinds.items() if says.startswith(word)), "text")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _says(fault: Json) -> str:
    hint = f": {fault['hint']}" if fault.get("hint") else ""
    message = str(fault["message"]).removeprefix(f"`{fault['column']}` ")
    return words.capital(f"{message}{hint}".replace("`", ""))


def _name(row: Json) -> str:
    return f"{row['kind'].removesuffix('s')} {row['id'] or 'of no known number'}"
