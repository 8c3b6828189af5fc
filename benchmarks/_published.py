"""Published figures on generalised assignment, and what is asked of ours on the same instances in 60 s.

The solvers had 100 s; a star: their limit was reached. From github.com, the repository
stepsbtw/Caixeiro-Viajante-e-Designacao-PIBIC-2024.
"""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = 60.0


@dataclass(frozen=True)
class Published:
    """One instance: what is best known, what four solvers found, and what is asked for."""

    best_known: int
    gurobi: str
    cplex: str
    highs: str
    scip: str
    must: int
    aim: int


PUBLISHED = {
    "d10100": Published(6347, "–", "–*", "6363*", "6385*", 6353, 6349),
    "d20100": Published(6185, "6224*", "6244*", "6250*", "6297*", 6191, 6187),
    "d10200": Published(12430, "12441*", "12443*", "12451*", "12464*", 12436, 12432),
    "d20200": Published(12237, "12278*", "12275*", "12335*", "12361*", 12246, 12240),
    "d10400": Published(24961, "24971*", "24976*", "24997*", "25012*", 24968, 24963),
    "d20400": Published(24567, "24615*", "24597*", "24664*", "24736*", 24577, 24570),
    "c20400": Published(4782, "4782 (11 s)", "4782", "4782*", "4786*", 4782, 4782),
    "e20400": Published(44877, "44880", "44879", "44877 (47 s)", "45546*", 44880, 44877),
}
