"""A plan of the small queue, kept in a service's store without waiting for a worker."""

from __future__ import annotations

from typing import Any

from allocator.jobs.work import Result
from tests.pages.conftest import Shop
from tools.shop import keep, planned

Json = Any


def plan_of(shop: Shop, *areas: str) -> int:
    """The number of a plan of what a service's store has now."""
    return keep(shop.database, planned(shop.database, areas), areas)


def plan_of_small_queue(shop: Shop) -> int:
    """The same of the small queue as it was imported, which is planned once for all tests."""
    if not _ONCE:
        _ONCE.append(planned(shop.database))
    return keep(shop.database, _ONCE[0])


_ONCE: list[Result] = []


def lines_of(shop: Shop, plan: int) -> list[Json]:
    """The lines of a plan, as a call tells them."""
    found: list[Json] = shop.get(f"/v1/plans/{plan}/lines")["items"]
    return found


def line_of(shop: Shop, plan: int, case_id: str, role: str = "lead") -> Json:
    """One of them."""
    return next(one for one in lines_of(shop, plan) if (one["case_id"], one["role"]) == (case_id, role))


def ready(shop: Shop, plan: int) -> list[Json]:
    """Leads that lack nothing to be published."""
    return [one for one in lines_of(shop, plan) if one["role"] == "lead" and not one["missing"]]


def could_have(shop: Shop, plan: int) -> tuple[Json, str]:
    """A line that lacks nothing, and somebody else who could have it just so."""
    people = [one["reviewer_id"] for one in shop.get(f"/v1/plans/{plan}/workloads")["items"]]
    for line in ready(shop, plan):
        for who in people:
            edit = {"edit": "give", "case_id": line["case_id"], "reviewer_id": who}
            told = shop.call("POST", f"/v1/plans/{plan}/edits", json={"edits": [edit]})["consequences"][0]
            if who != line["advised"] and not told["broken"]:
                return line, who
    raise AssertionError("no line could be anybody else's")
