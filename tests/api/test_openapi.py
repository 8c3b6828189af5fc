"""The published description is valid, says what the models say, and is kept to."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.questions import QUESTIONS
from tests.api.schema import fits

Json = dict[str, Any]
OPERATIONS = {
    "/v1/plans": {"post"},
    **{one.path: {"post"} for one in QUESTIONS},
    "/health/live": {"get"},
    "/health/ready": {"get"},
}


@pytest.fixture
def document(client: FlaskClient) -> Json:
    """The description as a client reads it."""
    found: Json = client.get("/openapi.json").get_json()
    return found


def test_the_description_is_valid_openapi_3_1(document: Json) -> None:
    """By a validator that is not ours."""
    assert str(document["openapi"]).startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_operation_is_described(client: FlaskClient, document: Json) -> None:
    """The routes are those of the description and no others, but for the description itself."""
    described = {path: set(item) for path, item in document["paths"].items()}
    assert described == OPERATIONS
    routes = {rule.rule for rule in client.application.url_map.iter_rules()}
    assert routes == {*OPERATIONS, "/openapi.json"}


def test_the_body_is_the_snapshot_and_the_answer_the_plan(
    document: Json,
) -> None:
    """Their columns are the contract's: one of each table is looked at."""
    schemas = document["components"]["schemas"]
    assert "hold_reason" in schemas["Snapshot.Case"]["properties"]
    assert schemas["Snapshot"]["required"] == ["cases", "reviewers"]
    assert {"assignments", "objective", "certificate"} <= set(schemas["PlanAnswer"]["properties"])


def test_a_query_parameter_is_described_with_its_range(
    document: Json,
) -> None:
    """And what may be left out is not described as null."""
    parameters = document["paths"]["/v1/plans"]["post"]["parameters"]
    effort = next(one for one in parameters if one["name"] == "effort")
    assert effort["schema"]["anyOf"] == [{"type": "integer", "minimum": 1, "maximum": 1000}]
    assert "required" not in effort


def test_every_refusal_is_described(client: FlaskClient) -> None:
    """What the plans' door may answer is in the description, and each fits it."""
    for status, answer in {
        400: client.post("/v1/plans", data=b"{", content_type="application/json"),
        413: client.post("/v1/plans", data=b" " * 200_001, content_type="application/json"),
        415: client.post("/v1/plans", data=b"case_id", content_type="text/csv"),
        422: client.post("/v1/plans", json={}),
    }.items():
        assert answer.status_code == status
        fits("/v1/plans", "post", answer)
