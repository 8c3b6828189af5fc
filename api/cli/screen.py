"""Standard output for people and programs: tables that fit a terminal, whole lines when piped, or JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

NO_LIMIT = 10_000
"""Columns of a pipe: a row stays one line, so that grep and cut can work on it."""
NARROW = 100
_NUMBER = re.compile(r"-|[\d,.]+( %)?")


def prepare() -> None:
    """Make no character a reason to fail: what a terminal's encoding lacks is shown as `?`."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def console() -> Console:
    """Return standard output, as wide as the terminal, or without limit when piped."""
    to_terminal = sys.stdout.isatty()
    return Console(file=sys.stdout, width=None if to_terminal else NO_LIMIT, highlight=False, soft_wrap=False)


def is_narrow() -> bool:
    """Return whether a table must do with few columns."""
    return console().width < NARROW


def say(*lines: str) -> None:
    """Print lines; on a terminal they are folded at words."""
    for line in lines:
        _print(Text(line))


def aside(text: str) -> None:
    """Print a remark on standard error: no part of the result."""
    sys.stderr.write(f"{text}\n")


def heading(text: str) -> None:
    """Print a heading with an empty line before it."""
    _print(Text(f"\n{text}", style="bold"))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns, numbers to the right; the last column takes the room that is left, and folds."""
    grid, lines = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold"), list(rows)
    for at, name in enumerate(columns):
        are_numbers = all(_NUMBER.fullmatch(line[at]) for line in lines)
        grid.add_column(
            name,
            justify="right" if are_numbers else "left",
            no_wrap=at < len(columns) - 1,
            overflow="fold",
        )
    for line in lines:
        grid.add_row(*(Text(one_line(cell)) for cell in line))
    _print(grid)


def _print(what: Text | Table) -> None:
    """Write what the terminal would show; rich itself would end the program when our reader has left."""
    out = console()
    with out.capture() as shown:
        out.print(what)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in shown.get().splitlines()))


def document(content: object) -> None:
    """Print one JSON document."""
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def one_line(text: str) -> str:
    """Return text as one line without control characters: what a cell holds must not drive a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
