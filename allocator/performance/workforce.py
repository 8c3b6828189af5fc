"""How reviews are shared among reviewers, and among areas that lend theirs."""

from __future__ import annotations

from collections import Counter
from typing import Final

from allocator.performance.facts import Facts, Lending, Person, Place
from allocator.performance.period import Period
from allocator.performance.table import Counted, Draft, Given, Ratio

WTE_HOURS: Final = 37.5
EMPLOYMENTS: Final = {
    "dedicated": "Dedicated",
    "day_job": "Beside a day job",
    "bank": "Bank",
    "agency": "Agency",
    "provider": "A provider's",
}
SHARES: Final = (
    ("none", "None", 1),
    ("1_to_4", "1 to 4", 5),
    ("5_to_9", "5 to 9", 10),
    ("10_to_19", "10 to 19", 20),
    ("20_or_more", "20 or more", None),
)
PEOPLE, GIVEN = "reviewers", "allocated to reviewers"
EVERY, SOME = "For every case", "For some cases"
HISTORY = "Who was given which case and when; the reviewers' records"


def by_employment(facts: Facts, period: Period) -> Draft:
    """How many reviews those employed in each way were given, completed and have, for the hours they have."""
    people = _people(facts, period)
    leads = [one for one in facts.places if one.is_lead and one.reviewer_id in people]
    kind = {who: one.employment for who, one in people.items()}
    given = Counter(kind[one.reviewer_id] for one in leads if period.has(one.span.since))
    done = Counter(kind[one.reviewer_id] for one in leads if one.completed and period.has(one.span.until))
    has = Counter(kind[one.reviewer_id] for one in leads if one.span.covers(period.end))
    hours = {name: sum(x.hours for x in people.values() if x.employment == name) for name in EMPLOYMENTS}
    wte = [round(hours[name] / WTE_HOURS, 2) for name in EMPLOYMENTS]

    def column(name: str, label: str, found: Counter[str], of: str) -> Counted:
        return Counted(name, label, [found[one] for one in EMPLOYMENTS], of)

    return Draft(
        title="How reviews are shared",
        says="Reviewers of the area at any time in the period, and the reviews that they led: given to them "
        "and completed by them in the period, and with them at its end. One full-time reviewer is "
        f"{WTE_HOURS} hours a week for reviews.",
        source=HISTORY,
        row_label="Employment",
        rows=list(EMPLOYMENTS.items()),
        columns=(
            column("reviewers", "Reviewers", Counter(kind.values()), PEOPLE),
            Given("wte", "Full-time equivalents", wte, "number", "reviewers", round(sum(wte), 2)),
            column("allocated", "Allocated", given, GIVEN),
            Ratio("allocated_per_wte", "Allocated, for each full-time equivalent", "allocated", ("wte",),
                  unit="number"),
            column("completed", "Completed", done, "completed by reviewers"),
            column("open", "Open at the end", has, "open with reviewers"),
        ),
    )  # fmt: skip


def by_share(facts: Facts, period: Period) -> Draft:
    """How many reviewers were given how many reviews."""
    people = _people(facts, period)
    given = Counter(
        one.reviewer_id
        for one in facts.places
        if one.is_lead and one.reviewer_id in people and period.has(one.span.since)
    )
    band = {who: _band(given[who]) for who in people}
    reviewers = Counter(band.values())
    reviews = Counter(band[who] for who in given.elements())
    return Draft(
        title="How many reviews each reviewer was given",
        says="Reviewers of the area by how many reviews they were given to lead in the period, and how many "
        "reviews that is together. Those who lead a few in a year have little chance to become practised.",
        source=HISTORY,
        row_label="Reviews given",
        rows=[(name, label) for name, label, _ in SHARES],
        columns=(
            Counted("reviewers", "Reviewers", [reviewers[name] for name, _, _ in SHARES], PEOPLE),
            Counted("allocated", "Reviews", [reviews[name] for name, _, _ in SHARES], GIVEN),
        ),
    )


def lending(facts: Facts, period: Period) -> Draft:
    """How many places reviewers of one area were given, and have, in another."""
    lent = [one for one in facts.places if one.lender != one.borrower and _is_about(facts, one)]
    stands = [one for one in facts.lendings if one.span.covers(period.end) and _is_about(facts, one)]
    given = Counter((one.lender, one.borrower) for one in lent if period.has(one.span.since))
    has = Counter((one.lender, one.borrower) for one in lent if one.span.covers(period.end))
    consent = {(one.lender, one.borrower): SOME for one in stands}
    consent |= {(one.lender, one.borrower): EVERY for one in stands if one.every_case}
    pairs = sorted({*given, *has, *consent})
    return Draft(
        title="Lent and borrowed",
        says="Reviews in one area that a reviewer of another leads, or is the second for: given to them in "
        "the period, and with them at its end; and whether the lending area's consent stands then.",
        source="Who was given which case and when; the reviewers' homes; consents",
        row_label="Lent by and to",
        rows=[(f"{lender}-{borrower}", f"{lender} to {borrower}") for lender, borrower in pairs],
        columns=(
            Counted("given", "Given in the period", [given[pair] for pair in pairs], "lent"),
            Counted("open", "Open at the end", [has[pair] for pair in pairs], "lent at the end"),
            Given("consent", "Consent at the end", [consent.get(pair, "None") for pair in pairs], "words"),
        ),
    )


def _is_about(facts: Facts, one: Place | Lending) -> bool:
    return facts.wants(one.lender) or facts.wants(one.borrower)


def _people(facts: Facts, period: Period) -> dict[str, Person]:
    found = (one for one in facts.people if facts.wants(one.area))
    return {one.reviewer_id: one for one in found if one.works(period.first, period.end)}


def _band(reviews: int) -> str:
    return next(name for name, _, below in SHARES if below is None or reviews < below)
