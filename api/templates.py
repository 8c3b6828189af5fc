"""Calls for files to fill in: what stands in each table, and an example of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from allocator.intake.specs import TABLES
from allocator.intake.templates import csv_template, guide, is_needed, xlsx_template
from api.calls import Call, Reply, Route, not_there
from api.downloads import download, media
from api.roles import EVERYONE
from api.stored import Body


class TemplateColumn(Body):
    """One column of a table."""

    name: str
    required: bool
    says: str = Field(description="What a cell may hold")
    meaning: str
    example: str = Field(description="A cell as it is typed; empty where there is none")


class Template(Body):
    """One table as it is filled in."""

    table: str
    required: bool = Field(description="No plan is made without it")
    columns: tuple[TemplateColumn, ...]


class Templates(Body):
    """Every table as it is filled in."""

    items: tuple[Template, ...]


class AsWorkbook(BaseModel):
    """As what the tables are wanted."""

    model_config = ConfigDict(frozen=True)

    format: Literal["json", "xlsx"] = Field(default="json", description="a workbook to fill in, or JSON")


class AsFile(BaseModel):
    """As what the table is wanted."""

    model_config = ConfigDict(frozen=True)

    format: Literal["json", "csv"] = Field(default="json", description="a file to fill in, or JSON")


def routes() -> tuple[Route, ...]:
    """The calls."""
    return (
        Route("GET", "/v1/templates", "templates", "All tables to fill in, with an example of each", EVERYONE,
              _all, Templates, query=AsWorkbook, files=media("xlsx")),
        Route("GET", "/v1/templates/{table}", "template", "One table to fill in, with an example", EVERYONE,
              _one, Template, query=AsFile, files=media("csv")),
    )  # fmt: skip


def _all(call: Call) -> Reply:
    answer = Templates(items=tuple(map(_template, TABLES)))
    asked: AsWorkbook = call.query
    return Reply(answer) if asked.format == "json" else download(answer, xlsx_template(), "xlsx", "snapshot")


def _one(call: Call) -> Reply:
    table = call.path["table"]
    if table not in TABLES:
        raise not_there("templates", table)
    answer, asked = _template(table), call.query
    return Reply(answer) if asked.format == "json" else download(answer, csv_template(table), "csv", table)


def _template(table: str) -> Template:
    columns = tuple(
        TemplateColumn(
            name=one.name,
            required=one.is_required,
            says=one.says,
            meaning=one.meaning,
            example=one.example,
        )
        for one in guide(table)
    )
    return Template(table=table, required=is_needed(table), columns=columns)
