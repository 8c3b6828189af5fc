"""Which lines of a plan can be published now: one rule for Home and for the page that publishes."""

from __future__ import annotations

from typing import Any

Json = Any


def ready_of(lines: list[Json]) -> list[Json]:
    """Return the approved lines that lack nothing and are not stale, of cases whose lead is not held up.

    Parameters
    ----------
    lines : every line of one plan, as its call tells them
    """
    sound = [one for one in lines if one["state"] == "approved" and not one["stale"] and not one["missing"]]
    leads = [one for one in lines if one["role"] == "lead" and one["state"] != "published"]
    leaderless = {one["case_id"] for one in leads if one not in sound}
    return [one for one in sound if one["case_id"] not in leaderless]
