"""How many are notified a year and where, and what share is put on hold: as a store has kept it."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import Final

from allocator.inflow import Inflow
from scenarios.calibrate.resample import NORMAL, TAIL
from scenarios.fill.queue import Known, fill_holds
from scenarios.fill.seen import Seen, still_open
from scenarios.fill.values import Document, Notes, counted
from scenarios.scenario import Scenario
from scenarios.units import YEAR

FEWEST_DAYS: Final = 90
"""Of a store, below which it does not tell what a year brings."""
HALF_A_CASE: Final = 0.5
"""Of an area that notified none: its share of the year is not quite 0."""


def fill_inflow(document: Document, scenario: Scenario, seen: Seen, inflow: Inflow, notes: Notes) -> None:
    """Nothing; the document has what is notified a year, each area's share, and what is put on hold."""
    cases = [Known(one.notified_on, one.was_held) for one in inflow.cases]
    fill_holds(document, scenario, cases, inflow.until, notes)
    counts = Counter(still_open(one.area, seen.places) for one in inflow.cases)
    if inflow.days < FEWEST_DAYS or not cases:
        notes.keep(
            "demand.a_year",
            f"{counted(len(cases), 'case')} notified in {counted(inflow.days, 'day')} that the store has "
            f"kept; {FEWEST_DAYS} days are needed",
        )
        return
    notes.kept[:] = [one for one in notes.kept if one.key != "areas.*.share"]
    a_year = YEAR / inflow.days
    source = f"{counted(len(cases), 'case')} notified in {counted(inflow.days, 'day')}"
    notes.fill(document, "demand.a_year", round(len(cases) * a_year, 1), source)
    low, high = (round(number * a_year, 1) for number in _between(len(cases)))
    notes.range("demand.a_year", low, high, f"95 % interval of {source}")
    for area in document.get("areas", ()) if len(seen.areas) > 1 else ():
        area["share"] = max(HALF_A_CASE, float(counts[area["name"]]))
        notes.told(f"areas.{area['name']}.share", area["share"], f"{counts[area['name']]} of these")


def _between(count: int) -> tuple[float, float]:
    """Between what the mean of a count lies with 95 % (Byar, in Breslow and Day, 1987, section 2.3)."""
    z, more = NORMAL.inv_cdf(1 - TAIL), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    return low, more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3
