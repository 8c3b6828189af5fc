"""Whether an answer fits what the description promises for its status."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped,unused-ignore]
from werkzeug.test import TestResponse

from api import clock, health, openapi, plans, questions
from api.app import TITLE, VERSION
from api.settings import Settings
from api.slots import Slots


@lru_cache
def description() -> openapi.Json:
    """The description, made once."""
    operations = (
        plans.operation(Settings(), clock.now, Slots(1)),
        *questions.operations(Settings(), clock.now, Slots(1)),
        *health.operations(health.Readiness(lambda: None)),
    )
    return openapi.document(TITLE, VERSION, operations)


def fits(path: str, method: str, answer: TestResponse) -> None:
    """Nothing; an assertion fails unless status, media type, headers and body are as described."""
    document: Any = description()
    promised = document["paths"][path][method]["responses"][str(answer.status_code)]
    assert [answer.content_type] == list(promised["content"])
    schema = promised["content"][answer.content_type]["schema"]
    whole = {**schema, "components": document["components"]}
    checker = Draft202012Validator(whole, format_checker=FormatChecker())
    assert list(checker.iter_errors(answer.get_json())) == []
