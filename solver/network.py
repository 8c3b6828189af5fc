"""Flow through a network at least cost, and the node prices that prove it least.

The one place that asks OR-tools for a flow. It keeps its prices to itself, so they are worked out from the
flow: it is the cheapest exactly when no way round the arcs with room left has a negative cost, and then the
lengths of shortest paths are such prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from solver.problem import Ints


class FlowError(RuntimeError):
    """No flow can be trusted: costs are too large to be added up, or the flow is not the cheapest."""


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs with room and a cost a unit, and what each node puts in or takes out.

    Parameters
    ----------
    tail, head : ndarray of shape (n_arcs,), node rows
    room : ndarray of shape (n_arcs,), units ≥ 0 that fit through
    cost : ndarray of shape (n_arcs,), of each unit
    supply : ndarray of shape (n_nodes,), units put in, below 0 taken out; together 0
    """

    tail: Ints
    head: Ints
    room: Ints
    cost: Ints
    supply: Ints


def cheapest_flow(network: Network) -> Ints | None:
    """The units through each arc, shape (n_arcs,), at least cost; None if the supplies cannot be met.

    Raises
    ------
    FlowError
        If the costs are too large for 64 bits.
    """
    graph = min_cost_flow.SimpleMinCostFlow()
    arcs = graph.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.room, network.cost)
    graph.set_nodes_supplies(np.arange(len(network.supply)), network.supply)
    status = graph.solve()
    if status == graph.INFEASIBLE:
        return None
    if status != graph.OPTIMAL:
        raise FlowError(f"min-cost flow ended with {status.name}")
    return np.asarray(graph.flows(arcs), dtype=np.int64)


def node_prices(network: Network, flow: Ints, start: Ints | None = None) -> Ints:
    """Prices with cost + price[tail] − price[head] ≥ 0 where there is room, ≤ 0 where there is flow.

    Shortest paths by Bellman and Ford, all nodes whose price fell in one step (R. Bellman, On a routing
    problem, 1958, doi:10.1090/qam/102435).

    Parameters
    ----------
    flow : ndarray of shape (n_arcs,), a cheapest flow
    start : ndarray of shape (n_nodes,), prices to begin with: near ones save time, all are right

    Raises
    ------
    FlowError
        If the flow is not the cheapest.
    """
    first, head, cost = _residual(network, flow)
    n_nodes = len(network.supply)
    price = np.zeros(n_nodes, np.int64) if start is None else start.copy()
    fell = np.arange(n_nodes)
    for _ in range(n_nodes + 1):
        arcs, count = _arcs_from(first, fell)
        lower = np.repeat(price[fell], count) + cost[arcs]
        lowers = lower < price[head[arcs]]
        hit = head[arcs[lowers]]
        if not len(hit):
            return price
        np.minimum.at(price, hit, lower[lowers])
        fell = np.flatnonzero(np.bincount(hit, minlength=n_nodes))
    raise FlowError("the flow is not the cheapest: there is a way round at a negative cost")


def _residual(network: Network, flow: Ints) -> tuple[Ints, Ints, Ints]:
    """Arcs along which flow may change, by tail: where each node's begin, their heads and costs."""
    more, less = flow < network.room, flow > 0
    tail = np.concatenate([network.tail[more], network.head[less]])
    head = np.concatenate([network.head[more], network.tail[less]])
    cost = np.concatenate([network.cost[more], -network.cost[less]])
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(len(network.supply) + 1))
    return first, head[order], cost[order]


def _arcs_from(first: Ints, nodes: Ints) -> tuple[Ints, Ints]:
    """The rows of all arcs that leave these nodes, and how many leave each."""
    count = first[nodes + 1] - first[nodes]
    before = np.cumsum(count) - count
    return np.repeat(first[nodes] - before, count) + np.arange(count.sum()), count
