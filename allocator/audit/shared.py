"""What reviewers share, so that a certificate may price it: administration, contracts, moves, open cases."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.audit.choice import Choice
from allocator.audit.exact import NO_LIMIT, Bools, Ints
from allocator.audit.facts import LEAD
from allocator.audit.levels import Unavoidable
from allocator.audit.room import admin_need, open_limits

NONE = -1


@dataclass(frozen=True)
class Shared:
    """Limits of one kind, which the certificate prices under one name.

    Parameters
    ----------
    keys : tuple of str
        Whose they are: areas, providers, reviewers; of moves, nobody's.
    left : ndarray of shape (n_keys,), dtype=np.int64
        How much may be used of each, NONE where there is no limit.
    of, amount : ndarray of shape (n_options,), dtype=np.int64
        Which of them each option uses, or NONE, and how much of it.
    parts : int
        How many of these the priced unit has: a minute has more than one where needs are not whole minutes.
    """

    name: str
    keys: tuple[str, ...]
    left: Ints
    of: Ints
    amount: Ints
    parts: int = 1


def read_shared(choice: Choice, fixed: Unavoidable, max_moves: int) -> tuple[Shared, ...]:
    """Return every limit that several choices use up together, but a reviewer's own minutes and new leads."""
    return (
        _admin(choice, fixed),
        *_contracts(choice, fixed),
        _moves(choice, max_moves),
        _open_cases(choice, fixed),
    )


def _of(users: Bools, whose: Ints) -> Ints:
    """Return whose limit each option uses: those of the users, NONE of the others."""
    return np.where(users, whose, NONE)


def _admin(choice: Choice, fixed: Unavoidable) -> Shared:
    """Return each area's administration, in parts of a minute that make every need whole."""
    facts, options = choice.facts, choice.options
    needs = [60 * admin_need(facts, row) for row in range(len(facts.cases))]
    parts = math.lcm(*{need.denominator for need in needs})
    free = [
        NONE if left is None else math.floor(60 * parts * max(left, Fraction(0)))
        for left in fixed.room.admin_free
    ]
    amount = np.array([int(need * parts) for need in needs], dtype=np.int64)
    of = _of(options.new_leads, facts.area_of[options.case])
    return Shared("admin", facts.areas, np.array(free, dtype=np.int64), of, amount[options.case], parts)


def _contracts(choice: Choice, fixed: Unavoidable) -> tuple[Shared, Shared]:
    """Return each contract's new leads and their minutes."""
    options, terms = choice.options, fixed.room.providers
    keys = tuple(contract.provider for contract in choice.facts.snapshot.contracts)
    of = _of(options.new_leads, terms.of[options.reviewer])
    cases, minutes = (
        np.where(left < NO_LIMIT, left, NONE) for left in (terms.cases_left, terms.minutes_left)
    )
    return (
        Shared("contract_cases", keys, cases, of, np.ones_like(of)),
        Shared("contract_minutes", keys, minutes, of, options.minutes),
    )


def _moves(choice: Choice, max_moves: int) -> Shared:
    """Return the leads that may change hands by choice."""
    options = choice.options
    moved = options.new_leads & choice.held[LEAD, options.case]
    left = np.array([max_moves or NONE], dtype=np.int64)
    return Shared("moves", ("",), left, _of(moved, np.zeros_like(options.case)), np.ones_like(options.case))


def _open_cases(choice: Choice, fixed: Unavoidable) -> Shared:
    """Return the open cases that those who hold leads which may move have left beside the others."""
    facts, options, limit = choice.facts, choice.options, open_limits(choice.facts)
    leads = (options.role == LEAD) & ~options.stands
    may_go = np.bincount(options.reviewer[leads & ~options.new], minlength=len(limit))
    left = limit - fixed.stays.leads()
    bound = (may_go > 0) & (limit < NO_LIMIT) & (may_go <= left)
    keys = tuple(reviewer.reviewer_id for reviewer in facts.reviewers)
    of = _of(leads & bound[options.reviewer], options.reviewer)
    return Shared("open_cases", keys, _of(bound, left), of, np.ones_like(of))
