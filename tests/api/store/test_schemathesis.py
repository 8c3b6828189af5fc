"""Calls to the store that a tool makes up from the description, signed in as each role: none breaks it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from allocator.store.callers import Role
from tests.api.store.conftest import Kept
from tests.api.test_schemathesis import CHECKS


@pytest.fixture(scope="module")
def described(shared: Kept) -> schemathesis.BaseSchema:
    """The description of the service."""
    return schemathesis.openapi.from_wsgi("/openapi.json", shared.app)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_made_up_calls_are_answered_as_described(
    shared: Kept, described: schemathesis.BaseSchema, mode: GenerationMode, data: st.DataObject
) -> None:
    """Of any operation and role: status, media type, headers and body are those of the description."""
    every = [found.ok() for found in described.get_all_operations()]
    of_the_store = [one for one in every if one.definition.raw.get("security")]
    operation, role = data.draw(st.sampled_from(of_the_store)), data.draw(st.sampled_from(list(Role)))
    case = data.draw(operation.as_strategy(generation_mode=mode))
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {shared.keys[role, '']}"})
