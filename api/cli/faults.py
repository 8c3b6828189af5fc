"""What a command's end means: one exit code, and one way to say each fault, for people or as JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from enum import IntEnum

import click

from allocator.errors import BadInput, Fault, InternalFault, NoPlan, Refused, Unavailable
from api.cli import screen


class Exit(IntEnum):
    """What the exit codes mean."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    STOPPED = 3


def exit_code(command: Callable[[], object], as_json: bool) -> int:
    """Return the exit code of a command, having said its fault if it has one."""
    screen.prepare()
    try:
        ended = _ended(command, as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return Exit.DONE
    return ended


def _ended(command: Callable[[], object], as_json: bool) -> int:
    try:
        returned = command()
        return returned if isinstance(returned, int) else Exit.DONE
    except BadInput as bad:
        return _say_faults(bad.faults, as_json)
    except click.exceptions.Exit as done:  # --help
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as usage:
        click.echo(usage.format_message(), err=True)
        return Exit.BAD_INPUT
    except click.ClickException as usage:
        return _say_usage(usage, as_json)
    except InternalFault as internal:
        return _say(Fault("internal-fault", str(internal)), as_json, Exit.FAILED)
    except (Refused, Unavailable) as trouble:
        return _say(Fault(trouble.code, str(trouble)), as_json, Exit.BAD_INPUT)
    except (NoPlan, KeyboardInterrupt, click.Abort):
        return _say(Fault("stopped", "stopped before there was any plan"), as_json, Exit.STOPPED)
    except BrokenPipeError:
        raise
    except OSError as error:
        fault = Fault("unusable-file", error.strerror or str(error), file=_name(error))
        return _say(fault, as_json, Exit.BAD_INPUT)


def _say_faults(faults: Sequence[Fault], as_json: bool) -> int:
    if as_json:
        screen.document({"faults": [fault.as_dict() for fault in faults]})
    else:
        lines = [screen.one_line(str(fault)) for fault in faults]
        lines.append(
            "1 fault; nothing was done" if len(faults) == 1 else f"{len(faults)} faults; nothing was done"
        )
        click.echo("\n".join(lines), err=True)
    return Exit.BAD_INPUT


def _say_usage(usage: click.ClickException, as_json: bool) -> int:
    if as_json:
        return _say(Fault("usage", usage.format_message()), True, Exit.BAD_INPUT)
    usage.show()
    return Exit.BAD_INPUT


def _say(fault: Fault, as_json: bool, code: Exit) -> int:
    if as_json:
        screen.document({"faults": [fault.as_dict()]})
    else:
        click.echo(str(fault), err=True)
    return code


def _name(error: OSError) -> str | None:
    return os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None


def _close_output() -> None:
    """Whoever read our output has gone (`| head`): let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
