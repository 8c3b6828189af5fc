"""How long a client waits, and when the search stops for it."""

import pytest

from api.wait import SHORTEST_SECONDS, Patience, preferred_wait


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=10", 10),
        ("respond-async, wait=0", 0),
        ('Wait = "5"; foo=bar, wait=9', 5),
        ("", None),
        ("wait", None),
        ("wait=-1", None),
        ("wait=soon", None),
        ("await=3", None),
    ],
)
def test_the_first_wait_preference_counts_and_others_are_ignored(header: str, seconds: int | None) -> None:
    """RFC 7240: what a server does not understand it passes over."""
    assert preferred_wait(header) == seconds


def test_a_search_always_gets_some_time() -> None:
    """Even when reading took longer than the wait, there is time for a first plan."""
    assert Patience(ends_at=5, is_gone=lambda: False, clock=lambda: 9.0).seconds_left() == SHORTEST_SECONDS
    assert Patience(ends_at=5, is_gone=lambda: False, clock=lambda: 2.0).seconds_left() == 3


def test_the_end_of_the_wait_stops_a_search_only_once_there_is_a_plan() -> None:
    """At the limit the best plan is answered, never an error."""
    patience = Patience(ends_at=5, is_gone=lambda: False, clock=lambda: 6.0)
    assert not patience.is_over()
    patience.plan_found()
    assert patience.is_over()


def test_a_client_that_hung_up_stops_the_search_at_once() -> None:
    """Nobody is there to read the plan."""
    assert Patience(ends_at=5, is_gone=lambda: True, clock=lambda: 0.0).is_over()
