"""An earlier plan by rows of a problem: what its solve may begin with."""

from __future__ import annotations

from collections.abc import Iterable
from math import nan

import numpy as np

from allocator.encode import Encoding
from allocator.facts import row_array
from allocator.groups import GroupKey, Kind
from allocator.held import Role
from allocator.previous import Previous
from allocator.written import Seat
from solver.lp import Duals
from solver.outcome import PRICE_UNIT
from solver.problem import Floats
from solver.start import Start

FARTHEST = 10**15
"""Beyond any price there can be, and still a whole number to a float."""


def start_of(encoding: Encoding, previous: Previous) -> Start:
    """Who had each place that there still is, and what it was worth; −1 and NaN where that is not known."""
    seats = _seats(encoding)
    row, had = encoding.facts.reviewer_row, previous.reviewer_of
    return Start(
        row_array([row.get(had.get(seat, ""), -1) for seat in seats]), _prices(encoding, previous, seats)
    )


def _seats(encoding: Encoding) -> list[Seat]:
    """The case id and the role of each place."""
    places, cases = encoding.places, encoding.facts.cases
    each = zip(places.case.tolist(), places.role.tolist(), strict=True)
    return [(cases[row].case_id, Role(role).label) for row, role in each]


def _prices(encoding: Encoding, previous: Previous, seats: list[Seat]) -> Duals | None:
    """The prices in points; None if the earlier plan was proved without any."""
    level = previous.level
    if level.kind != "lagrangian":
        return None
    by_role = {"lead": level.prices.lead, "second": level.prices.second}
    needs = level.second_needs_lead
    return Duals(
        _points(
            by_role[role].get(case, 0) if (case, role) in previous.priced else nan for case, role in seats
        ),
        _points(needs.get(case, 0) if role == "second" else 0 for case, role in seats),
        _points(_price_of(key, previous) for key in encoding.groups),
        np.array([1.0, 0.0, 0.0]),
    )


def _price_of(key: GroupKey, previous: Previous) -> float:
    """The price of a unit of a group's limit: the certificate's is that of a minute, a case or a move."""
    level = previous.level
    by_name = {
        Kind.ADMIN: level.admin,
        Kind.CONTRACT_CASES: level.contract_cases,
        Kind.CONTRACT_MINUTES: level.contract_minutes,
        Kind.OPEN_CASES: level.open_cases,
        Kind.MOVES: {"": level.moves},
    }[key.kind]
    return _near(by_name.get(key.name, 0)) / key.parts


def _points(thousandths: Iterable[float]) -> Floats:
    return np.array([_near(one) for one in thousandths], np.float64) / PRICE_UNIT


def _near(price: float) -> float:
    """The price, or the farthest one: a document may hold numbers that no float does."""
    return price if price != price else max(-FARTHEST, min(FARTHEST, price))
