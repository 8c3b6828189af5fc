"""Areas and what else has a code, by their names: everywhere `Name (CODE)`, or the code alone."""

from __future__ import annotations

from typing import Any, Final

from api.errors import Refusal
from api.pages.page import FAILURES, Page
from api.words import count

Json = Any
NAMED: Final = 3
"""Of so many areas at most each is named; more are counted."""


def named(code: str, record: Json) -> str:
    """What something with a code is called."""
    return f"{record['name']} ({code})" if record.get("name") else code


def called(page: Page, kind: str, code: str) -> str:
    """What an area or an organisation of a code is called, known or not."""
    try:
        return named(code, page.ask(f"get-{kind}", {"record_id": code})["record"])
    except Refusal:
        return code


def areas_of(page: Page) -> dict[str, Json]:
    """By code the record of every area."""
    return {one["id"]: one["record"] for one in page.every("list-areas")}


def area_names(page: Page) -> dict[str, str]:
    """By code what every area is called."""
    return {code: named(code, record) for code, record in areas_of(page).items()}


def own_areas(page: Page) -> dict[str, str]:
    """By code what the areas are called that whoever looks may choose from."""
    return {code: name for code, name in area_names(page).items() if page.caller.covers(code)}


def signed_in_for(page: Page) -> str:
    """Whose areas they are that whoever looks has signed in for; empty: no areas in particular."""
    codes = page.caller.areas
    if len(codes) > NAMED:
        return count(len(codes), "area")
    try:
        return ", ".join(called(page, "area", code) for code in codes)
    except FAILURES:  # what stands in the way is told on the page itself
        return ", ".join(codes)
