"""The house: which room may import what, and that it starts on every platform."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parents[1]
PACKAGES = ("solver", "allocator", "scenarios", "api", "benchmarks", "tools")
STARTED = [*(ROOT / name for name in ("solver", "allocator", "scenarios", "api", "tools")), ROOT / "run.py"]
SOURCES = sorted(path for start in STARTED for path in ([start] if start.is_file() else start.rglob("*.py")))
NOT_ON_WINDOWS = {"fcntl", "grp", "pwd", "resource", "termios"}
NO_CALL = {"fork", "forkpty", "getuid", "nice"}


def _modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def _calls_of_os(tree: ast.AST) -> set[str]:
    attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {n.attr for n in attributes if isinstance(n.value, ast.Name) and n.value.id == "os"}


def test_imports_run_one_way() -> None:
    """Every import-linter contract of pyproject.toml is kept."""
    words = [sys.executable, *run.CHECKS["import-linter"]]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_needs_a_unix_at_start(path: Path) -> None:
    """No module imports what Windows lacks, nor calls it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not NOT_ON_WINDOWS.intersection(_modules(tree))
    assert not NO_CALL.intersection(_calls_of_os(tree))


def test_every_package_is_named_in_the_wheel() -> None:
    """The packages that pyproject.toml lists are the folders that are there."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'packages = ["solver", "allocator", "scenarios", "api"]' in text
    assert all((ROOT / name / "__init__.py").exists() for name in PACKAGES)
