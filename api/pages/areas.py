"""Areas by their names."""

from __future__ import annotations

from typing import Any

from api.pages.page import Page

Json = Any


def areas_of(page: Page) -> list[Json]:
    """The record of every area."""
    return [one["record"] | {"area": one["id"]} for one in _every(page)]


def area_names(page: Page) -> dict[str, str]:
    """By code what each area is called: its name with the code, or the code alone."""
    return {one["area"]: _called(one) for one in areas_of(page)}


def _called(one: Json) -> str:
    return f"{one['name']} ({one['area']})" if one.get("name") else str(one["area"])


def _every(page: Page) -> list[Json]:
    found: list[Json] = []
    query = {"limit": "1000"}
    while True:
        answer = page.ask("list-areas", query=query)
        found += answer["items"]
        if answer["next"] is None:
            return found
        query["after"] = answer["next"]
