"""What a rule is: a code, a sentence, and masks of who may lead or be second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.exact import Ints
from allocator.facts import Facts
from allocator.held import Held, Role

Bools = NDArray[np.bool_]
Mask = Callable[[Ints], Bools]
"""Case rows, shape (n,) → whether each reviewer may take each, shape (n, n_reviewers)."""
Prepare = Callable[[Facts, Held], Mask]
"""What a rule looks up once; then its mask answers for any block of cases."""


@dataclass(frozen=True)
class Rule:
    """One rule of the contract.

    Parameters
    ----------
    code : the contract's code
    sentence : what it asks, as a person would say it
    lead, second : masks of new leads and of new seconds; None: nothing to ask of a single pair
    person : True for rules about a person; the others are about totals, or about the plan as a whole
    """

    code: str
    sentence: str
    lead: Prepare | None = None
    second: Prepare | None = None
    person: bool = False

    def of(self, role: Role) -> Prepare | None:
        """The rule's mask for one role."""
        return self.lead if role is Role.LEAD else self.second


def by_key(table: Bools, keys: Ints) -> Mask:
    """A mask that looks each case's key up in a table of shape (n_keys, n_reviewers)."""
    return lambda rows: table[keys[rows]]


def everyone_but(facts: Facts, barred: Callable[[int], Ints]) -> Mask:
    """A mask of all reviewers but those barred from each case."""

    def mask(rows: Ints) -> Bools:
        may = np.ones((len(rows), facts.n_reviewers), np.bool_)
        for i, row in enumerate(rows.tolist()):
            if len(who := barred(row)):
                may[i, who] = False
        return may

    return mask


def everyone_but_one(facts: Facts, barred: Ints) -> Mask:
    """A mask of all reviewers but one of each case; `barred` has shape (n_cases,), below 0 for nobody."""

    def mask(rows: Ints) -> Bools:
        may = np.ones((len(rows), facts.n_reviewers), np.bool_)
        some = np.flatnonzero(barred[rows] >= 0)
        may[some, barred[rows[some]]] = False
        return may

    return mask


def nobody_where(facts: Facts, closed: Bools) -> Mask:
    """A mask that shuts everyone out of some cases; `closed` has shape (n_cases,)."""
    return lambda rows: np.repeat(~closed[rows, None], facts.n_reviewers, axis=1)
