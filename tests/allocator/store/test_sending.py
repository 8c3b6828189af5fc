"""Sending events: each once it is its turn, in order of its case, again later, and at last not at all."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.errors import BadInput, Conflict, Unknown
from allocator.store import Database, chain, deliveries, events, schema, sending, webhooks
from allocator.store.deliveries import DeliveryState, Filter
from allocator.store.events import Kind, News
from allocator.store.sending import Letter, Outcome, Patience
from allocator.store.webhooks import Wish
from tests.allocator.store.build import NOW, at, case, fill

PATIENCE = Patience(attempts=3, first=10, longest=60)
URL = "https://cases.example/events"
BEFORE = NOW - timedelta(hours=1)
NO, YES = Outcome(500, "answered-500"), Outcome(204)


def after(seconds: float) -> Any:
    """A moment."""
    return NOW + timedelta(seconds=seconds)


def hooked(database: Database, **wish: Any) -> str:
    """The id of a webhook, made before anything happens."""
    with at(database, BEFORE) as tx:
        return webhooks.make(tx, Wish(URL, **wish))[0].webhook_id


def happened(database: Database, *subjects: str, area: str = "QAA", kind: Kind = Kind.MOVED) -> None:
    """Let something happen to some cases, in that order."""
    with at(database) as tx:
        events.tell(tx, [News(kind, one, {}, [area]) for one in subjects])


def claimed(database: Database, seconds: float = 0) -> Letter | None:
    """What is to be sent at a moment, taken."""
    with at(database, after(seconds)) as tx:
        sending.set_out(tx)
        return sending.claim(tx, PATIENCE)


def settled(database: Database, letter: Letter, outcome: Outcome, seconds: float = 0) -> None:
    """Say what came of it."""
    with at(database, after(seconds)) as tx:
        sending.settle(tx, letter, outcome, PATIENCE, lambda: 1.0)


def sent(database: Database, seconds: float, take: Callable[[Letter], Outcome]) -> list[str]:
    """What was sent at a moment, in order."""
    found = []
    while (letter := claimed(database, seconds)) is not None:
        found.append(f"{letter.event.subject}{letter.event.number}")
        settled(database, letter, take(letter), seconds)
    return found


def states(database: Database, webhook_id: str) -> dict[int, str]:
    """By event what has become of it."""
    with database.read() as connection:
        found = deliveries.find(connection, Filter({webhook_id}), 1_000)
        assert list(chain.verify(connection)) == []
    return {one.event: str(one.state) for one in found}


def test_events_from_now_on_are_sent_to_whom_wants_them(database: Database) -> None:
    """Of their areas and kinds; from an earlier one on, if that is asked for."""
    fill(database, moment=BEFORE)
    happened(database, "A")
    every, here = hooked(database), hooked(database, areas=("QAA",), kinds=(Kind.MERGED,))
    with at(database) as tx:
        before = webhooks.make(tx, Wish(URL), after=0)[0].webhook_id
    happened(database, "B")
    happened(database, "C", kind=Kind.MERGED)
    happened(database, "D", area="QBB", kind=Kind.MERGED)
    assert len(sent(database, 0, lambda letter: YES)) == 8
    assert states(database, every) == dict.fromkeys((2, 3, 4), "done")
    assert states(database, here) == {3: "done"}
    assert states(database, before) == dict.fromkeys((1, 2, 3, 4), "done")
    with database.read() as connection:
        assert not sending.is_any_due(connection, after(9))
        assert {one.reached for one in webhooks.every(connection)} == {4}


def test_a_webhook_is_for_areas_and_kinds_that_there_are(database: Database) -> None:
    """And one that has ended is sent nothing and forgets its secret."""
    fill(database, moment=BEFORE)
    with pytest.raises(BadInput) as refused:
        hooked(database, areas=("QZZ",), kinds=("none",))
    assert [one.code for one in refused.value.faults] == ["unknown-area", "unknown-type"]
    mine = hooked(database)
    happened(database, "A", "A", "B")
    first = claimed(database)
    assert first is not None
    with at(database) as tx:
        deliveries.end_webhook(tx, mine)
        assert webhooks.secrets_of(tx.connection, mine, NOW) == ("",)
    assert claimed(database) is None
    with pytest.raises(Conflict):
        settled(database, first, YES)
    assert states(database, mine) == dict.fromkeys((1, 2, 3), "left-out")
    with pytest.raises(Unknown), at(database) as tx:
        webhooks.rotate(tx, mine, 7)


def test_an_old_secret_signs_for_some_days_more(database: Database) -> None:
    """And stands in no line of the audit, nor does the new one."""
    fill(database, moment=BEFORE)
    with at(database) as tx:
        made, first = webhooks.make(tx, Wish(URL))
        second = webhooks.rotate(tx, made.webhook_id, 7)
    with database.read() as connection:
        days = [webhooks.secrets_of(connection, made.webhook_id, NOW + timedelta(days=n)) for n in (6, 7)]
        lines = str(chain.lines(connection, 0, 1_000))
    assert days == [(second, first), (second,)]
    assert first.startswith("whsec_")
    assert len(first) == 50
    assert first not in lines
    assert second not in lines


def test_a_later_event_of_a_case_waits_for_the_earlier_one(database: Database) -> None:
    """Those of other cases do not; what failed is sent again later, and later still."""
    fill(database, moment=BEFORE)
    mine = hooked(database)
    happened(database, "A", "B", "A", "B")

    def refuses(letter: Letter) -> Outcome:
        return NO if letter.event.subject == "A" else YES

    assert sent(database, 0, refuses) == ["A1", "B2", "B4"]
    assert sent(database, 9, refuses) == []
    assert sent(database, 10, refuses) == ["A1"]
    assert sent(database, 29, refuses) == []
    assert sent(database, 30, lambda letter: YES) == ["A1", "A3"]
    assert states(database, mine) == dict.fromkeys((1, 2, 3, 4), "done")


def test_what_is_refused_too_often_is_dead_until_it_is_sent_again(database: Database) -> None:
    """It is seen, with why; later events of its case wait for it, so that they never come before it."""
    fill(database, moment=BEFORE)
    mine = hooked(database)
    happened(database, "A", "A")
    for seconds in (0, 10, 30, 9_999):
        sent(database, seconds, lambda letter: NO)
    assert states(database, mine) == {1: "dead", 2: "waiting"}
    with database.read() as connection:
        (dead,) = deliveries.find(connection, Filter({mine}, DeliveryState.DEAD), 9)
        assert (dead.attempt, dead.status, dead.problem) == (3, 500, "answered-500")
        assert deliveries.oldest_undone(connection) == events.numbered(connection, [1])[1].at
    with at(database, after(10_000)) as tx:
        assert deliveries.replay_dead(tx, mine) == 1
    assert sent(database, 10_000, lambda letter: YES) == ["A1", "A2"]
    with at(database, after(10_000)) as tx:
        assert deliveries.replay(tx, dead.delivery).attempt == 0
    assert sent(database, 10_000, lambda letter: YES) == ["A1"]


def test_a_dead_event_may_be_left_out(database: Database) -> None:
    """Then later ones of its case go on; what is done stays so."""
    fill(database, moment=BEFORE)
    mine = hooked(database)
    happened(database, "A", "A")
    for seconds in (0, 10, 30):
        sent(database, seconds, lambda letter: NO)
    with at(database, after(31)) as tx:
        assert deliveries.leave_out(tx, 1).state is DeliveryState.LEFT_OUT
    assert sent(database, 60, lambda letter: YES) == ["A2"]
    with at(database, after(61)) as tx:
        assert deliveries.leave_out(tx, 2).state is DeliveryState.DONE
    assert states(database, mine) == {1: "left-out", 2: "done"}
    with pytest.raises(Unknown), at(database) as tx:
        deliveries.leave_out(tx, 77)


def test_a_clock_that_is_set_back_keeps_no_event(database: Database) -> None:
    """What was refused, what a dead sender had, and a webhook that rests: all go on by the new time."""
    fill(database)
    hooked(database)
    happened(database, "A", "B")
    assert len(sent(database, 7_200, lambda letter: NO)) == 2
    assert claimed(database, 7_201) is None
    assert claimed(database, 0) is not None  # whoever has it dies
    assert sent(database, -7_200, lambda letter: YES) == ["A1", "B2"]


def test_who_dies_while_sending_loses_the_lease(database: Database) -> None:
    """It is sent again, with the same id; what the dead one would still say counts for nothing."""
    fill(database, moment=BEFORE)
    mine = hooked(database)
    happened(database, "A", "A")
    first = claimed(database)
    assert first is not None
    assert claimed(database, sending.LEASE_SECONDS) is None
    late = sending.LEASE_SECONDS + 1
    second = claimed(database, late)
    assert second is not None
    assert (second.event.event_id, second.delivery.attempt) == (first.event.event_id, 2)
    with pytest.raises(Conflict) as refused:
        settled(database, first, YES, late)
    assert refused.value.code == "lease-lost"
    settled(database, second, YES, late)
    assert claimed(database, late) is not None
    for number in range(2, 5):
        claimed(database, number * late)
    with database.read() as connection:
        (dead,) = deliveries.find(connection, Filter({mine}, DeliveryState.DEAD), 9)
    assert (dead.event, dead.problem) == (2, "killed")


def test_a_webhook_that_takes_nothing_does_not_keep_others_waiting(database: Database) -> None:
    """They take turns, and it is left alone for a while, longer each time, a minute at most."""
    fill(database, moment=BEFORE)
    bad, good = hooked(database), hooked(database)
    happened(database, *(f"N{number}" for number in range(12)))

    def takes(letter: Letter) -> Outcome:
        return NO if letter.webhook.webhook_id == bad else YES

    assert len(sent(database, 0, takes)) == 12 + 2
    assert list(states(database, good).values()) == ["done"] * 12
    tried = [len(sent(database, seconds, takes)) for seconds in (1, 2, 3, 8, 9, 200, 201)]
    assert tried == [0, 1, 0, 1, 0, 1, 0]
    with database.read() as connection:
        one = webhooks.found_webhook(connection, bad)
        assert (one.failures, one.resume_at) == (5, after(200 + 30))
    assert len(sent(database, 999, lambda letter: YES)) == 12
    with database.read() as connection:
        assert webhooks.found_webhook(connection, bad).failures == 0


def test_a_receiver_says_when_to_come_again(database: Database) -> None:
    """And is heeded as far as patience goes."""
    fill(database, moment=BEFORE)
    hooked(database)
    happened(database, "A")
    assert sent(database, 0, lambda letter: Outcome(429, "answered-429", 40)) == ["A1"]
    assert sent(database, 39, lambda letter: NO) == []
    assert sent(database, 40, lambda letter: Outcome(503, "answered-503", 10**6)) == ["A1"]
    assert sent(database, 99, lambda letter: NO) == []
    assert sent(database, 100, lambda letter: YES) == ["A1"]


@pytest.mark.parametrize(("attempt", "jitter", "seconds"), [
    (1, 0.0, 5), (1, 1.0, 10), (2, 0.5, 15), (3, 1.0, 40), (4, 1.0, 60), (1_000, 0.0, 30),
])  # fmt: skip
def test_pauses_grow_and_differ(attempt: int, jitter: float, seconds: float) -> None:
    """Twice as long each time, up to the longest, and half of it by chance."""
    assert PATIENCE.pause(attempt, jitter) == timedelta(seconds=seconds)


def test_by_default_an_event_is_sent_for_about_three_days() -> None:
    """So that a weekend loses nothing."""
    usual = Patience()
    whole = sum((usual.pause(number, 0.5) for number in range(1, usual.attempts)), timedelta())
    assert timedelta(days=2) < whole < timedelta(days=4)


def test_old_events_go_with_their_deliveries(database: Database) -> None:
    """Dead ones too; a webhook that nobody served so long goes on with what is there."""
    fill(database, moment=BEFORE)
    mine = hooked(database)
    happened(database, "A", "B")
    assert claimed(database) is not None
    late = timedelta(days=100).total_seconds()
    with at(database, after(late)) as tx:
        events.tell(tx, [News(Kind.MOVED, "C", {}, ["QAA"])] * 2)
        assert events.forget_before(tx, tx.at - events.KEPT) == 2
    with at(database, after(late)) as tx:
        with pytest.raises(Conflict) as refused:
            webhooks.make(tx, Wish(URL), after=1)
        assert refused.value.code == "cursor-gone"
        made = webhooks.make(tx, Wish(URL), after=0)[0].webhook_id
    assert sorted(sent(database, late, lambda letter: YES)) == ["C3", "C3", "C4", "C4"]
    assert states(database, mine) == states(database, made) == {3: "done", 4: "done"}


def test_where_nobody_sends_the_oldest_event_waits_all_the_same(database: Database) -> None:
    """It has no delivery yet: who watches sees it by its age, and no more once it was taken."""
    fill(database, moment=BEFORE)
    with database.read() as connection:
        assert deliveries.oldest_undone(connection) is None
    hooked(database)
    happened(database, "A")
    with database.read() as connection:
        assert deliveries.oldest_undone(connection) == NOW
    assert sent(database, 5, lambda letter: YES) == ["A1"]
    with database.read() as connection:
        assert deliveries.oldest_undone(connection) is None


def filled() -> Database:
    """A store of this process alone."""
    database = Database("sqlite://")
    schema.upgrade(database)
    fill(database, case("C1"))
    return database


SHARED, MINUTES = filled(), itertools.count(100, 61)


@given(st.lists(st.sampled_from("ABC"), max_size=6), st.lists(st.booleans(), max_size=12))
def test_whatever_fails_each_case_comes_in_order_and_nothing_is_lost(
    cases: list[str], fails: list[bool]
) -> None:
    """A receiver that fails, or is cut off before it says that it took one, gets each at least once."""
    mine, got, answers = hooked(SHARED), dict[str, list[int]](), iter(fails)
    with SHARED.read() as connection:
        first = events.newest(connection)
    happened(SHARED, *cases)

    def takes(letter: Letter) -> Outcome:
        fails, is_cut = next(answers, False), letter.event.number % 2
        if not fails or is_cut:
            got.setdefault(letter.event.subject, []).append(letter.event.number)
        return NO if fails else YES

    undone = True
    while undone:
        seconds = next(MINUTES)
        sent(SHARED, seconds, takes)
        with at(SHARED, after(seconds)) as tx:
            undone = (
                deliveries.replay_dead(tx, mine) > 0 or deliveries.oldest_undone(tx.connection) is not None
            )
    for one in "ABC":
        numbers = [first + at for at, case_id in enumerate(cases, 1) if case_id == one]
        assert list(dict.fromkeys(got.get(one, []))) == numbers
        assert got.get(one, []) == sorted(got.get(one, []))
    with at(SHARED) as tx:
        deliveries.end_webhook(tx, mine)
