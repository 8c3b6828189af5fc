"""Answers that are files: their media types, and what a browser is to call them."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel

from api.calls import Reply

Format = Literal["csv", "xlsx", "html"]
_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}


def media(*formats: Format) -> tuple[str, ...]:
    """The media types of files, as a call is described."""
    return tuple(_TYPES[one].partition(";")[0] for one in formats)


def download(answer: BaseModel, content: bytes, kind: Format, name: str | None = None) -> Reply:
    """An answer as a file, with a name of its own if it has one."""
    named = {} if name is None else {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Reply(answer, headers=named, file=(content, _TYPES[kind]))
