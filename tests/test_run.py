"""run.py: from nothing but Python to a working environment, and one clear line when that cannot be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import run
from solver.warm import SHARES

ROOT = Path(__file__).parents[1]
EMPTY_LOCK = "# nothing is needed\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of run.py with locks that need nothing, and a package to run."""
    shutil.copy(ROOT / "run.py", tmp_path / "run.py")
    for lock in (run.RUNTIME, run.DEVELOPMENT):
        (tmp_path / lock).write_text(EMPTY_LOCK, encoding="utf-8")
    (tmp_path / "benchmarks.py").write_text("import sys\nprint('ran', *sys.argv[1:])\n", encoding="utf-8")
    return tmp_path


def _run(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "COV_"))}
    command = [sys.executable, str(checkout / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**kept, **environment})


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


def test_the_environment_is_mended_when_half_made_and_then_only_used(checkout: Path) -> None:
    """Without an index pip's last words stand in one line; the next run starts afresh, later ones do not."""
    pin = f"click==8.1.8 --hash=sha256:{'0' * 64}\n"
    (checkout / run.RUNTIME).write_text(pin, encoding="utf-8")
    failed = _run(checkout, "demo", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert _lines(failed.stderr)[0].startswith("Making .venv")
    last = _lines(failed.stderr)[-1]
    assert last.startswith("run.py: could not install requirements.lock; is there a network")
    assert "click==8.1.8" in last
    assert "Traceback" not in failed.stderr
    assert (checkout / ".venv" / "half-made").exists()

    (checkout / run.RUNTIME).write_text(EMPTY_LOCK, encoding="utf-8")
    first = _run(checkout, "bench", "one")
    assert (first.returncode, first.stdout) == (0, "ran one\n"), first.stderr
    assert "Making .venv" in first.stderr
    assert not (checkout / ".venv" / "half-made").exists()
    assert (checkout / ".venv" / "bin" / "allocator").exists() or os.name == "nt"

    second = _run(checkout, "bench", "two")
    assert (second.returncode, second.stdout, second.stderr) == (0, "ran two\n", "")

    (checkout / run.RUNTIME).write_text("# another lock\n", encoding="utf-8")
    assert _lines(_run(checkout, "bench").stderr) == ["Installing requirements.lock ..."]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_gives_one_line(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Debian's bare Python has no ensurepip; the line names the package that brings it."""
    known = run.importlib.util.find_spec
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None if name == module else known(name))
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    assert run.main(["demo"]) == 1
    assert _lines(capsys.readouterr().err) == [
        f"run.py: this Python has no {module} module; on Debian or Ubuntu: apt install python3-venv"
    ]


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (2, 7), (4, 0)])
def test_other_pythons_are_refused_in_one_line(version: tuple[int, int]) -> None:
    """The line names the versions that work and the one that was found."""
    with pytest.raises(run.Stop, match=rf"needs Python 3\.11, 3\.12 or 3\.13, and this is {version[0]}\."):
        run.refuse_other_pythons(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_the_promised_pythons_are_accepted(version: tuple[int, int]) -> None:
    """3.11 to 3.13 go on."""
    run.refuse_other_pythons(version)


@pytest.mark.parametrize("arguments", [[], ["plan"], ["check", "--platform"]])
def test_an_unknown_command_prints_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is made or installed for a command that is not there."""
    assert run.main(arguments) == 2
    assert "check --platforms" in capsys.readouterr().err


def test_every_command_of_the_usage_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` is not a fault, and names each command."""
    assert run.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(
        f"\n  {name}" in out
        for name in ("demo", "test", "serve", "bench", "pages", "check", "check --platforms")
    )


def test_a_place_that_cannot_be_written_gives_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where `.venv` should be is named, without a traceback."""
    (tmp_path / ".venv").write_text("", encoding="utf-8")
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    assert run.main(["demo"]) == 1
    assert "run.py: cannot make" in capsys.readouterr().err


def test_all_of_the_search_is_compiled() -> None:
    """Each share of the kernels has a process of its own, and none is left to a search's time."""
    assert set(run.KERNELS) == set(SHARES)


def test_byte_code_stays_out_of_the_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that forbids byte code gets none beside the sources, and still a quick start."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = run.environment()
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["PYTHONPYCACHEPREFIX"] == str(run.VENV / "pycache")


def test_ci_calls_the_readmes_commands() -> None:
    """CI runs what a newcomer runs."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 run.py test " in script
    assert "python3 run.py check " in script


@pytest.mark.slow
def test_the_demo_runs_on_a_bare_python(tmp_path: Path) -> None:
    """What a newcomer does first, packages fetched and all: the demo's plan, and a second time at once."""
    for name in ("solver", "allocator", "scenarios", "api"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("run.py", run.RUNTIME, run.DEVELOPMENT):
        shutil.copy(ROOT / name, tmp_path / name)
    for _ in range(2):
        told = subprocess.run(
            [sys.executable, str(tmp_path / "run.py"), "demo"], capture_output=True, text=True
        )
        assert told.returncode == 0, told.stderr
        assert "What to try next" in told.stdout
    assert "Making .venv" not in told.stderr
