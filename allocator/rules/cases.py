"""Rules about a case and who has it already: assignment, hold, excluded, conflict, contract, linked."""

from __future__ import annotations

import numpy as np

from allocator.exact import Ints
from allocator.facts import Facts
from allocator.held import NOBODY_YET, SEVERAL, Held
from allocator.rules.rule import Bools, Mask, everyone_but, everyone_but_one, nobody_where


def not_the_second(facts: Facts, held: Held) -> Mask:
    """A new lead is another person than the second who stays."""
    return everyone_but_one(facts, held.second)


def not_the_lead(facts: Facts, held: Held) -> Mask:
    """A new second is another person than the lead who stays, and not newly while on hold."""
    another, free = everyone_but_one(facts, held.sure_lead), not_on_hold(facts, held)
    return lambda rows: another(rows) & free(rows)


def not_on_hold(facts: Facts, _: Held) -> Mask:
    """A case on an open hold gets nobody new."""
    return nobody_where(facts, facts.clocks.on_hold)


def not_excluded(facts: Facts, _: Held) -> Mask:
    """Neither excluded from the case nor has declined it."""
    return everyone_but(facts, facts.exclusions.of)


def no_conflict(facts: Facts, _: Held) -> Mask:
    """No interest in the case or in an organisation of it that still counts."""
    return everyone_but(facts, facts.conflicts.of)


def no_conflict_known(facts: Facts, held: Held) -> Mask:
    """The same for a new lead, and where the policy holds them back none for a case without organisations."""
    if facts.policy.conflict.unknown_organisations == "warn":
        return no_conflict(facts, held)
    unknown = np.array([not c.organisations for c in facts.cases], np.bool_)
    known, free = nobody_where(facts, unknown), no_conflict(facts, held)
    return lambda rows: known(rows) & free(rows)


def contract_runs(facts: Facts, _: Held) -> Mask:
    """The contract of the reviewer's provider has not ended."""
    now = facts.snapshot.as_of
    ended = {c.provider for c in facts.snapshot.contracts if c.ends_on is not None and c.ends_on < now}
    runs = np.array([r.provider not in ended for r in facts.reviewers], np.bool_)
    return lambda rows: np.repeat(runs[None, :], len(rows), axis=0)


def with_the_link_holder(facts: Facts, held: Held) -> Mask:
    """If one person holds a case of the same label, that person; if several do, nobody."""

    def mask(rows: Ints) -> Bools:
        holder = held.link_holder[rows]
        may = np.repeat((holder == NOBODY_YET)[:, None], facts.n_reviewers, axis=1)
        one = np.flatnonzero((holder != NOBODY_YET) & (holder != SEVERAL))
        may[one, holder[one]] = True
        return may

    return mask
