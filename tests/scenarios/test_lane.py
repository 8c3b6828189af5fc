"""The compiled lane as the Python that it is written in: indices are checked there, and results agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from scenarios import engine, lane
from scenarios.lane import Block
from scenarios.world import Records
from tests.scenarios.build import one_pool
from tests.scenarios.test_engine import WILD, wild


@contextmanager
def interpreted() -> Iterator[None]:
    """Within the block nothing of a lane is compiled, and an index below nothing is an error."""

    def as_records(**tables: Any) -> Block:
        """Tables whose fields are attributes in Python too."""
        told = {
            name: table.view(np.recarray) if getattr(table, "dtype", None) is not None and table.dtype.names
            else table
            for name, table in tables.items()
        }  # fmt: skip
        return Block(**told)

    with pytest.MonkeyPatch.context() as patch, np.errstate(over="ignore"):
        patch.setattr(engine, "Block", as_records)
        for name, value in list(vars(lane).items()):
            if isinstance(value, Dispatcher):
                patch.setattr(lane, name, value.py_func)
        yield


def records(at: int) -> Records:
    """What happens in two replications of one kind of scenario."""
    found: Records = one_pool(wild(at), 2)[1]
    return found


@pytest.mark.parametrize("at", range(len(WILD)))
def test_compiled_and_interpreted_say_the_same(at: int) -> None:
    """Every record, but for the last digits of powers and exponentials."""
    with interpreted():
        assert not isinstance(lane.run_lanes, Dispatcher)
        plain = records(at)
    compiled = records(at)
    for one in fields(Records):
        np.testing.assert_allclose(getattr(plain, one.name), getattr(compiled, one.name), rtol=1e-9)


def test_a_log_that_is_full_is_made_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """However short it is at first, it says the same in the end."""
    whole = records(0)
    monkeypatch.setattr(engine, "USUAL_CHANGES", 0)
    again = records(0)
    for one in fields(Records):
        assert np.array_equal(getattr(whole, one.name), getattr(again, one.name)), one.name
