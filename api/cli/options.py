"""The arguments and options that several commands share, each said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from api.cli.values import Day

F = TypeVar("F", bound=Callable[..., object])
Decorator = Callable[[F], F]

A_PATH = click.Path(path_type=Path)
SNAPSHOT = click.argument("snapshot", type=A_PATH)
PLAN = click.argument("plan", type=A_PATH)
POLICY = click.option(
    "--policy", type=A_PATH, metavar="FILE", help="A policy.toml that replaces the snapshot's policy whole."
)
AS_OF = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="The snapshot's moment. [default: its own, else today]",
)
QUARANTINE = click.option(
    "--quarantine", is_flag=True, help="Leave faulty rows out, and whatever refers to them, and say which."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
