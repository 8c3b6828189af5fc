"""How often a caller may call: bursts, a steady rate, and nobody on another's account."""

from __future__ import annotations

import pytest

from api.errors import Refusal
from api.rates import BURST_SECONDS, MOST_CALLERS, Rates


def test_a_burst_then_a_steady_rate() -> None:
    """Ten seconds' calls at once; then one more for each hundredth of a second that has passed."""
    now = [0.0]
    rates = Rates(100, lambda: now[0])
    for _ in range(100 * BURST_SECONDS):
        rates.count("a")
    with pytest.raises(Refusal) as caught:
        rates.count("a")
    assert (caught.value.status, caught.value.code) == (429, "too-many-calls")
    assert caught.value.headers == {"Retry-After": "1"}
    rates.count("b")
    now[0] += 0.02
    rates.count("a")
    rates.count("a")
    with pytest.raises(Refusal):
        rates.count("a")


def test_who_is_refused_does_not_wait_longer_for_it() -> None:
    """Asking again in vain uses up nothing."""
    now = [0.0]
    rates = Rates(1, lambda: now[0])
    for _ in range(BURST_SECONDS):
        rates.count("a")
    for _ in range(50):
        with pytest.raises(Refusal):
            rates.count("a")
    now[0] += 1
    rates.count("a")


def test_no_more_is_kept_however_many_call() -> None:
    """Whoever called longest ago is forgotten, and may call as if new."""
    rates = Rates(1, lambda: 0.0)
    for n in range(MOST_CALLERS + 50):
        rates.count(str(n))
    assert len(rates._left) == MOST_CALLERS
