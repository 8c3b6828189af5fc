"""Prices as a certificate: by case, area and provider, in thousandths of a point."""

from __future__ import annotations

import numpy as np

from allocator.encode import Encoding
from allocator.exact import Ints
from allocator.groups import Kind
from allocator.held import Role
from allocator.plan import Certificate, CertifiedLevels, LevelCertificate, PlacePrices
from solver.outcome import LevelOutcome, Prices
from solver.reduce import drop_hopeless

_NO_PRICES = PlacePrices(lead={}, second={})


def certificate(
    encoding: Encoding, levels: tuple[LevelOutcome, ...], plan_id: str, digest: str
) -> Certificate:
    """What anyone can recompute of a plan's bounds: level 1, where nothing held may move."""
    first = next((level for level in levels if level.name == "unallocated"), None)
    found = _level(encoding, first) if first is not None else None
    return Certificate(
        snapshot_digest=digest,
        plan_id=plan_id,
        max_moves=encoding.totals.max_moves,
        levels=CertifiedLevels(unallocated=found, late=None, cost=None),
    )


def is_certified(encoding: Encoding, level: LevelOutcome) -> bool:
    """True when a level's bound can be recomputed from prices alone."""
    return level.name == "unallocated" and level.prices is not None and encoding.totals.max_moves == 0


def _level(encoding: Encoding, level: LevelOutcome) -> LevelCertificate:
    if level.prices is not None and is_certified(encoding, level):
        return _priced(encoding, level.prices)
    return LevelCertificate(
        kind="search",
        bound=level.bound,
        prices=_NO_PRICES,
        second_needs_lead={},
        admin={},
        contract_cases={},
        contract_minutes={},
        moves=0,
    )


def _priced(encoding: Encoding, prices: Prices) -> LevelCertificate:
    return LevelCertificate(
        kind="lagrangian",
        bound=prices.bound,
        prices=PlacePrices(
            lead=_by_case(encoding, prices.place, Role.LEAD),
            second=_by_case(encoding, prices.place, Role.SECOND),
        ),
        second_needs_lead=_by_case(encoding, _needs(encoding, prices), Role.SECOND),
        admin=_by_name(encoding, prices.group, Kind.ADMIN),
        contract_cases=_by_name(encoding, prices.group, Kind.CONTRACT_CASES),
        contract_minutes=_by_name(encoding, prices.group, Kind.CONTRACT_MINUTES),
        moves=0,
    )


def _needs(encoding: Encoding, prices: Prices) -> Ints:
    """The price of "only if there is a lead", also for seconds of cases that nobody can lead.

    The solver leaves those seconds out before it prices anything. Whoever recomputes the bound does not:
    priced at all that the second is worth, it gains nothing, and the lead it would favour is nobody's.
    """
    lead = encoding.problem.needs
    nobody = np.diff(drop_hopeless(encoding.problem).arc_start)[lead] == 0
    return np.where((lead >= 0) & nobody, np.maximum(prices.needs, prices.place), prices.needs)


def _by_case(encoding: Encoding, prices: Ints, role: Role) -> dict[str, int]:
    """The prices of open places of one role that are not 0, by case."""
    places = encoding.places
    priced = np.flatnonzero((prices != 0) & (places.role == role) & (places.holder < 0))
    return {encoding.facts.cases[places.case[p]].case_id: int(prices[p]) for p in priced}


def _by_name(encoding: Encoding, prices: Ints, kind: Kind) -> dict[str, int]:
    """The prices of groups of one kind that are not 0, by area or provider, per minute or case."""
    named = zip(encoding.groups, prices.tolist(), strict=True)
    return {key.name: price * key.parts for key, price in named if key.kind is kind and price}
