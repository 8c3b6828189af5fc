"""The prices of a certificate, read with suspicion: whole thousandths of a point, for what there is."""

from dataclasses import dataclass

import numpy as np

from allocator.audit.choice import Choice
from allocator.audit.exact import Bools, Ints, whole
from allocator.audit.facts import LEAD, SECOND
from allocator.audit.levels import LEVELS
from allocator.audit.rows import Line
from allocator.audit.shared import NONE, Shared

UNIT = 1000
"""Prices are in thousandths of a point of the level they bound."""
HIGHEST = 10**11
"""Prices beyond a hundred million points prove nothing."""
LARGEST = 2**56
"""What a price may come to with what it is multiplied by, so that sums fit 64 bits."""


@dataclass(frozen=True)
class Prices:
    """The prices of one level; what is not listed costs nothing.

    Parameters
    ----------
    place : ndarray of shape (2, n_cases), dtype=np.int64
        For filling each place.
    needs_lead : ndarray of shape (n_cases,), dtype=np.int64
        For a new second's needing a new lead.
    shared : tuple of (limits, prices)
        What the unit of each shared limit costs, one price a key.
    level : int
        Which level they bound, from 0.
    weights, at_most : ndarray of shape (3,), dtype=np.int64
        What a point of each level counts, and how many of the higher ones a plan may have; 0 for lower ones.
    """

    place: Ints
    needs_lead: Ints
    shared: tuple[tuple[Shared, Ints], ...]
    level: int
    weights: Ints
    at_most: Ints


@dataclass(frozen=True)
class Reader:
    """Reads one level's entry of a certificate, and notes what is wrong with it."""

    said: Line
    faults: list[str]

    def prices(self, choice: Choice, shared: tuple[Shared, ...], higher: tuple[int, ...]) -> Prices:
        """Return the prices of the level below those whose values in the plan are given."""
        facts, held = choice.facts, choice.held[LEAD]
        ids = tuple(case.case_id for case in facts.cases)
        roles = Reader(self._object("prices"), self.faults)
        chain = choice.places[LEAD] & choice.places[SECOND] & ~held
        scales = (int(facts.penalty.max(initial=1)), int(facts.urgency.sum()))
        weights, at_most = self._higher(higher, scales)
        return Prices(
            place=np.stack(
                [
                    roles.table("lead", ids, choice.places[LEAD], (-HIGHEST, HIGHEST)),
                    roles.table("second", ids, choice.places[SECOND], (-HIGHEST, HIGHEST)),
                ]
            ),
            needs_lead=self.table("second_needs_lead", ids, chain),
            shared=tuple((limits, self._shared(limits)) for limits in shared),
            level=len(higher),
            weights=weights,
            at_most=at_most,
        )

    def table(
        self, name: str, keys: tuple[str, ...], there: Bools, span: tuple[int, int] = (0, HIGHEST)
    ) -> Ints:
        """Return prices in the order of their keys; only what is there may have one, within the span."""
        found, index = np.zeros(len(keys), dtype=np.int64), {key: place for place, key in enumerate(keys)}
        for key, price in self._object(name).items():
            place, amount = index.get(key), whole(price)
            if amount is None or not span[0] <= amount <= span[1]:
                self.faults.append(f"{name}, {key!r}: {price!r} is no price from {span[0]} to {span[1]}")
            elif place is not None and there[place]:
                found[place] = amount
            elif amount != 0:
                self.faults.append(f"{name}, {key!r}: there is nothing here that a price could bind")
        return found

    def _shared(self, limits: Shared) -> Ints:
        """Return the prices of one kind of limit; one that is nobody's has a price and no table."""
        most = min(HIGHEST, LARGEST // max(1, int(limits.amount.max(initial=1))))
        said = self.said.get(limits.name)
        if limits.keys == ("",):
            said = {"": 0 if said is None else said}
        reader = Reader({limits.name: said}, self.faults)
        return reader.table(limits.name, limits.keys, limits.left != NONE, (0, most))

    def _higher(self, values: tuple[int, ...], scales: tuple[int, ...]) -> tuple[Ints, Ints]:
        """Return what a point of each level counts, and how many a plan may have of the higher ones."""
        weights, at_most = (np.zeros(len(LEVELS), dtype=np.int64) for _ in range(2))
        weights[len(values)] = UNIT
        levels = Reader(self._object("higher_levels"), self.faults)
        for index, (name, value) in enumerate(zip(LEVELS, values, strict=False)):
            entry, highest = levels._object(name), LARGEST // max(1, scales[index])
            price, most = whole(entry.get("price")), whole(entry.get("at_most"))
            if price is None or not 0 <= price <= highest:
                self.faults.append(f"{name}: {entry.get('price')!r} is no price from 0 to {highest}")
            elif most is None or most < value:
                self.faults.append(f"{name}: at_most is {entry.get('at_most')!r}, the plan has {value}")
            else:
                weights[index], at_most[index] = price, most
        return weights, at_most

    def _object(self, name: str) -> Line:
        """Return the object of a name, an empty one where there is none."""
        found = self.said.get(name)
        if found is None or isinstance(found, dict):
            return found or {}
        self.faults.append(f"{name}: an object is asked for")
        return {}
