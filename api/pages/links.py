"""Addresses of pages about something that has an id, whatever stands in the id."""

from __future__ import annotations

from urllib.parse import quote


def link(*parts: str | int) -> str:
    """The address of a page: `link("cases", "A/7", "why")` is /cases/A%2F7/why."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)
