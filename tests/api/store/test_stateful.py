"""Calls that follow from each other, made up by a tool, signed in as each role: none breaks the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from allocator.store.callers import Role
from tests.api.store.conftest import Kept, kept, plan_of
from tests.databases import an_empty

FEW, MANY = 8, 200
STEPS = 8
FINE = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
"""What a call that fits its schema may be answered: a body may refer to nobody that there is (422), or a
version be another by now (412), of which no schema knows."""


@pytest.mark.parametrize("role", Role)
def test_what_one_call_tells_is_used_in_the_next(role: Role, tmp_path: Path) -> None:
    """Ids and versions of an answer go into later calls, as the tool infers from the description."""
    walk(role, tmp_path, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_what_many_calls_tell_is_used_in_the_next(role: Role, tmp_path: Path) -> None:
    """The same, for longer."""
    walk(role, tmp_path, MANY)


def walk(role: Role, folder: Path, walks: int) -> None:
    """Nothing; so many walks of some calls are answered as the description says."""
    with an_empty("sqlite", folder) as database:
        service = kept(database)
        plan_of(database)
        machine = _machine(service, role)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=walks,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def _machine(service: Kept, role: Role) -> Any:
    config = schemathesis.Config.from_dict(
        {"checks": {"positive_data_acceptance": {"expected-statuses": FINE}}}
    )
    described = schemathesis.openapi.from_wsgi("/openapi.json", service.app, config=config)

    @described.auth()
    class _Key:
        """The key of the role, which the tool takes away to see whether anybody gets in without."""

        def get(self, case: Any, context: Any) -> str:
            return service.keys[role, ""]

        def set(self, case: Any, data: str, context: Any) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    return described.as_state_machine()
