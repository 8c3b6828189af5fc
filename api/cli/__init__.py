"""The command line: `allocator COMMAND`. Results on standard output, everything else on standard error."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from time import perf_counter

import click

from api.cli import faults
from api.cli.lazy import Lazy

_COMMANDS = {
    "plan": "planning",
    "check": "checking",
    "explain": "explaining",
    "replan": "replanning",
    "handover": "handing",
    "edit": "editing",
    "report": "reporting",
    "diff": "comparing",
    "suggest": "suggesting",
    "next": "upcoming",
    "publish": "publishing",
    "import": "keeping:import_command",
    "key": "keying",
    "invite": "inviting",
    "session": "inviting:sessions",
    "webhook": "hooking",
    "audit": "auditing",
    "backup": "keeping:backup_command",
    "restore": "keeping:restore_command",
    "downgrade": "keeping:downgrade_command",
    "scenario": "whatif",
    "calibrate": "calibrating",
    "serve": "serving",
    "worker": "working",
    "demo": "demonstrating",
    "sample": "sampling",
}
"""Each command and the module that holds it, as `command` or by its name there: loaded when called, as
`check` need not wait for the solver."""


_SELDOM = 100_000, 20, 100
"""When Python looks for garbage that refers to itself: reading makes millions of objects, and none of it."""


@click.group(
    cls=Lazy,
    elsewhere=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def commands() -> None:
    """Allocate cases waiting for review to reviewers, with a plan that anyone can check.

    Exit: 0 done, 1 a check failed, 2 bad input or usage, 3 stopped before any plan.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code of one command."""
    started = perf_counter()
    if arguments is None:  # this process is ours
        gc.set_threshold(*_SELDOM)
    words = list(sys.argv[1:] if arguments is None else arguments)
    return faults.exit_code(lambda: _call(words, started), "--json" in words)


def _call(words: list[str], started: float) -> object:
    """Return what a command returns; click's own `main` would end the program in its own ways."""
    with commands.make_context("allocator", words, obj=started) as context:
        return commands.invoke(context)
