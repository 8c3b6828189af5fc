"""The prices of a certificate, read with suspicion: whole thousandths of a point, for what there is."""

from dataclasses import dataclass

import numpy as np

from allocator.audit.arcs import open_places
from allocator.audit.exact import NO_LIMIT, Bools, Ints, whole
from allocator.audit.facts import LEAD, SECOND, Facts
from allocator.audit.room import Room
from allocator.audit.rows import Line
from allocator.audit.standing import Standing

HIGHEST = 10**11
"""Prices beyond a hundred million points prove nothing and would not fit 64 bits."""


@dataclass(frozen=True)
class Prices:
    """Prices in thousandths of a point; what is not listed costs nothing.

    Parameters
    ----------
    place : ndarray of shape (2, n_cases), dtype=np.int64
        For filling each empty place once at most.
    needs_lead : ndarray of shape (n_cases,), dtype=np.int64
        For a new second's needing a new lead.
    admin : ndarray of shape (n_areas,), dtype=np.int64
        A minute of administration in each area.
    cases, minutes : ndarray of shape (n_contracts,), dtype=np.int64
        A lead, and a minute of a lead, of each provider.
    """

    place: Ints
    needs_lead: Ints
    admin: Ints
    cases: Ints
    minutes: Ints


def read_prices(level: Line, facts: Facts, standing: Standing, room: Room) -> tuple[Prices, list[str]]:
    """Return the prices of a level and what is wrong with them."""
    places = open_places(facts, standing)
    faults: list[str] = []
    ids = [case.case_id for case in facts.cases]
    by_role = level.get("prices", {})
    if not isinstance(by_role, dict):
        faults.append("prices: an object is asked for")
        by_role = {}
    limited = np.array([free is not None for free in room.admin_free], dtype=np.bool_)
    providers = [contract.provider for contract in facts.snapshot.contracts]
    chain = places[LEAD] & places[SECOND]

    def read(source: Line, name: str, names: list[str], there: Bools, least: int = 0) -> Ints:
        return _table(source.get(name), name, (names, there, least), faults)

    return Prices(
        place=np.stack(
            [
                read(by_role, "lead", ids, places[LEAD], -HIGHEST),
                read(by_role, "second", ids, places[SECOND], -HIGHEST),
            ]
        ),
        needs_lead=read(level, "second_needs_lead", ids, chain),
        admin=read(level, "admin", list(facts.areas), limited),
        cases=read(level, "contract_cases", providers, room.providers.cases_left < NO_LIMIT),
        minutes=read(level, "contract_minutes", providers, room.providers.minutes_left < NO_LIMIT),
    ), faults


def _table(said: object, name: str, kind: tuple[list[str], Bools, int], faults: list[str]) -> Ints:
    """Return one table of prices in the order of the names; `kind`: names, which bind, least price."""
    names, there, least = kind
    prices = np.zeros(len(names), dtype=np.int64)
    if said is None:
        return prices
    if not isinstance(said, dict):
        faults.append(f"{name}: an object is asked for")
        return prices
    index = {key: place for place, key in enumerate(names)}
    for key, price in said.items():
        place, amount = index.get(key), whole(price)
        if amount is None or not least <= amount <= HIGHEST:
            faults.append(f"{name}, {key!r}: {price!r} is no price from {least} to {HIGHEST}")
        elif place is not None and there[place]:
            prices[place] = amount
        elif amount != 0:
            faults.append(f"{name}, {key!r}: there is nothing here that a price could bind")
    return prices
