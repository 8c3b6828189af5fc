"""Turns what was made up into the contract's columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator.sample.absences import Absences
from allocator.sample.geography import Geography
from allocator.sample.held import Held
from allocator.sample.limits import Contracts, Limits
from allocator.sample.organisations import Organisations
from allocator.sample.queue import HOLD_REASONS, OUT_OF_SCOPE, Queue
from allocator.sample.refusals import DECLINE_REASONS, Refusals
from allocator.sample.skills import names
from allocator.sample.spec import SampleSpec
from allocator.sample.staff import EMPLOYMENTS, Staff
from allocator.sample.tables import Column, Ints, Tables, dates, distinct, flags, joined, numbers, picked
from allocator.sample.ties import KINDS, NOTES, Interests

Columns = Mapping[str, Column]
POLICY_NOTE = "# A made-up snapshot. Every other number is the shipped default."


@dataclass(frozen=True)
class World:
    """All that was made up, by row."""

    geography: Geography
    organisations: Organisations
    staff: Staff
    absences: Absences
    interests: Interests
    queue: Queue
    held: Held
    refusals: Refusals
    limits: Limits
    contracts: Contracts


def as_tables(spec: SampleSpec, world: World) -> Tables:
    """Return the snapshot as text, each table by columns."""
    who = [f"R{i + 1:04d}" for i in range(len(world.staff))]
    what = [f"C{i + 1:06d}" for i in range(len(world.queue))]
    tables: dict[str, Columns] = {
        "cases": _queue(world, what) | _held(world, who),
        "reviewers": _reviewers(world, who) | _limits(world),
        "absences": distinct(_absences(world.absences, who)),
        "declines": distinct(_declines(world.refusals, who, what)),
        "interests": distinct(_interests(world, who, what)),
        "areas": _areas(world),
        "organisations": _organisations(world.organisations),
        "contracts": _contracts(world.contracts),
    }
    return Tables(tables, f"{POLICY_NOTE}\nas_of = {spec.as_of.isoformat()}\n")


def _queue(world: World, what: list[str]) -> dict[str, Column]:
    queue = world.queue
    return {
        "case_id": what,
        "area": picked(world.geography.codes, queue.area),
        "notified_on": dates(queue.notified_on),
        "review_type": picked(("initial", "focused"), queue.focused.astype(np.int64)),
        "priority": numbers(queue.priority, queue.priority > 0),
        "skills": names(queue.skills),
        "organisations": joined(world.organisations.codes, queue.organisations),
        "latitude": numbers(queue.latitude),
        "longitude": numbers(queue.longitude),
        "effort_hours": numbers(queue.effort_hours),
        "hold_days": numbers(queue.hold_days, queue.hold_days > 0),
        "on_hold_since": dates(queue.on_hold_since),
        "hold_reason": picked(HOLD_REASONS, queue.hold_reason),
        "hold_until": dates(queue.hold_until),
        "excluded_reviewers": _excluded(world, len(what)),
        "linked_to": [f"link-{label + 1}" if label >= 0 else "" for label in queue.linked_to.tolist()],
        "out_of_scope": picked(OUT_OF_SCOPE, queue.out_of_scope),
    }


def _held(world: World, who: list[str]) -> dict[str, Column]:
    held = world.held
    return {
        "evidence_received_on": dates(held.evidence_received_on),
        "reviewer_id": picked(who, held.reviewer),
        "allocated_on": dates(held.allocated_on),
        "hours_left": numbers(held.hours_left),
        "admin_hours_left": numbers(held.admin_hours_left, held.admin_hours_left > 0),
        "second_reviewer_id": picked(who, held.second),
        "second_hours_left": numbers(held.second_hours_left),
        "locked": flags(held.locked),
    }


def _excluded(world: World, count: int) -> list[str]:
    cell = [""] * count
    for case, reviewer in zip(*(pairs.tolist() for pairs in world.refusals.excluded), strict=True):
        cell[case] = f"R{reviewer + 1:04d}"
    return cell


def _reviewers(world: World, who: list[str]) -> dict[str, Column]:
    staff = world.staff
    return {
        "reviewer_id": who,
        "areas": joined(world.geography.codes, staff.areas),
        "hours_per_week": numbers(staff.hours_per_week),
        "employment": picked(EMPLOYMENTS, staff.employment),
        "provider": _providers(staff.provider),
        "skills": names(staff.skills),
        "review_types": picked(("", "initial", "focused"), staff.leads),
        "organisations": joined(world.organisations.codes, _once(staff.organisations)),
        "latitude": numbers(staff.latitude),
        "longitude": numbers(staff.longitude),
        "max_distance_km": numbers(staff.max_distance_km),
        "starts_on": dates(staff.starts_on),
        "leaves_on": dates(staff.leaves_on),
        "horizon_weeks": numbers(staff.horizon_weeks, staff.horizon_weeks > 0),
        "completed_reviews": numbers(staff.completed),
        "hours_factor": numbers(staff.hours_factor),
        "cost_per_hour": numbers(staff.cost_per_hour),
    }


def _limits(world: World) -> dict[str, Column]:
    limits = world.limits
    return {
        "max_open_cases": numbers(limits.max_open_cases),
        "cases_a_year": numbers(limits.cases_a_year),
        "cases_this_year": numbers(limits.cases_this_year),
    }


def _once(posts: Ints) -> Ints:
    """Return posts without a second one in the same place."""
    once = posts.copy()
    once[posts[:, 0] == posts[:, 1], 1] = -1
    return once


def _providers(provider: Ints) -> list[str]:
    return [f"provider-{number + 1}" if number >= 0 else "" for number in provider.tolist()]


def _absences(absences: Absences, who: list[str]) -> dict[str, Column]:
    return {
        "reviewer_id": picked(who, absences.reviewer),
        "from": dates(absences.start),
        "to": dates(absences.end),
        "percent": numbers(absences.percent, absences.percent < 100),
        "reason": absences.reason,
    }


def _declines(refusals: Refusals, who: list[str], what: list[str]) -> dict[str, Column]:
    case, reviewer = refusals.declined
    return {
        "reviewer_id": picked(who, reviewer),
        "case_id": picked(what, case),
        "on": dates(refusals.declined_on),
        "reason": picked(DECLINE_REASONS, refusals.decline_reason),
    }


def _interests(world: World, who: list[str], what: list[str]) -> dict[str, Column]:
    interests = world.interests
    return {
        "reviewer_id": picked(who, interests.reviewer),
        "kind": picked(KINDS, interests.kind),
        "organisation": picked(world.organisations.codes, interests.organisation),
        "case_id": picked(what, interests.case),
        "from": dates(interests.start),
        "to": dates(interests.end),
        "note": picked(NOTES, interests.kind),
    }


def _areas(world: World) -> dict[str, Column]:
    geography = world.geography
    near = [np.flatnonzero(row).tolist() for row in geography.near]
    return {
        "area": geography.codes,
        "name": geography.names,
        "latitude": numbers(geography.latitude),
        "longitude": numbers(geography.longitude),
        "organisation": geography.commissioners,
        "neighbours": [";".join(geography.codes[i] for i in row) for row in near],
        "admin_hours_per_week": numbers(world.limits.admin_hours_per_week),
    }


def _organisations(found: Organisations) -> dict[str, Column]:
    return {
        "organisation": found.codes,
        "name": found.names,
        "parent": picked(found.codes, found.parent),
        "successor": picked(found.codes, found.successor),
    }


def _contracts(contracts: Contracts) -> dict[str, Column]:
    return {
        "provider": _providers(contracts.provider),
        "cases_left": numbers(contracts.cases_left),
        "hours_left": numbers(contracts.hours_left),
        "ends_on": dates(contracts.ends_on),
    }
