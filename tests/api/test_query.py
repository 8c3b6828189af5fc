"""The query's parameters: each in its range, each once, none unknown."""

import pytest
from pydantic import BaseModel, Field
from werkzeug.datastructures import MultiDict

from api.errors import Refusal
from api.query import read_query


class Example(BaseModel):
    seed: int = Field(default=1, ge=0)
    quarantine: bool = False
    effort: int | None = Field(default=None, ge=1)


def test_what_is_not_given_has_its_default() -> None:
    """An empty query is the default."""
    assert read_query(Example, MultiDict()) == Example()


def test_given_parameters_are_read() -> None:
    """Texts become numbers and booleans."""
    given = MultiDict([("seed", "7"), ("quarantine", "true"), ("effort", "3")])
    assert read_query(Example, given) == Example(seed=7, quarantine=True, effort=3)


def test_every_wrong_parameter_is_a_fault_at_once() -> None:
    """Out of range, no number, unknown and doubled: four faults in one answer."""
    given = MultiDict(
        [("seed", "-1"), ("effort", "much"), ("sede", "1"), ("quarantine", "true"), ("quarantine", "false")]
    )
    with pytest.raises(Refusal) as caught:
        read_query(Example, given)
    assert (caught.value.status, caught.value.code) == (422, "bad-parameter")
    assert sorted((fault.code, fault.column) for fault in caught.value.faults) == [
        ("bad-parameter", "effort"),
        ("bad-parameter", "seed"),
        ("duplicate-parameter", "quarantine"),
        ("unknown-parameter", "sede"),
    ]
    assert {fault.hint for fault in caught.value.faults if fault.column == "sede"} == {"did you mean seed?"}


def test_an_empty_value_is_a_fault_and_not_the_default() -> None:
    """`?seed=` is a slip, never seed 1."""
    with pytest.raises(Refusal):
        read_query(Example, MultiDict([("seed", "")]))
