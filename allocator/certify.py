"""The certificate: by case, area, provider and reviewer, the prices from which a bound can be recomputed."""

from __future__ import annotations

import numpy as np

from allocator.encode import Encoding
from allocator.exact import Ints
from allocator.groups import Kind
from allocator.held import Role
from allocator.plan import Certificate, CertifiedLevels, HigherLevel, LevelCertificate, PlacePrices, Plan
from solver.outcome import PRICE_UNIT, LevelOutcome, Prices
from solver.problem import LEVELS
from solver.reduce import drop_hopeless, late_whoever


def provable(encoding: Encoding, levels: tuple[LevelOutcome, ...], index: int) -> Prices | None:
    """The prices that prove a level's bound, or the most of it; None if it rests on the search alone."""
    level, higher = levels[index], tuple(one.value for one in levels[:index])
    prices = level.prices
    if prices is not None and prices.bound > level.fixed and len(prices.at_most) == index:
        return prices
    return _of_what_is_fixed(encoding, index, higher, level.fixed) if level.bound == level.fixed else None


def _of_what_is_fixed(encoding: Encoding, index: int, higher: tuple[int, ...], bound: int) -> Prices:
    """Prices that prove what no plan could avoid: its lateness on each place that is late with everyone."""
    problem = drop_hopeless(encoding.problem)
    weights = np.zeros(len(LEVELS), np.int64)
    weights[index] = PRICE_UNIT
    place = weights[LEVELS.index("late")] * problem.late_points * late_whoever(problem)
    nothing = np.zeros(problem.n_places, np.int64)
    return Prices(bound, place, nothing, np.zeros(len(problem.groups.limit), np.int64), weights, higher)


def certificate(encoding: Encoding, levels: tuple[LevelOutcome, ...], plan: Plan) -> Certificate:
    """What anyone can recompute of the bounds that a plan claims."""
    found = {name: _level(encoding, levels, index, plan) for index, name in enumerate(LEVELS)}
    return Certificate(
        snapshot_digest=plan.snapshot_digest,
        plan_id=plan.plan_id,
        max_moves=plan.max_moves,
        levels=CertifiedLevels(**found),
    )


def _level(encoding: Encoding, levels: tuple[LevelOutcome, ...], index: int, plan: Plan) -> LevelCertificate:
    """What is said of one level, as the plan claims it."""
    claim = getattr(plan.objective, LEVELS[index])
    if claim.bounded_by == "fixed":
        return LevelCertificate(kind="fixed", bound=claim.bound)
    prices = provable(encoding, levels, index)
    if prices is None:
        return LevelCertificate(kind="search", bound=claim.bound)
    return _priced(encoding, prices)


def _priced(encoding: Encoding, prices: Prices) -> LevelCertificate:
    return LevelCertificate(
        kind="lagrangian",
        bound=prices.bound,
        higher_levels={
            name: HigherLevel(price=int(weight), at_most=most)
            for name, weight, most in zip(LEVELS, prices.levels, prices.at_most, strict=False)
        },
        prices=PlacePrices(
            lead=_by_case(encoding, prices.place, Role.LEAD),
            second=_by_case(encoding, prices.place, Role.SECOND),
        ),
        second_needs_lead=_by_case(encoding, prices.needs, Role.SECOND),
        admin=_by_name(encoding, prices.group, Kind.ADMIN),
        contract_cases=_by_name(encoding, prices.group, Kind.CONTRACT_CASES),
        contract_minutes=_by_name(encoding, prices.group, Kind.CONTRACT_MINUTES),
        open_cases=_by_name(encoding, prices.group, Kind.OPEN_CASES),
        moves=_by_name(encoding, prices.group, Kind.MOVES).get("", 0),
    )


def _by_case(encoding: Encoding, prices: Ints, role: Role) -> dict[str, int]:
    """The prices that are not 0 of one role's places that are open or may change hands, by case."""
    places = encoding.places
    priced = np.flatnonzero((prices != 0) & (places.role == role) & ((places.holder < 0) | places.movable))
    return {encoding.facts.cases[places.case[p]].case_id: int(prices[p]) for p in priced}


def _by_name(encoding: Encoding, prices: Ints, kind: Kind) -> dict[str, int]:
    """The prices that are not 0 of limits of one kind that someone may use, by whose they are."""
    used = np.diff(encoding.problem.groups.start) > 0
    named = zip(encoding.groups, (prices * used).tolist(), strict=True)
    return {key.name: price * key.parts for key, price in named if key.kind is kind and price}
