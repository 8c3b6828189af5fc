"""How often a plan's advice was followed, and why not where it was not."""

from __future__ import annotations

from collections import Counter

from allocator.performance.facts import Facts
from allocator.performance.period import Period
from allocator.performance.table import Counted, Draft, Ratio

FOLLOWED = "as_advised"
LABELS = {
    FOLLOWED: "As advised",
    "family_request": "The family asked for it",
    "local_knowledge": "Local knowledge",
    "reviewer_request": "The reviewer asked for it",
    "continuity": "Continuity",
    "language": "Language",
    "training": "Training",
    "other": "Another reason",
}


def overrides(facts: Facts, period: Period) -> Draft:
    """How many published lines of plans depart from the advice, by reason."""
    lines = (one for one in facts.lines if facts.wants(one.area) and period.has(one.on))
    found = Counter(one.departure or FOLLOWED for one in lines)
    names = [*LABELS, *sorted(set(found) - set(LABELS))]
    return Draft(
        title="Plans followed, and overrides by reason",
        says="Places of reviews that were given in the period by publishing a plan: to the reviewer whom the "
        "plan advised, or to another one, by the reason that was given. What was undone is left out.",
        source="The lines of plans that were published",
        row_label="Who was chosen",
        rows=[(name, LABELS.get(name, name)) for name in names],
        columns=(
            Counted("lines", "Places given", [found[name] for name in names], "lines published"),
            Ratio("share", "Share", "lines", ("lines",), of_total=True),
        ),
    )
