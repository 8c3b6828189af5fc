"""The flow core: least cost against trying everything, and prices that prove it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given

from solver.network import FlowError, Network, cheapest_flow, node_prices
from tests.solver.draws import rngs
from tests.solver.instances import Rng
from tests.solver.sketch import ints


def random_network(rng: Rng) -> Network:
    """Up to 4 nodes and 5 arcs with costs of both signs; what goes in comes out."""
    n_nodes, n_arcs = int(rng.integers(2, 5)), int(rng.integers(1, 6))
    tail = rng.integers(0, n_nodes, n_arcs)
    head = (tail + rng.integers(1, n_nodes, n_arcs)) % n_nodes
    supply = rng.integers(-1, 2, n_nodes)
    supply[-1] -= supply.sum()
    return Network(tail, head, rng.integers(0, 3, n_arcs), rng.integers(-3, 4, n_arcs), supply)


def put_in(network: Network, flow: np.ndarray) -> list[int]:
    """Units that leave each node less those that come."""
    n_nodes = len(network.supply)
    out = np.bincount(network.tail, flow, n_nodes) - np.bincount(network.head, flow, n_nodes)
    return [int(units) for units in out]


def least(network: Network) -> int | None:
    """The least cost of all flows there are, None if none meets the supplies."""
    found = []
    for flow in product(*(range(room + 1) for room in network.room)):
        if put_in(network, np.array(flow)) == network.supply.tolist():
            found.append(int(np.array(flow) @ network.cost))
    return min(found, default=None)


def reduced(network: Network, price: np.ndarray) -> np.ndarray:
    """Cost + price[tail] − price[head] of each arc."""
    return np.asarray(network.cost + price[network.tail] - price[network.head])


@given(rngs)
def test_no_flow_is_cheaper_and_the_prices_say_so(rng: Rng) -> None:
    """Against trying every flow: the same cost, or none there where there is none; prices fit the flow."""
    network = random_network(rng)
    flow, best = cheapest_flow(network), least(network)
    assert (flow is None) == (best is None)
    if flow is None:
        return
    assert put_in(network, flow) == network.supply.tolist()
    assert flow @ network.cost == best
    for start in (None, rng.integers(-9, 9, len(network.supply))):
        cost = reduced(network, node_prices(network, flow, start))
        assert np.all(cost[flow < network.room] >= 0)
        assert np.all(cost[flow > 0] <= 0)


LOOP = Network(ints([0, 0]), ints([1, 1]), ints([1, 1]), ints([5, 2]), ints([1, -1]))


def test_a_flow_that_is_not_the_cheapest_has_no_prices() -> None:
    """One unit over the arc of cost 5 beside one of cost 2: going round saves 3, again and again."""
    assert cheapest_flow(LOOP) is not None
    with pytest.raises(FlowError, match="not the cheapest"):
        node_prices(LOOP, ints([1, 0]))


def test_costs_beyond_64_bits_are_refused() -> None:
    """Never a wrong flow: whoever asks can ask again with smaller costs."""
    with pytest.raises(FlowError, match="BAD_COST_RANGE"):
        cheapest_flow(replace(LOOP, cost=ints([2**62, 2**62])))
