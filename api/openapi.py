"""OpenAPI 3.1 from pydantic models: an operation is data, and names every answer it may give."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from flask import Flask
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, JsonValue
from pydantic.json_schema import models_json_schema

Json = dict[str, JsonValue]
REF = "#/components/schemas/{model}"
JSON = "application/json"
KEY, SESSION = "key", "session"
PATTERNS: Mapping[str, Json] = {
    "If-Match": {"pattern": r'^("[0-9]{1,9}"|\*)$'},
    "Idempotency-Key": {"pattern": r"^[!-~]{1,255}$"},
}
"""What a header that is heeded must look like."""
_IN_BRACES = re.compile(r"{([a-z_]+)}")


@dataclass(frozen=True)
class Answer:
    """One answer an operation may give: what it means, its body's model and its own headers.

    Parameters
    ----------
    files : media types of the files that it may be instead, when one is asked for
    """

    description: str
    model: type[BaseModel]
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class RequestBody:
    """A JSON body: its name in the document and its JSON Schema, whose parts are in `$defs`.

    Parameters
    ----------
    forms : by media type the schema of what may be sent instead
    """

    name: str
    schema: Json
    forms: Mapping[str, Json] = field(default_factory=dict)

    @staticmethod
    @cache
    def of(model: type[BaseModel]) -> RequestBody:
        """The body that a model is."""
        return RequestBody(model.__name__, model.model_json_schema())


@dataclass(frozen=True)
class Example:
    """One call as it may be sent: what stands in its path and query, and its body."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: JsonValue = None


@dataclass(frozen=True)
class Operation:
    """One method at one path.

    Parameters
    ----------
    view : the function Flask calls
    answers : by status; every one the operation may give
    query : model of the query's parameters, each with a default, or None
    body : the JSON body, or None
    headers : request headers that are heeded, each with a sentence
    roles : who may call it, with a key; none: anybody, without one
    optional_roles : who may call it with a key, where anybody may without one
    example : of a call
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    name: str
    summary: str
    view: Callable[..., ResponseReturnValue]
    answers: Mapping[int, Answer]
    query: type[BaseModel] | None = None
    body: RequestBody | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    optional_roles: tuple[str, ...] = ()
    example: Example = field(default_factory=Example)

    @property
    def names(self) -> list[str]:
        """What stands in braces in its path."""
        return _IN_BRACES.findall(self.path)


def register(app: Flask, operations: Iterable[Operation]) -> None:
    """Nothing; the app now serves each operation at its path."""
    for one in operations:
        rule = _IN_BRACES.sub(r"<\1>", one.path)
        app.add_url_rule(rule, one.name, one.view, methods=[one.method])


def document(title: str, version: str, operations: Iterable[Operation]) -> Json:
    """The OpenAPI 3.1 document of these operations."""
    listed = tuple(operations)
    refs, schemas = _schemas(listed)
    paths: Json = {}
    for one in listed:
        item = paths.setdefault(one.path, {})
        assert isinstance(item, dict)
        item[one.method.lower()] = _operation(one, refs)
    info: Json = {"title": title, "version": version}
    components: Json = {"schemas": schemas}
    if any(one.roles for one in listed):
        cookie: Json = {"type": "apiKey", "in": "cookie", "name": "allocator_session"}
        components["securitySchemes"] = {KEY: {"type": "http", "scheme": "bearer"}, SESSION: cookie}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}


Refs = Mapping[type[BaseModel], Json]


def _schemas(operations: tuple[Operation, ...]) -> tuple[Refs, Json]:
    """A reference to each answer's schema, and the schemas of answers and bodies by name."""
    models = dict.fromkeys(a.model for one in operations for a in one.answers.values())
    keys, top = models_json_schema([(model, "serialization") for model in models], ref_template=REF)
    refs = {model: keys[(model, "serialization")] for model in models}
    found: Json = dict(top.get("$defs", {}))
    for one in operations:
        for name, part in (_parts(one.body) if one.body else {}).items():
            if found.setdefault(name, part) != part:
                raise ValueError(f"two schemas are called {name}")
    return refs, found


def _parts(body: RequestBody) -> Json:
    """The body's schema and its parts as components: `Snapshot`, `Snapshot.Case`, …"""
    moved = json.dumps(body.schema).replace('"#/$defs/', f'"{REF.format(model=body.name)}.')
    schema = json.loads(moved)
    parts = {f"{body.name}.{name}": part for name, part in schema.pop("$defs", {}).items()}
    whole = {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
    return {body.name: whole, **parts}


def _operation(one: Operation, refs: Refs) -> Json:
    """The operation object: parameters, body and answers."""
    found: Json = {"operationId": one.name, "summary": one.summary}
    if one.roles:
        found["security"] = [{KEY: []}, {SESSION: []}]
        found["description"] = f"For {', '.join(one.roles)}."
    if one.optional_roles:
        found["security"] = [{}, {KEY: []}, {SESSION: []}]
        found["description"] = f"For anybody, and of what is kept for {', '.join(one.optional_roles)}."
    example = one.example
    if parameters := _in_path(one.names, example) + _query(one.query, example) + _headers(one.headers):
        found["parameters"] = parameters
    if one.body:
        schema: Json = {"$ref": REF.format(model=one.body.name)}
        shown: Json = {} if example.body is None else {"example": example.body}
        forms: Json = {kind: {"schema": form} for kind, form in one.body.forms.items()}
        content: Json = {JSON: {"schema": schema, **shown}, **forms}
        found["requestBody"] = {"required": True, "content": content}
    found["responses"] = {str(status): _answer(a, refs) for status, a in sorted(one.answers.items())}
    return found


def _in_path(names: list[str], example: Example) -> list[JsonValue]:
    """What stands in the path: ids, or numbers of the store's own."""
    schema: Json = {"type": "string", "minLength": 1, "maxLength": 64}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema, **_shown(example.path, name)}
        for name in names
    ]


def _query(model: type[BaseModel] | None, example: Example) -> list[JsonValue]:
    """The query's parameters, one for each field of the model; each may be left out."""
    fields = model.model_json_schema()["properties"] if model else {}
    return [
        {"name": name, "in": "query", "schema": _without_null(part), **_shown(example.query, name)}
        for name, part in fields.items()
    ]


def _shown(example: Mapping[str, str], name: str) -> Json:
    return {"example": example[name]} if name in example else {}


def _without_null(schema: Json) -> Json:
    """The schema without its null: in a query, "not given" is written by leaving it out."""
    options = schema.get("anyOf")
    if not isinstance(options, list):
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**rest, "anyOf": [option for option in options if option != {"type": "null"}]}


def _headers(headers: Mapping[str, str]) -> list[JsonValue]:
    return [
        {
            "name": name,
            "in": "header",
            "description": text,
            "schema": {"type": "string", **PATTERNS.get(name, {})},
        }
        for name, text in headers.items()
    ]


def _answer(answer: Answer, refs: Refs) -> Json:
    """The response object: its sentence, its headers and its body's schema."""
    found: Json = {"description": answer.description}
    if answer.headers:
        found["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in answer.headers.items()
        }
    content: Json = {answer.media_type: {"schema": refs[answer.model]}}
    found["content"] = content | {name: {"schema": {"type": "string"}} for name in answer.files}
    return found
