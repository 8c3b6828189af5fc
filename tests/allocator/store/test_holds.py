"""Holds told from a case's versions, begun and ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from allocator.errors import BadInput, Conflict
from allocator.holds import Hold
from allocator.store import Record
from allocator.store.holds import holds_of, paused, resumed

MAY, JUNE, JULY = date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 1)
OPEN = {"on_hold_since": "2026-05-04", "hold_reason": "coroner", "hold_until": "2026-07-01"}


def versions(*bodies: dict[str, Any]) -> list[Record]:
    """A case as it was, one version after the other."""
    return [Record("cases", "C1", at, body) for at, body in enumerate(bodies, start=1)]


def test_a_hold_that_is_open() -> None:
    """Since when, why, and until when it is expected."""
    assert holds_of(versions({}, OPEN)) == ([Hold(MAY, None, "coroner", JULY)], 0)


def test_a_hold_that_has_ended_has_the_days_that_it_took() -> None:
    """From its first day on, whenever its end was written down."""
    found = holds_of(versions(OPEN, {"hold_days": 28}))
    assert found == ([Hold(MAY, JUNE, "coroner")], 0)
    assert found[0][0].days == 28


def test_one_after_the_other() -> None:
    """The second begins in the version that ends the first."""
    again = {"hold_days": 28, "on_hold_since": "2026-07-01"}
    assert holds_of(versions(OPEN, again)) == ([Hold(MAY, JUNE, "coroner"), Hold(JULY, None, None)], 0)


def test_days_that_were_there_from_the_start_have_no_date() -> None:
    """They are told apart."""
    assert holds_of(versions({"hold_days": 5}, {"hold_days": 5} | OPEN)) == (
        [Hold(MAY, None, "coroner", JULY)],
        5,
    )


def test_a_hold_that_never_was() -> None:
    """Its first day corrected, it is the same hold; taken away without days, it is none."""
    assert holds_of(versions(OPEN, OPEN | {"on_hold_since": "2026-06-01"}))[0][0].since == JUNE
    assert holds_of(versions(OPEN, {"priority": 1})) == ([], 0)


def test_a_sum_corrected_downwards_counts() -> None:
    """What the versions told before is no longer so: no days are named."""
    assert holds_of(versions(OPEN, {"hold_days": 28}, {"hold_days": 20})) == ([], 20)


def test_what_was_forgotten_tells_nothing() -> None:
    """A version without its fields is passed over."""
    assert holds_of(versions({}, {"hold_days": 3})) == ([], 3)


def test_begun_and_ended() -> None:
    """The fields of both; what else the case says stays."""
    (case,) = versions({"area": "QAA", "hold_days": 2})
    body = paused(case, MAY, "police", None)
    assert body == {"area": "QAA", "hold_days": 2, "on_hold_since": "2026-05-04", "hold_reason": "police"}
    (held,) = versions(body)
    assert resumed(held, JUNE, JULY) == {"area": "QAA", "hold_days": 30}


def test_what_cannot_be() -> None:
    """Twice on hold, ended without one, before it began, on a day to come."""
    plain, held = versions({"area": "QAA"}, OPEN)
    with pytest.raises(Conflict, match="on hold since"):
        paused(held, JUNE, None, None)
    with pytest.raises(Conflict, match="not on hold"):
        resumed(plain, JUNE, JULY)
    for on, code in ((date(2026, 5, 1), "reversed-dates"), (date(2026, 7, 2), "after-as-of")):
        with pytest.raises(BadInput) as found:
            resumed(held, on, JULY)
        assert found.value.faults[0].code == code
