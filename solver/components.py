"""Parts of a problem that have nothing to do with each other: no arc, need, link, case or limit in common.

Unions are made for many pairs at once, each root hung below the least that it meets: see Shiloach & Vishkin
1982, doi:10.1016/0196-6774(82)90008-6.
"""

from __future__ import annotations

import numpy as np

from solver.part import Part, cut_out
from solver.problem import ARCS_AT_ONCE, Groups, Ints, Problem

MOST_PARTS = 64
"""Where there are more components, small ones share a part: each has its price in time to begin with."""


def component_of(problem: Problem) -> Ints:
    """The component of each place, in order of their first places; −1 without arcs; shape (n_places,)."""
    n, r, g = problem.n_places, problem.n_reviewers, problem.groups
    root = np.arange(n + r + len(g.limit))
    for begin in range(0, problem.n_arcs, ARCS_AT_ONCE):
        turn = slice(begin, begin + ARCS_AT_ONCE)
        _unite(root, problem.arc_place[turn], n + problem.arc_reviewer[turn])
    _unite(root, problem.arc_place[g.arc], n + r + g.of_member)
    needy = np.flatnonzero(problem.needs >= 0)
    _unite(root, needy, problem.needs[needy])
    for label in (problem.case, problem.link):
        _, first, same = np.unique(label, return_index=True, return_inverse=True)
        labelled = np.flatnonzero((label >= 0) | (label is problem.case))
        _unite(root, labelled, first[same[labelled]])
    component, used = np.full(n, -1, np.int64), np.diff(problem.arc_start) > 0
    _, first, mine = np.unique(root[:n][used], return_index=True, return_inverse=True)
    component[used] = np.argsort(np.argsort(first))[mine]
    return component


def parts_of(problem: Problem, component: Ints, most: int = MOST_PARTS) -> list[Part]:
    """A problem of its own for each component, or for several small ones together if there are too many."""
    arcs = np.bincount(component[problem.arc_place])
    of_place = np.append(_shared(arcs, most), -1)[component]
    of_arc, g = of_place[problem.arc_place], problem.groups
    of_reviewer, of_group = np.full(problem.n_reviewers, -1), np.full(len(g.limit), -1)
    of_reviewer[problem.arc_reviewer] = of_arc
    of_group[g.of_member] = of_arc[g.arc]
    n, row = int(of_place.max(initial=-1)) + 1, np.empty(problem.n_arcs, np.int64)
    labels = (of_place, of_reviewer, of_group, of_arc, of_arc[g.arc])
    parts = []
    for places, reviewers, groups, mine, members in zip(*(_rows(label, n) for label in labels), strict=True):
        row[mine] = np.arange(len(mine))
        size = np.diff(g.start)[groups]
        start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        limits = Groups(g.limit[groups], start, row[g.arc[members]], g.amount[members])
        problem_of = cut_out(problem, mine, (places, reviewers), limits)
        parts.append(Part(problem_of, places, reviewers, groups))
    return parts


def _unite(root: Ints, one: Ints, other: Ints) -> None:
    """Give each pair of nodes the same root; every node knows its root before and after."""
    while len(one):
        one, other = root[one], root[other]
        differ = one != other
        one, other = one[differ], other[differ]
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(above := root[root], root):
            root[:] = above


def _shared(arcs: Ints, most: int) -> Ints:
    """The part of each component, shape (n_components,): its own, or one of about equal shares of arcs."""
    if len(arcs) <= most:
        return np.arange(len(arcs))
    order = np.argsort(arcs, kind="stable")
    before = np.cumsum(arcs[order]) - arcs[order]
    share = np.empty(len(arcs), np.int64)
    share[order] = before * most // arcs.sum()
    return np.unique(share, return_inverse=True)[1]


def _rows(label: Ints, n: int) -> list[Ints]:
    """The rows of each label 0 … n − 1, ascending; those of label −1 are left out."""
    order = np.argsort(label.astype(np.int16), kind="stable")
    ends = np.cumsum(np.bincount(label + 1, minlength=n + 1))
    return np.split(order, ends)[1 : n + 1]
