"""The log: a line of JSON for each thing that happens, or a plain one; never what somebody sent."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

Form = Literal["json", "plain"]


def configure(form: Form, stream: TextIO | None = None) -> None:
    """Nothing; all that is logged in this process goes to one stream (standard error), in one form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(form))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def formatter(form: Form) -> logging.Formatter:
    """What makes a line of a record and of all that was given beside its name."""
    render = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _places, render],
    )


def _places(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An error as its type and places: its message could quote a case."""
    found = event.pop("exc_info", None)
    if isinstance(found, tuple) and found[1] is not None:
        event["error"] = type(found[1]).__name__
        event["places"] = places_of(found[1])
    return event


def places_of(error: BaseException) -> list[str]:
    """Where an error was raised, the innermost three places."""
    return [f"{one.filename}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)][-3:]
