"""Commands that are loaded when they are asked for: none waits for what another needs."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click


class Lazy(click.Group):
    """A group that has some commands, and knows where the others are.

    Parameters
    ----------
    elsewhere : by name the module of `api.cli` that holds it, as `command` or by its name there
    """

    def __init__(self, *words: Any, elsewhere: Mapping[str, str], **more: Any) -> None:
        super().__init__(*words, **more)
        self._elsewhere = elsewhere

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names: its own, then the others in the order of the table."""
        return [*super().list_commands(ctx), *self._elsewhere]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command; None for an unknown name."""
        if cmd_name not in self._elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._elsewhere[cmd_name].partition(":")
        command = getattr(importlib.import_module(f"api.cli.{module}"), name or "command")
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name} is not a command")
        return command
