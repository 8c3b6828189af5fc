"""Trials of a rule: a snapshot that keeps it trivially, one where it bites, one where it only just does not.

In each there is something attractive to do: R1 lives where the case is, R2 could take it too but lives 890 km
away. Where the rule stands against R1, a plan must do what `instead` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.system.documents import Document, Row, case, document, held_by, reviewer
from tests.system.told import Told

HERE, AWAY = {"latitude": 52.0, "longitude": -1.0}, {"latitude": 60.0, "longitude": -1.0}
EVERY_SKILL = ["senior", "autism", "mha"]
QA, QB = {"area": "QA"}, {"area": "QB"}
Instead = Mapping[str, str | None]


@dataclass(frozen=True)
class Trial:
    """One way to keep, break and nearly break a rule.

    Parameters
    ----------
    told : what is attractive, in all three snapshots, unless `told_fine` or `told_near` say otherwise
    instead : what a plan of the breach's snapshot does
    also : rules that the breach breaks beside this one
    """

    rule: str
    what: str
    fine: Document
    breach: Document
    near: Document
    told: Told = field(default_factory=lambda: {"C1 lead": "R1"})
    instead: Instead = field(default_factory=lambda: {"C1 lead": "R2"})
    told_fine: Told | None = None
    told_near: Told | None = None
    max_moves: int = 0
    also: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def other(**more: Any) -> Row:
    """R2, who may do everything, from far away."""
    usual = {"areas": ["QB", "QA"], "hours_per_week": 60, "skills": EVERY_SKILL, **AWAY}
    return reviewer("R2", **{**usual, **more})


def lead(of: Row | None = None, who: Row | None = None, *more: Row, **tables: Any) -> Document:
    """C1 wants a lead: R1 or, from afar, R2."""
    return document(
        case(**HERE, **(of or {})), reviewer("R1", **{**HERE, **(who or {})}), other(), *more, **tables
    )


def second(of: Row | None = None, who: Row | None = None, *more: Row, **tables: Any) -> Document:
    """C1, which R3 leads, wants a second: R1 or, from afar, R2."""
    fields = {"review_type": "focused", **held_by("R3"), **HERE, **(of or {})}
    r3 = reviewer("R3", skills=[], **HERE)
    return document(case(**fields), reviewer("R1", **{**HERE, **(who or {})}), other(), r3, *more, **tables)


SECOND = {"told": {"C1 lead": "R3", "C1 second": "R1"}, "instead": {"C1 lead": "R3", "C1 second": "R2"}}
NOBODY = {"instead": {"C1 lead": None}}
