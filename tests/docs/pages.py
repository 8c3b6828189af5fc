"""The pages and their examples: a `console` block holds commands after `$` and the lines they print.

`…` alone on a line stands for any lines, inside a line for any text. All else must be printed as it stands,
in that order. A command may fail only if `$ echo $?` comes next and shows its exit code.
A `python` block that begins with `# NAME.py` is a file that the reader saves before typing along.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from api.cli import main

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"# (\w+\.(?:py|toml))\b")
_ALLOCATOR = '#!/bin/sh\nexec "{python}" -m api.cli "$@"\n'
_PYTHON = '#!/bin/sh\nif [ "$1" = run.py ]; then shift; set -- -m api.cli "$@"; fi\nexec "{python}" "$@"\n'
"""`run.py` makes its own environment, which tests/test_run.py tries; the tests' own Python stands for it."""


@dataclass(frozen=True)
class Example:
    """A command of a page, and the lines that the page says it prints."""

    command: str
    expected: tuple[str, ...]

    def matches(self, printed: str) -> bool:
        """Return whether the lines printed are those of the page."""
        ended = printed if not printed or printed.endswith("\n") else f"{printed}\n"
        return re.fullmatch("".join(_pattern(line) for line in self.expected), ended) is not None


def text_of(page: str) -> str:
    """Return the text of a page, named from the project's root."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    """Return a page's fenced blocks of one kind."""
    return [body for found, body in _BLOCK.findall(text) if found == kind]


def examples(text: str) -> list[Example]:
    """Return the commands of a page's console blocks, in order."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return [Example(command, tuple(expected)) for command, expected in found]


def files(text: str) -> dict[str, str]:
    """Return the files that a page asks its reader to save, by name."""
    named = ((_NAMED.match(body), body) for kind in ("python", "toml") for body in blocks(text, kind))
    return {found[1]: body for found, body in named if found}


def table(text: str, first: str) -> list[dict[str, str]]:
    """Return the rows of the table whose first heading is `first`, by heading."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first} |"))
    heads = _cells(lines[start])
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(heads, _cells(line), strict=True)))
    return rows


def names(cell: str) -> list[str]:
    """Return what stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


class Shell:
    """Runs a page's commands in one folder, with `allocator` and `python3` on its path.

    The first plain `allocator` command of the first page starts a process, as all others of the shell do;
    later ones call what that process calls, which spares two seconds each. What is piped into another command
    is what they printed.

    Parameters
    ----------
    folder : where the commands run
    server : what answers for the address that the pages name, if anything does
    starts : whether an `allocator` command is to start a process at all
    """

    def __init__(self, folder: Path, server: str = ADDRESS, starts: bool = True) -> None:
        self._folder, self._server, self._last = folder, server, 0
        tools = folder / ".tools"
        tools.mkdir()
        for name, script in (("allocator", _ALLOCATOR), ("python3", _PYTHON)):
            (tools / name).write_text(script.format(python=sys.executable), encoding="utf-8")
            (tools / name).chmod(0o755)
        self._environment, self._has_started = _environment(tools), not starts

    @property
    def last_exit(self) -> int:
        """Return the exit code of the last command."""
        return self._last

    def save(self, text: str) -> None:
        """Save a page's files where its commands run."""
        for name, body in files(text).items():
            (self._folder / name).write_text(body, encoding="utf-8")

    def run(self, command: str) -> str:
        """Return what a command prints, its complaints included."""
        if command == "echo $?":
            last, self._last = self._last, 0
            return f"{last}\n"
        first, _, rest = command.partition(" | ")
        if self._has_started and (words := _plain_words(first)):
            if not rest:
                self._called(words, printed := io.StringIO(), printed)
                return printed.getvalue()
            piped, told = io.StringIO(), io.StringIO()
            self._called(words, piped, told)
            return told.getvalue() + self._started(rest, piped.getvalue())
        self._has_started |= command.startswith("allocator ")
        return self._started(command)

    def _started(self, command: str, given: str = "") -> str:
        """Return what a command of the shell prints that reads what it is given."""
        done = subprocess.run(
            ["sh", "-c", command.replace(ADDRESS, self._server)],
            cwd=self._folder,
            env=self._environment,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=300,
        )
        self._last = done.returncode
        return done.stdout

    def _called(self, words: list[str], out: io.StringIO, err: io.StringIO) -> None:
        """Nothing; what a command prints and what it complains of is written, called in this process."""
        with chdir(self._folder), redirect_stdout(out), redirect_stderr(err):
            self._last = main(words)


def _plain_words(command: str) -> list[str]:
    """Return the words after `allocator`, or none if the command needs a shell or serves."""
    if not command.startswith("allocator "):
        return []
    _, *words = shlex.split(command)
    needs_shell = any(sign in command for sign in "|<>&;$*`") or "serve" in words
    return [] if needs_shell else words


def _environment(tools: Path) -> Mapping[str, str]:
    path = os.pathsep.join((str(tools), os.environ.get("PATH", os.defpath)))
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def _pattern(line: str) -> str:
    if line == "…":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in line.split("…")) + r"\n"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
