"""Requests that a tool makes up from the description: sound ones and broken ones, none may break the app."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Not: that every body which fits the schema is planned (it may refer to nobody), and that every other is
refused (intake takes `"7.5"` for 7.5, as from a file)."""


@pytest.fixture(scope="session")
def described(app: Flask) -> schemathesis.BaseSchema:
    """The description as published."""
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        ("/v1/plans", "POST", GenerationMode.POSITIVE),
        ("/v1/plans", "POST", GenerationMode.NEGATIVE),
        ("/health/live", "GET", GenerationMode.POSITIVE),
        ("/health/ready", "GET", GenerationMode.POSITIVE),
    ],
)
@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_made_up_requests_are_answered_as_described(
    described: schemathesis.BaseSchema, path: str, method: str, mode: GenerationMode, data: st.DataObject
) -> None:
    """Status, media type, headers and body of every answer are those of the description."""
    case = data.draw(described[path][method].as_strategy(generation_mode=mode))
    case.call_and_validate(checks=CHECKS)
