"""The rules, in the contract's order, in one list: what encode plans by and explain speaks from."""

from __future__ import annotations

from collections.abc import Iterable

from allocator.rules import cases, people
from allocator.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("held", "A held case stays with its holder."),
    Rule(
        "assignment",
        "One lead, and where the type has one a second: another person, only if there is a lead.",
        lead=cases.not_the_second,
        second=cases.not_the_lead,
        person=True,
    ),
    Rule("hold", "A case on an open hold gets no new lead.", lead=cases.not_on_hold),
    Rule("type", "The reviewer may lead that type of review.", lead=people.leads_type, person=True),
    Rule(
        "skill",
        "The lead has every skill of the case; the second every skill that a second needs.",
        lead=people.has_case_skills,
        second=people.has_second_skills,
        person=True,
    ),
    Rule(
        "area",
        "The reviewer covers the case's area, or lives near enough.",
        lead=people.covers,
        second=people.covers,
        person=True,
    ),
    Rule(
        "excluded",
        "The reviewer is not excluded from the case and has not declined it.",
        lead=cases.not_excluded,
        second=cases.not_excluded,
        person=True,
    ),
    Rule(
        "conflict",
        "The reviewer has no interest in the case or in an organisation involved in the care.",
        lead=cases.no_conflict_known,
        second=cases.no_conflict,
        person=True,
    ),
    Rule(
        "available",
        "The reviewer has hours in the horizon, and the evidence is due before they leave.",
        lead=people.available_to_lead,
        second=people.available_as_second,
        person=True,
    ),
    Rule("capacity", "Nobody is given more than their capacity."),
    Rule("open_cases", "Nobody leads more open cases than their limit."),
    Rule("year_limit", "Nobody is given more cases in a year than their limit."),
    Rule("contract", "A provider is given no more than its contract has left.", lead=cases.contract_runs),
    Rule("admin", "An area's administration has no more work than hours."),
    Rule("linked", "New leads of linked cases go to one person.", lead=cases.with_the_link_holder),
    Rule("locked", "A locked case stays with its holder."),
)


def without(*codes: str) -> tuple[Rule, ...]:
    """The rules but these: what a test plans by to see that the audit refuses the plan.

    Raises
    ------
    KeyError
        If a code is none of the rules'.
    """
    unknown = set(codes) - codes_of(RULES)
    if unknown:
        raise KeyError(f"no rule has the code {sorted(unknown)}")
    return tuple(rule for rule in RULES if rule.code not in codes)


def codes_of(rules: Iterable[Rule]) -> frozenset[str]:
    """The codes of some rules."""
    return frozenset(rule.code for rule in rules)
