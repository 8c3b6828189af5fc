"""Areas, who may serve where, and hours of administration."""

from __future__ import annotations

from collections import Counter, defaultdict

from scenarios.fill.seen import Seen, still_open
from scenarios.fill.values import Document, Notes, counted, listed
from scenarios.scenario import Scenario

LENT = 0.5
"""Of an area's people that cover another one, from which on it counts as their neighbour."""


def fill_areas(document: Document, scenario: Scenario, seen: Seen, notes: Notes) -> None:
    """Nothing; the document has the areas with a case or a reviewer, and whose cases reviewers may take."""
    if not seen.areas:
        notes.keep("areas", "nothing is open, and nobody is there")
        return
    own = {one.name: one for one in scenario.areas}
    serves = _serves(seen, notes)
    areas = []
    for name in seen.areas:
        before = own[name].model_dump(exclude_unset=True, exclude={"neighbours"}) if name in own else {}
        near = sorted(serves[name] & set(seen.areas))
        areas.append({**before, "name": name, "neighbours": near} if near else {"name": name, **before})
        if near:
            notes.told(f"areas.{name}.neighbours", near, "areas whose cases its reviewers may take")
    notes.told("areas", list(seen.areas), "areas with an open case, or somebody at home there")
    document["areas"] = areas
    if len(areas) > 1 and not all(name in own for name in seen.areas):
        notes.keep("areas.*.share", "what is open does not tell what is notified where: equal shares")
    _fill_pooling(document, seen, any("neighbours" in one for one in areas), notes)


def _serves(seen: Seen, notes: Notes) -> dict[str, set[str]]:
    """By home the other areas that its reviewers may serve: as neighbours, or because most cover them."""
    found: dict[str, set[str]] = defaultdict(set)
    for place in seen.places.values():
        area = still_open(place.area, seen.places)
        for home in place.neighbours:
            found[still_open(home, seen.places)].add(area)
    people = Counter(seen.home(one) for one in seen.staff)
    cover = Counter(
        (seen.home(one), area)
        for one in seen.staff
        for area in {still_open(each, seen.places) for each in one.areas} - {seen.home(one)}
    )
    few = []
    for (home, area), count in sorted(cover.items()):
        if count >= LENT * people[home]:
            found[home].add(area)
        elif area not in found[home] and area in seen.areas:
            few.append(f"{home} for {area}")
    if few:
        notes.keep(
            "areas.*.neighbours", f"only few cover it: {listed(few)}; a scenario's area lends all or none"
        )
    for home in found:
        found[home].discard(home)
    return found


def _fill_pooling(document: Document, seen: Seen, are_near: bool, notes: Notes) -> None:
    rule = seen.policy.geography.rule
    if rule == "distance":
        notes.keep("pooling", "the policy goes by distance, which a scenario does not know")
        return
    pooling = "country" if rule == "anywhere" else "neighbours" if are_near else "own"
    notes.fill(document, "pooling", pooling, f"the policy's rule of geography: {rule}")


def fill_admin(document: Document, scenario: Scenario, seen: Seen, notes: Notes) -> None:
    """Nothing; the document has the staff for evidence, if every area says its hours of administration."""
    rows = [seen.places.get(name) for name in seen.areas]
    hours = [None if row is None else row.admin_hours_per_week for row in rows]
    week = scenario.evidence.admin_week
    if not hours or not week or any(one is None for one in hours):
        missing = sum(one is None for one in hours)
        notes.keep("evidence.admin_wte", f"{counted(missing, 'area')} without hours of administration")
        return
    total = sum(one for one in hours if one is not None)
    source = f"{total:g} hours of administration a week ÷ {week:g} of a post"
    notes.fill(document, "evidence.admin_wte", round(total / week, 3), source)
