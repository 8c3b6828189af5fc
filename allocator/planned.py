"""A plan as it was written, read back by the rows of its snapshot: what is asked of it, is asked of this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.begin import start_of
from allocator.decode import filled_places
from allocator.encode import Encoding, encode
from allocator.errors import BadInput, Fault
from allocator.exact import Ints
from allocator.forecast import Filled, Forecast, forecast, is_late
from allocator.held import Role
from allocator.previous import Previous
from allocator.snapshot import Snapshot
from allocator.standing import Standing, standing
from solver.check import breaches, values
from solver.lp import Duals


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan of the snapshot that it was made from, which breaks none of its rules.

    Parameters
    ----------
    previous : who has which place by id, and the prices
    encoding : the snapshot's problem
    assignment : ndarray of shape (n_places,), the reviewer row of each place, −1 for nobody
    duals : prices of level 1 in points, 0 where none is known; None if it was proved without any
    """

    previous: Previous
    encoding: Encoding
    assignment: Ints
    duals: Duals | None

    @staticmethod
    def of(snapshot: Snapshot, plan: Mapping[str, object], certificate: object) -> Planned:
        """The plan of two documents.

        Raises
        ------
        BadInput
            It is of other data, breaks a rule, or is no plan; or its certificate is none.
        """
        previous = Previous.of(plan, certificate)
        if plan.get("snapshot_digest") != snapshot.digest():
            hint = "give the snapshot and the policy that it was made from"
            raise BadInput(
                [Fault("other-data", "the plan was made from other data", file="plan.json", hint=hint)]
            )
        most = plan.get("max_moves")
        encoding = encode(snapshot, most if isinstance(most, int) else 0).lean()
        start = start_of(encoding, previous)
        assert start.assignment is not None
        if faults := breaches(encoding.problem, start.assignment):
            fault = f"breaks a rule of this snapshot: {faults[0]}"
            raise BadInput([Fault("unsound-plan", fault, file="plan.json", hint="`check` lists all of them")])
        prices = start.prices
        if prices is not None:
            place, needs, group = (np.nan_to_num(part) for part in (prices.place, prices.needs, prices.group))
            prices = Duals(place, needs, group, prices.levels)
        return Planned(previous, encoding, start.assignment, prices)

    @cached_property
    def values(self) -> Ints:
        """Points by level, shape (3,)."""
        return values(self.encoding.problem, self.assignment)

    @cached_property
    def filled(self) -> Filled:
        """The places that somebody has."""
        return filled_places(self.encoding, self.assignment)

    @cached_property
    def standing(self) -> Standing:
        """How full everyone is."""
        return standing(self.encoding.facts, self.encoding.efforts, self.encoding.totals, self.filled)

    @cached_property
    def forecast(self) -> Forecast:
        """When each filled place is done."""
        return forecast(self.encoding.facts, self.filled)

    @cached_property
    def late(self) -> frozenset[int]:
        """Case rows whose lead is forecast to be late."""
        late = is_late(self.encoding.facts, self.filled.case, self.forecast.finish)
        return frozenset(self.filled.case[late & (self.filled.role == Role.LEAD)].tolist())
