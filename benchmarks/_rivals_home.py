"""The rivals' own Python environment, `.venv-rivals`: made, and added to, when a rival is first asked for."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV, GROUP = ROOT / ".venv-rivals", "rivals"
STARTING_SECONDS = 300


def python() -> Path:
    """Return the environment's Python."""
    return VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def why_without(*packages: str) -> str | None:
    """Return in one line why some rivals cannot be had here; None if they can: then they are installed."""
    if python().exists():
        there = quietly([str(python()), "-c", f"import {', '.join(packages)}"], STARTING_SECONDS)
        if not there.returncode:
            return None
    return _install(packages)


def _install(packages: Sequence[str]) -> str | None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    pins = [pin for pin in groups[GROUP] if re.split(r"\W", pin)[0] in packages]
    print(f"Making {VENV.name} (once) ...", file=sys.stderr, flush=True)
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    for command in ([sys.executable, "-m", "venv", str(VENV)], [str(python()), *pip, *pins]):
        done = quietly(command)
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            return f"could not install {', '.join(pins)} ({' '.join(lines[-1:])})"
    return None


def quietly(
    command: list[str], seconds: float | None = None, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Return what came of a command that is given a text, after so many seconds at the most."""
    try:
        return subprocess.run(
            command, input=text, capture_output=True, text=True, errors="replace", timeout=seconds, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"it did not end within {seconds:.0f} s")
