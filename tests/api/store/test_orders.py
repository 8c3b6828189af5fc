"""Standing orders over HTTP: when an area plans by itself is said so that it is meant in one way alone."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.store import orders
from allocator.store.callers import Role
from tests.allocator.store.build import NOW
from tests.api.store.conftest import Kept

MINE, PATH = (Role.COORDINATOR, "QAA"), "/v1/standing-orders/QAA"


@pytest.mark.parametrize(
    "at", ["02:30:15", "02:30:00", "02:30Z", "02:30+01:00", "2:30", "24:00", "0230", 9000, "soon"]
)
def test_a_time_of_day_is_hours_and_minutes_in_london(service: Kept, at: Any) -> None:
    """Of seconds and other zones nothing would be kept: they are refused, and how to write it is said."""
    for path, method in ((PATH, "PUT"), (f"{PATH}/rehearsals", "POST")):
        answer = service.call(method, path, MINE, json={"at": at})
        assert answer.status_code == 422, answer.text
        (fault,) = answer.json["errors"]
        assert (fault["pointer"], "such as 02:30" in fault["message"]) == ("/at", True)


def test_which_lines_wait_is_told_in_words(service: Kept) -> None:
    """Those of the rule, and those that something came in the way of; an outcome of before has none."""
    service.call("PUT", PATH, MINE, json={"at": "02:30"})
    lines = [
        {"case_id": "C1", "role": "lead", "why": ["late", "fragile"]},
        {"case_id": "C2", "role": "lead", "why": ["rule-broken"]},
    ]
    for more, expected in (({}, []), ({"lines": lines}, lines)):
        with service.database.write("test", lambda: NOW) as tx:
            outcome = {"plan": None, "published": 0, "publication": None, **more}
            assert orders.settle(tx, "QAA", None, outcome)
        told = service.call("GET", PATH, MINE).json["outcome"]["lines"]
        assert [{name: one[name] for name in ("case_id", "role", "why")} for one in told] == expected
    assert [one["says"] for one in told] == [
        "its case would be late; it may well be late: its chance to be in time is small",
        "something came in its way since it was planned: a notice says what",
    ]


def test_an_order_is_told_as_it_is_given(service: Kept) -> None:
    """What is read can be sent again."""
    given = {"at": "02:30", "after": 5, "time_limit": 30.0}
    assert service.call("PUT", PATH, MINE, json=given).status_code == 201
    told = service.call("GET", PATH, MINE).json
    assert {name: told[name] for name in given} == given
    assert service.call("PUT", PATH, MINE, json=given).status_code == 200
