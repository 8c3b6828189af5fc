"""The use case: a scenario and what is known in, the scenario filled out, with where each value is from."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Final

from pydantic import Field

from allocator.errors import BadInput
from allocator.inflow import Inflow
from allocator.snapshot import Snapshot
from scenarios.answers import Part
from scenarios.files import changed, scenario_of, value_at
from scenarios.fill.areas import fill_admin, fill_areas
from scenarios.fill.calibrated import Fragment, lay_over
from scenarios.fill.inflow import fill_inflow
from scenarios.fill.queue import fill_holds, fill_queue, young
from scenarios.fill.seen import see
from scenarios.fill.staff import fill_groups
from scenarios.fill.values import EACH, Document, Filled, Kept, Notes, listed
from scenarios.scenario import Scenario
from scenarios.toml import as_toml
from scenarios.units import YEAR

UNTOLD: Final = "what reviews take, and how people learn: `allocator calibrate` tells it of completed ones"

MOST_DAYS: Final = 1_000_000
"""That a run is looked ahead; dates end some time."""


class Filling(Part):
    """A scenario that was filled, and what was done to it."""

    scenario: Scenario
    filled: tuple[Filled, ...] = Field(description="Each key that was filled in, and where it comes from")
    kept: tuple[Kept, ...] = Field(description="What keeps the scenario's own value, and why")


def fill(
    scenario: Scenario,
    snapshot: Snapshot | None = None,
    areas: Collection[str] = (),
    inflow: Inflow | None = None,
    calibrated: Fragment | None = None,
) -> Filling:
    """A scenario with all that is known in place of its own values; what is not known it keeps.

    Parameters
    ----------
    snapshot : what is there now; None: nothing is known of it
    areas : those that are looked at; empty: all
    inflow : what was notified, where a store has kept it
    calibrated : what completed reviews tell

    Raises
    ------
    BadInput
        The values that are known make no scenario that can be run.
    """
    notes = Notes()
    document = scenario.model_dump(mode="json", exclude_unset=True)
    if snapshot is not None:
        _fill_from(document, scenario, snapshot, areas, inflow, notes)
    if calibrated is not None:
        lay_over(document, calibrated, notes)
    else:
        notes.keep("work, evidence", UNTOLD)
    own = document.pop("variants", [])
    document["assumptions"] = _ranges(document, notes)
    made = scenario_of(document)
    if fits := [one for one in own if _still_fits(made, one, notes)]:
        document["variants"] = fits
    return Filling(scenario=scenario_of(document), filled=tuple(notes.filled), kept=tuple(notes.kept))


def _fill_from(
    document: Document,
    scenario: Scenario,
    snapshot: Snapshot,
    areas: Collection[str],
    inflow: Inflow | None,
    notes: Notes,
) -> None:
    last = snapshot.as_of.toordinal() + min(scenario.run.years * YEAR, MOST_DAYS)
    seen = see(snapshot, areas, date.fromordinal(int(last)))
    fill_areas(document, scenario, seen, notes)
    fill_queue(document, seen, notes)
    fill_groups(document, scenario, seen, notes)
    fill_admin(document, scenario, seen, notes)
    if inflow is None:
        notes.keep("demand.a_year", "a snapshot does not tell how many are notified a year")
        fill_holds(document, scenario, young(seen), seen.as_of, notes)
    else:
        fill_inflow(document, scenario, seen, inflow, notes)
    _agree(document, notes)


def _agree(document: Document, notes: Notes) -> None:
    """Let what the scenario keeps go with what was filled in: skills and areas that are gone are left out."""
    groups, demand = document["groups"], document.get("demand", {})
    areas = {one["name"] for one in document.get("areas", ())}
    has = {skill for one in groups for skill in one.get("skills", ())}
    own = demand.get("skills", [])
    lost = [one["name"] for one in own if one["name"] not in has]
    if lost:
        demand["skills"] = [one for one in own if one["name"] in has]
        notes.keep("demand.skills", f"left out, as nobody has it: {listed(lost)}")
    needed = {one["name"] for one in demand.get("skills", ())}
    for group in groups:
        for key, there in (("skills", needed), ("areas", areas)):
            if key in group:
                group[key] = [name for name in group[key] if name in there]


def _ranges(document: Document, notes: Notes) -> Document:
    """The scenario's own ranges of keys that there still are, and those that are known now."""
    own = document.pop("assumptions", {})
    bare = scenario_of(document)
    gone = [key for key in own if type(value_at(bare, key)) not in (int, float)]
    lost = [key for key in gone if not key.startswith("groups.")]
    if lost:
        notes.keep("assumptions", f"left out, as there is no such key any more: {listed(lost)}")
    return {key: one for key, one in own.items() if key not in gone} | notes.ranges


def _still_fits(scenario: Scenario, variant: Document, notes: Notes) -> bool:
    """Whether a variant can be made of what was filled in; one that cannot is left out, which is noted."""
    try:
        changed(scenario, variant["change"])
    except BadInput as error:
        why = "; ".join(f"{one.pointer}: {one.message}" for one in error.faults)
        notes.keep("variants", f"left out: {variant['name']} ({why})")
        return False
    return True


def filled_text(found: Filling, is_json: bool = False) -> str:
    """The scenario as a file: TOML with where each value is from behind it, or JSON."""
    document = found.scenario.model_dump(mode="json", exclude_unset=True)
    if is_json:
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    head = ("Filled in from what is known; behind each value stands where it comes from.", "Kept:")
    return as_toml(document, _comments(found), (*head, *(f"- {one.key}: {one.why}" for one in found.kept)))


def _comments(found: Filling) -> dict[str, str]:
    """Where each value is from, by its key; of what was filled in for each group, by each of them."""
    each = [one for one in found.filled if one.key.startswith(EACH)]
    comments = {
        f"groups.{group.name}.{one.key.removeprefix(EACH)}": one.source
        for one in each
        for group in found.scenario.groups
    }
    return comments | {one.key: one.source for one in found.filled}
