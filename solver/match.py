"""The best matching there is, by min-cost flow on few of the pairs, proved over all of them.

First everything is asked for: as many reviewers as each case should have, as many cases as each reviewer
should. Where that cannot be, the fewest places stay unfilled, then the fewest cases of anybody's least are
missing; with just as many allowed, the total of the scores is made as large as it can be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from solver.match_pairs import Pairs, Worth
from solver.matching import CONFLICT, Matched, Matching, MatchingPrices
from solver.matching_check import breaches, rounded_up, unproved
from solver.network import FlowError, Network, cheapest_flow, node_prices
from solver.problem import Floats, Ints

MOST_BITS, ALL_BITS = 44, 57
COARSER = range(0, 30, 5)
"""Scores are told apart to 44 bits of the largest; to fewer where sums would not fit into 64 bits."""


class UnsoundMatchingError(RuntimeError):
    """What was found breaks the matching or is not proved: a fault of ours, never of the input."""


def match(matching: Matching) -> Matched:
    """The best matching, with the prices that prove it so.

    Of all that hold every forced pair, no conflict and nobody's most, it leaves the fewest places unfilled,
    then the fewest cases missing, and then has the highest total, to within the number of pairs × 2 to the
    power of −`exponent`; `bound` says how near.

    Raises
    ------
    UnsoundMatchingError
        If what was found does not pass `solver.matching_check`.

    References
    ----------
    R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, chapters 9 to 11: prices, cost scaling.
    A. V. Goldberg, An efficient implementation of a scaling minimum-cost flow algorithm, 1997,
    doi:10.1006/jagm.1995.0805: what OR-tools does.
    """
    found = _Search(matching).best()
    if wrong := [*breaches(matching, found), *unproved(matching, found)]:
        raise UnsoundMatchingError("; ".join(wrong[:5]))
    return found


@dataclass(frozen=True, eq=False)
class _Optimum:
    """Pairs chosen beside the forced ones, their worth, how many are unfilled and missing, and the prices."""

    pairs: Ints
    worth: int
    short: tuple[int, int]
    prices: MatchingPrices


class _Search:
    """A matching with its forced pairs taken out, and the pairs looked at so far."""

    def __init__(self, matching: Matching) -> None:
        m = self.matching = matching
        self.per_case = m.per_case - np.bincount(m.forced[:, 1], minlength=m.n_cases)
        of_reviewer = np.bincount(m.forced[:, 0], minlength=m.n_reviewers)
        self.most = m.most - of_reviewer
        self.least = np.maximum(0, m.least - of_reviewer)
        free = m.scores != CONFLICT
        free[tuple(m.forced.T)] = False
        self.pairs = Pairs(m.scores, free)
        largest = np.abs(m.scores).max(where=free, initial=0.0)
        bits = min(MOST_BITS, ALL_BITS - (m.n_cases + m.n_reviewers).bit_length())
        self.finest = bits - math.frexp(largest)[1]

    def best(self) -> Matched:
        """The best matching, scores told apart as finely as can be."""
        shortfall, short = MatchingPrices(0 * self.per_case, 0 * self.most, 0, 0), (0, 0)
        for exponent in (self.finest - coarser for coarser in COARSER):
            try:
                found = self._optimum(_in_units(exponent), short)
                if found is None:
                    fewest = self._optimum(_worthless, None)
                    assert fewest is not None, "everything may be short"
                    shortfall, short = fewest.prices, fewest.short
                    self.pairs.restart(fewest.pairs)
                    found = self._optimum(_in_units(exponent), short)
                assert found is not None, "as much may be short as must be"
                return self._matched(found, shortfall, exponent)
            except FlowError:
                continue
        raise UnsoundMatchingError("no flow was found in whole numbers of 64 bits")

    def _matched(self, found: _Optimum, shortfall: MatchingPrices, exponent: int) -> Matched:
        m = self.matching
        pairs = np.concatenate([found.pairs, m.forced])
        pairs = pairs[np.lexsort(pairs.T)]
        forced = sum(map(Fraction, m.scores[tuple(m.forced.T)].tolist()))
        return Matched(
            pairs=pairs,
            total=math.fsum(m.scores[tuple(pairs.T)].tolist()),
            bound=rounded_up(Fraction(found.worth) / Fraction(2) ** exponent + forced),
            unfilled=m.per_case - np.bincount(pairs[:, 1], minlength=m.n_cases),
            missing=np.maximum(0, m.least - np.bincount(pairs[:, 0], minlength=m.n_reviewers)),
            exponent=exponent,
            prices=found.prices,
            shortfall_prices=shortfall,
        )

    def _optimum(self, worth: Worth, short: tuple[int, int] | None) -> _Optimum | None:
        """The pairs worth most with just so many unfilled and missing; None if no pairs leave so few.

        With `short` None any number may be, at a cost: one place unfilled costs more than all cases missing.
        """
        node: Ints | None = None
        rounds = 0
        self.pairs.keep_paying(worth, 0 * self.per_case, 0 * self.most)
        while True:
            rounds += 1
            reviewer, case = self.pairs.rows()
            gain = worth(self.matching.scores[reviewer, case])
            network = self._network((reviewer, case), gain, short)
            flow = cheapest_flow(network)
            if flow is None:
                return None
            node = node_prices(network, flow, node)
            prices = self._prices(node)
            if not self.pairs.keep_paying(worth, prices.case, prices.reviewer, rounds):
                break
        chosen = flow[: len(case)] > 0
        pairs = np.stack([reviewer[chosen], case[chosen]], axis=1)
        left = (int(flow[-2]), int(flow[-1])) if short is None else short
        return _Optimum(pairs, sum(gain[chosen].tolist()), left, prices)

    def _network(self, pairs: tuple[Ints, Ints], gain: Ints, short: tuple[int, int] | None) -> Network:
        """Cases to reviewers to the pool; what cases lack goes to a node, what reviewers lack from one."""
        n, r = len(self.per_case), len(self.most)
        pool, unfilled, missing = n + r, n + r + 1, n + r + 2
        cases, reviewers = np.arange(n), n + np.arange(r)
        wanted, asked = int(self.per_case.sum()), int(self.least.sum())
        given, limits = ((0, 0), (wanted, asked)) if short is None else (short, (0, 0))
        tail = (pairs[1], reviewers, cases, np.full(r, missing), [unfilled, pool])
        head = (n + pairs[0], np.full(r, pool), np.full(n, unfilled), reviewers, [pool, missing])
        room = (np.ones_like(gain), self.most - self.least, self.per_case, self.least, limits)
        cost = (-gain, np.zeros(r + n + r, np.int64), [1 + asked, 1])
        rest = wanted - given[0] - (asked - given[1])
        supply = (self.per_case, -self.least, [-rest, -given[0], given[1]])
        return Network(*(np.concatenate(part).astype(np.int64) for part in (tail, head, room, cost, supply)))

    def _prices(self, node: Ints) -> MatchingPrices:
        n, r = len(self.per_case), len(self.most)
        pool, unfilled, missing = node[n + r :].tolist()
        return MatchingPrices(node[:n] - pool, pool - node[n : n + r], pool - unfilled, missing - pool)


def _in_units(exponent: int) -> Worth:
    """Scores in units of 2 to the power of −exponent, rounded up: so that no bound is too low."""
    return lambda scores: np.asarray(np.ceil(np.ldexp(scores, exponent)), dtype=np.int64)


def _worthless(scores: Floats) -> Ints:
    """Nothing for any pair: what is unfilled and missing is all that counts."""
    return np.zeros(scores.shape, np.int64)
