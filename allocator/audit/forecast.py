"""When work gets done: each reviewer's pieces in their order, each working day used in full."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from allocator.audit.diary import Days
from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import Facts

NEVER = -1


@dataclass(frozen=True)
class Pieces:
    """Pieces of work: one entry a place of a reviewer, cases on hold left out.

    `case`, `reviewer`, `minutes` are arrays of shape (n_pieces,), dtype=np.int64.
    """

    case: Ints
    reviewer: Ints
    minutes: Ints


@dataclass(frozen=True)
class Forecast:
    """What becomes of each piece.

    Parameters
    ----------
    before : ndarray of shape (n_pieces,), dtype=np.int64
        Minutes of the reviewer's work that come first.
    finish : ndarray of shape (n_pieces,), dtype=np.int64
        Day of finish_on, counted from as_of; NEVER if not within the forecast.
    in_time : ndarray of shape (n_pieces,), dtype=np.bool_
        Whether that is on or before complete_by.
    """

    before: Ints
    finish: Ints
    in_time: Bools


def forecast(facts: Facts, pieces: Pieces) -> Forecast:
    """Return the forecast of pieces that make up all the work of their reviewers."""
    order = np.lexsort((facts.rank[pieces.case], pieces.reviewer))
    seats, minutes = pieces.reviewer[order], pieces.minutes[order]
    total = np.cumsum(minutes)
    first = np.flatnonzero(np.diff(seats, prepend=NEVER))
    start_of = np.repeat(total[first] - minutes[first], np.diff(first, append=len(seats)))
    before = np.empty_like(total)
    before[order] = total - minutes - start_of
    return finished(facts, pieces, before)


def finished(facts: Facts, pieces: Pieces, before: Ints) -> Forecast:
    """Return when pieces are finished that come after so many minutes of other work."""
    day = last_hour(facts, pieces.reviewer, before + pieces.minutes)
    end = np.maximum(day, facts.ready_day[pieces.case])
    never = (day == NEVER) | (end > facts.diaries.final_day)
    finish = np.where(never, NEVER, end + facts.sign_off_days[pieces.case])
    in_time = ~never & (finish <= facts.complete_day[pieces.case])
    return Forecast(before, finish, in_time)


def last_hour(facts: Facts, reviewer: Ints, minutes: Ints) -> Ints:
    """Return the first day by whose end so many minutes are done, NEVER if none is within the forecast."""
    days = facts.diaries.done[:, : facts.diaries.final_day + 1]
    return _by_reviewer(days, reviewer, minutes, "left")


def first_hour(facts: Facts, reviewer: Ints, before: Ints) -> tuple[Ints, Ints]:
    """Return the first day with more than so many minutes: counted in whole minutes, and exactly.

    The two differ where a day ends within a minute; the contract does not say which of them it means.
    """
    final = facts.diaries.final_day + 1
    whole = _by_reviewer(facts.diaries.done[:, :final], reviewer, before, "right")
    return whole, _by_reviewer(facts.diaries.begun[:, :final], reviewer, before, "right")


def _by_reviewer(days: Days, reviewer: Ints, minutes: Ints, side: Literal["left", "right"]) -> Ints:
    """Return the place of each number of minutes in its reviewer's days."""
    found = np.empty(len(reviewer), dtype=np.int64)
    order = np.argsort(reviewer, kind="stable")
    seats, firsts = np.unique(reviewer[order], return_index=True)
    for seat, chosen in zip(seats.tolist(), np.split(order, firsts[1:]), strict=False):
        found[chosen] = np.searchsorted(days[seat], minutes[chosen], side=side)
    return np.where(found >= days.shape[1], NEVER, found)
