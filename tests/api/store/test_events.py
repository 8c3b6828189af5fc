"""Events over HTTP and to webhooks: read on by a cursor, or sent; each area its own."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from sqlalchemy import select

from allocator.jobs import Sender
from allocator.store import cases, events, records, webhooks
from allocator.store.callers import Role
from allocator.store.events import Kind, News
from allocator.store.sending import Outcome, Patience
from allocator.store.tables import repeats
from api import clock
from api.posting import Post
from api.serve import runners_of
from api.settings import Settings
from tests.allocator.store.build import NOW
from tests.api.receivers import Answer, Got, receiving, says
from tests.api.store.conftest import CANARY, Kept

ADMIN, SYSTEM, HERE = (Role.ADMIN, ""), (Role.CASE_SYSTEM, "QAA"), (Role.ADMIN, "QAA")
URL = "https://cases.example/events"
ROW = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial", "organisations": ["RPLAIN"]}
LOCAL = Settings(webhook_networks="127.0.0.0/8")  # type: ignore[arg-type]


def read(service: Kept, who: Any = SYSTEM, **query: Any) -> Any:
    """The answer to who reads on."""
    return service.call("GET", "/v1/events", who, query_string=query).get_json()


def happens(service: Kept, *subjects: str) -> None:
    """Let something happen to some cases."""
    with service.database.write("test", lambda: NOW) as tx:
        events.tell(tx, [News(Kind.MOVED, one, {"state": "in_review"}) for one in subjects])


def sent(service: Kept, minutes: float = 0, settings: Settings = LOCAL) -> int:
    """How many messages were sent at a moment, after all that happened."""
    moment = NOW + timedelta(minutes=minutes, seconds=1)
    post = Post(settings, lambda: moment, 5)
    sender = Sender(service.database, lambda: moment, post, Patience(attempts=2), lambda: 0.5)
    done = 0
    while sender.run_one():
        done += 1
    return done


def test_who_reads_on_is_told_what_happened_to_their_cases(service: Kept) -> None:
    """As CloudEvents, in order; the cursor goes on whatever there is of theirs."""
    start = read(service, after=0)
    assert {one["subject"] for one in start["items"]} == {"PLAIN-C1"}
    assert (start["next"], start["more"]) == (2, False)  # one was CANARY's
    service.call("PUT", "/v1/cases/PLAIN-C1", HERE, json=ROW | {"review_type": "focused"})
    happens(service, f"{CANARY}-C1", "PLAIN-C2")
    page = read(service, after=start["next"], limit=1)
    assert (page["next"], page["more"], len(page["items"])) == (3, True, 1)
    (one,) = page["items"]
    assert {name: one[name] for name in one.keys() - {"id", "time"}} == {
        "specversion": "1.0",
        "source": "urn:reviewer-allocation",
        "type": "allocator.case.retyped",
        "subject": "PLAIN-C1",
        "datacontenttype": "application/json",
        "sequence": "000000000003",
        "data": {"area": "QAA", "fields": ["organisations", "review_type"]},
    }
    rest = read(service, after=page["next"])
    assert ([one["subject"] for one in rest["items"]], rest["next"]) == (["PLAIN-C2"], 5)
    assert read(service, after=5) == {"items": [], "next": 5, "more": False}
    assert len(read(service, ADMIN)["items"]) == 5
    assert [x["sequence"][-1] for x in read(service, ADMIN, subject="PLAIN-C1")["items"]] == ["1", "3"]
    assert [x["subject"] for x in read(service, type="allocator.case.moved")["items"]] == ["PLAIN-C2"]


@pytest.mark.parametrize(("query", "status", "code"), [
    ("after=77", 409, "cursor-ahead"), ("after=-1", 422, "bad-parameter"),
    ("limit=1001", 422, "bad-parameter"), ("type=none", 422, "bad-parameter"),
    ("cursor=1", 422, "bad-parameter"),
])  # fmt: skip
def test_what_cannot_be_read_is_told(shared: Kept, query: str, status: int, code: str) -> None:
    """A cursor from another store, and what is no question."""
    answer = shared.call("GET", f"/v1/events?{query}", SYSTEM)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_a_webhook_is_sent_what_happens_and_shows_its_secret_once(service: Kept) -> None:
    """A real receiver, which takes each message and can check it."""
    with receiving(says(200)) as receiver:
        made = service.call("POST", "/v1/webhooks", HERE, json={"url": URL}).get_json()
        path = f"/v1/webhooks/{made['webhook']}"
        assert (made["areas"], made["types"], made["secret"][:6]) == (["QAA"], [], "whsec_")
        with service.database.write("test", lambda: NOW) as tx:
            webhooks.change(tx, made["webhook"], webhooks.Wish(receiver.url(), ("QAA",)))
        happens(service, "PLAIN-C1", f"{CANARY}-C1", "PLAIN-C1")
        assert sent(service) == 2
    assert [json.loads(got.body)["sequence"][-1] for got in receiver.got] == ["3", "5"]
    assert all(got.headers["webhook-signature"].startswith("v1,") for got in receiver.got)
    listed = service.call("GET", "/v1/webhooks", HERE)
    assert made["secret"] not in listed.get_data(as_text=True)
    assert listed.get_json()["items"][0]["reached"] == 5
    told = service.call("GET", "/v1/deliveries", HERE, query_string={"state": "done"}).get_json()["items"]
    assert [(one["sequence"], one["attempt"], one["status"]) for one in told] == [(3, 1, 200), (5, 1, 200)]
    turned = service.call("POST", f"{path}/secrets", HERE, json={"both_days": 3}).get_json()
    assert turned["secret"] != made["secret"]
    assert service.call("DELETE", path, HERE).status_code == 200
    assert service.call("POST", f"{path}/secrets", HERE, json={}).status_code == 404


def test_a_dead_message_is_seen_and_sent_again_in_order(service: Kept) -> None:
    """Or left out, so that what comes after it goes on."""
    state = {"answer": says(500)}

    def answers(line: Any, got: Got) -> None:
        state["answer"](line, got)

    with receiving(answers) as receiver:
        webhook = _hooked(service, receiver.url())
        happens(service, "PLAIN-C1", "PLAIN-C1")
        assert sum(sent(service, minutes) for minutes in (0, 5, 10)) == 2
        dead = service.call("GET", "/v1/deliveries?state=dead", HERE).get_json()["items"]
        assert [(one["subject"], one["problem"], one["attempt"]) for one in dead] == [
            ("PLAIN-C1", "answered-500", 2)
        ]
        state["answer"] = says(200)
        again = service.call("POST", f"/v1/deliveries/{dead[0]['delivery']}/replay", HERE, json={})
        assert (again.status_code, again.get_json()["state"]) == (200, "waiting")
        assert sent(service, 15) == 2
        sequence = [json.loads(got.body)["sequence"][-1] for got in receiver.got]
        assert sequence == ["3", "3", "3", "4"]
        ids = [got.headers["webhook-id"] for got in receiver.got]
        assert len(set(ids)) == 2
        state["answer"] = says(500)
        happens(service, "PLAIN-C2", "PLAIN-C2")
        for minutes in (20, 30):
            sent(service, minutes)
        state["answer"] = says(200)
        (dead,) = service.call("GET", "/v1/deliveries?state=dead", HERE).get_json()["items"]
        assert (
            service.call("DELETE", f"/v1/deliveries/{dead['delivery']}", HERE).get_json()["state"]
            == "left-out"
        )
        assert sent(service, 40) == 1
        assert json.loads(receiver.got[-1].body)["sequence"][-1] == "6"
        replayed = service.call("POST", f"/v1/webhooks/{webhook}/replays", HERE, json={})
        assert replayed.get_json() == {"deliveries": 0}


def _hooked(service: Kept, url: str) -> str:
    """The id of a webhook of the first area to somebody on this machine."""
    with service.database.write("test", lambda: NOW) as tx:
        return webhooks.make(tx, webhooks.Wish(url, ("QAA",)))[0].webhook_id


def test_a_receiver_that_is_cut_gets_it_again(service: Kept) -> None:
    """At least once: it took the first, and nobody came to know."""
    answers: list[Answer] = [lambda line, got: line.close(), says(200)]
    with receiving(lambda line, got: answers.pop(0)(line, got)) as receiver:
        _hooked(service, receiver.url())
        happens(service, "PLAIN-C1")
        assert sent(service) == 1
        assert sent(service, 1) == 1
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len(receiver.got) == 2


@pytest.mark.parametrize(("body", "status", "code"), [
    ({"url": "https://127.0.0.1/"}, 422, "bad-url"),
    ({"url": "https://10.0.0.1/"}, 422, "bad-url"),
    ({"url": "http://cases.example/"}, 422, "bad-url"),
    ({"url": URL, "areas": ["QBB"]}, 403, None),
    ({"url": URL, "areas": ["QZZ"]}, 403, None),
    ({"url": URL, "types": ["none"]}, 422, "bad-question"),
    ({}, 422, "bad-question"),
])  # fmt: skip
def test_what_cannot_be_sent_is_told(shared: Kept, body: Any, status: int, code: str | None) -> None:
    """Addresses here and in private networks, areas that are not the caller's, kinds that there are not."""
    answer = shared.call("POST", "/v1/webhooks", HERE, json=body)
    assert answer.status_code == status
    if code is not None:
        assert {one["code"] for one in answer.get_json()["errors"]} == {code}
    assert shared.call("GET", "/v1/webhooks").get_json()["items"] == []


def test_an_address_that_turns_out_private_is_refused_when_it_is_called(service: Kept) -> None:
    """The message waits, and says why."""
    with receiving(says(200)) as receiver:
        _hooked(service, receiver.url())
        happens(service, "PLAIN-C1")
        assert sent(service, settings=Settings()) == 1
    (one,) = service.call("GET", "/v1/deliveries", HERE).get_json()["items"]
    assert (one["state"], one["problem"], receiver.got) == ("waiting", "address-refused", [])


def test_of_another_areas_webhooks_nothing_is_told_or_done(service: Kept) -> None:
    """Nor of those for all areas, by who may see one."""
    there = service.call(
        "POST", "/v1/webhooks", (Role.ADMIN, "QBB"), json={"url": f"{URL}/{CANARY}"}
    ).get_json()
    every = service.call("POST", "/v1/webhooks", json={"url": f"{URL}/{CANARY}"}).get_json()
    happens(service, f"{CANARY}-C1")
    assert sent(service, settings=Settings()) == 2
    for one in (there, every):
        path = f"/v1/webhooks/{one['webhook']}"
        for method, end, body in (
            ("PUT", "", {"url": URL}), ("DELETE", "", None),
            ("POST", "/secrets", {}), ("POST", "/replays", {}),
        ):  # fmt: skip
            assert service.call(method, path + end, HERE, json=body).status_code == 404
    for number in (1, 2):
        assert service.call("POST", f"/v1/deliveries/{number}/replay", HERE, json={}).status_code == 404
        assert service.call("DELETE", f"/v1/deliveries/{number}", HERE).status_code == 404
    for path in ("/v1/webhooks", "/v1/deliveries", "/v1/events"):
        assert CANARY not in service.call("GET", path, HERE).get_data(as_text=True)
    assert len(service.call("GET", "/v1/deliveries").get_json()["items"]) == 2


def test_a_case_that_came_here_brings_its_events_from_then_on(service: Kept) -> None:
    """What was told of it elsewhere before, and of where it came from, is not told here."""
    service.call("PUT", f"/v1/cases/{CANARY}-C1", json=ROW | {"organisations": ["RPLAIN"]})
    with service.database.write("test", lambda: NOW) as tx:
        cases.take_back(tx, f"{CANARY}-C1", "lead", "error")
        assert records.get(tx.connection, "cases", f"{CANARY}-C1") is not None
    mine = [one for one in read(service, HERE)["items"] if one["subject"] == f"{CANARY}-C1"]
    assert [one["type"].rpartition(".")[2] for one in mine] == ["corrected", "withdrawn"]
    assert "QBB" not in str(mine)
    assert "CANARY-O" not in str(mine)


def test_an_event_is_what_cloudevents_says(service: Kept) -> None:
    """By the rules that its JSON format has for each attribute."""
    text = {"type": "string", "minLength": 1}
    schema = {
        "type": "object",
        "required": ["id", "source", "specversion", "type"],
        "properties": {
            "id": text, "source": {**text, "format": "uri-reference"}, "specversion": text, "type": text,
            "datacontenttype": text, "subject": text, "time": {**text, "format": "date-time"},
        },
        "propertyNames": {"pattern": "^[a-z0-9]+$"},
    }  # fmt: skip
    found = read(service, ADMIN)["items"]
    assert found
    for one in found:
        jsonschema.Draft202012Validator(schema).validate(one)


def test_a_server_sends_by_itself(service: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs jobs in it sends events too, and sees to what is due: months later, cases are late."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=90))
    with receiving(says(200)) as receiver:
        _hooked(service, receiver.url())
        with runners_of(service.database, LOCAL, 1) as runners:
            happens(service, "PLAIN-C1")
            runners.wake()
            until, told = time.monotonic() + 30, set[str]()
            while not {"allocator.case.moved", Kind.AT_RISK} <= told and time.monotonic() < until:
                time.sleep(0.05)
                told = {json.loads(got.body)["type"] for got in list(receiver.got)}
    assert {"allocator.case.moved", Kind.AT_RISK} <= told


def test_a_sender_that_outlives_its_lease_says_nothing(service: Kept) -> None:
    """Somebody else has sent it by then; it is no fault of its own."""
    _hooked(service, URL)
    happens(service, "PLAIN-C1")

    def slow(letter: Any) -> Outcome:
        late = NOW + timedelta(minutes=5)
        assert Sender(service.database, lambda: late, lambda letter: Outcome(200)).run_one()
        return Outcome(500, "answered-500")

    assert Sender(service.database, lambda: NOW, slow).run_one()
    (one,) = service.call("GET", "/v1/deliveries").get_json()["items"]
    assert (one["state"], one["attempt"], one["status"]) == ("done", 2, 200)


def test_a_secret_is_kept_nowhere_to_be_told_again(service: Kept) -> None:
    """Under a key of a call that is done once it would lie in the store for a week: no such key is heeded."""
    once = {"Idempotency-Key": "once"}
    first, second = (
        service.call("POST", "/v1/webhooks", HERE, json={"url": URL}, headers=once).get_json()
        for _ in range(2)
    )
    path = f"/v1/webhooks/{first['webhook']}/secrets"
    third = service.call("POST", path, HERE, json={}, headers=once).get_json()
    assert first["webhook"] != second["webhook"]
    with service.database.read() as connection:
        kept = str(connection.execute(select(repeats)).all())
    assert not any(one["secret"] in kept for one in (first, second, third))
