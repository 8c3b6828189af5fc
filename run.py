"""Everything a newcomer runs, with nothing but Python: `python3 run.py demo`.

Makes `.venv` beside this file, installs the hashed lock into it, and runs the command there. Uses the
standard library only, and no syntax newer than Python 3.7, so that an older Python gets a sentence and not a
traceback. pip's own configuration (mirrors, proxies, certificates) is left as it is.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
KERNELS = ("plunge", "others")  # solver.warm's shares: each takes about half the time of both
TYPED = ["solver", "allocator", "scenarios", "api", "benchmarks", "tools", "run.py"]
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "--strict", *TYPED],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
}
USAGE = """python3 run.py COMMAND
  demo               plan a ready-made queue and print the plan
  test [PYTEST …]    run the tests (--thorough: as CI does; --slow: the long ones too; --cov: with coverage)
  serve [--port N]   answer HTTP on this machine
  bench [NAME …]     measure, and print the figures
  pages [NAME …]     take a picture of every page, into docs/pages (needs a chromium)
  check              linters, types and imports
  check --platforms  ask pip for wheels of every pin, on every platform"""


class Stop(Exception):  # noqa: N818 - it is no error of ours
    """One line to print instead of going on."""


def main(arguments: list[str]) -> int:
    """Return the exit code of one command."""
    commands = {
        "demo": _demo,
        "test": _test,
        "serve": _serve,
        "bench": _bench,
        "pages": _pages,
        "check": _check,
    }
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        print(USAGE)
        return 0
    if not arguments or arguments[0] not in commands:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        refuse_other_pythons(sys.version_info[:2])
        return commands[arguments[0]](arguments[1:])
    except Stop as stop:
        print(f"run.py: {stop}", file=sys.stderr)
        return 1


def refuse_other_pythons(version: tuple[int, ...]) -> None:
    """Raise Stop unless this Python is one that every locked package has a wheel for."""
    if not OLDEST <= version <= NEWEST:
        found = ".".join(str(part) for part in version)
        raise Stop(f"needs Python 3.11, 3.12 or 3.13, and this is {found}; try python3.12 run.py")


def _demo(arguments: list[str]) -> int:
    prepare([RUNTIME])
    compile_search()
    return run_inside(["-m", "api.cli", "demo", *arguments])


def _serve(arguments: list[str]) -> int:
    prepare([RUNTIME])
    compile_search()
    return run_inside(["-m", "api.cli", "serve", *arguments])


def _bench(arguments: list[str]) -> int:
    prepare([RUNTIME])
    compile_search()
    return run_inside(["-m", "benchmarks", *arguments])


def _pages(arguments: list[str]) -> int:
    prepare([RUNTIME, DEVELOPMENT])
    compile_search()
    return run_inside(["-m", "tools.pages", *arguments])


def _test(arguments: list[str]) -> int:
    prepare([RUNTIME, DEVELOPMENT])
    compile_search()
    return run_inside(["-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments])


def _check(arguments: list[str]) -> int:
    if arguments not in ([], ["--platforms"]):
        print(USAGE, file=sys.stderr)
        return 2
    prepare([RUNTIME, DEVELOPMENT])
    if arguments:
        return run_inside(["-m", "tools.platforms", DEVELOPMENT])
    return max([_check_one(name, command) for name, command in CHECKS.items()])


def _check_one(name: str, command: list[str]) -> int:
    started = time.monotonic()
    done = subprocess.run(
        [str(python_of(VENV)), *command],
        cwd=ROOT,
        env={**environment(), "PYTHONIOENCODING": "utf-8"},
        text=True,
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    word = "ok  " if done.returncode == 0 else "FAIL"
    print(f"{word} {name} ({time.monotonic() - started:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout.rstrip(), flush=True)
    return 1 if done.returncode else 0


def prepare(locks: list[str]) -> None:
    """Make `.venv`, mend it if it is half made, and install each lock that is not yet in it.

    Raises
    ------
    Stop
        When the environment cannot be made or a package cannot be had.
    """
    half_made = VENV / "half-made"
    try:
        if half_made.exists() or not _fits():
            _make(half_made)
        missing = [lock for lock in locks if _stamp(lock) != _fingerprint(lock)]
        for lock in missing:
            half_made.touch()
            _install(lock)
            (VENV / f"installed-{lock}").write_text(_fingerprint(lock), encoding="ascii")
        half_made.unlink(missing_ok=True)
        _link_project()
    except OSError as error:
        raise Stop(f"cannot make {VENV}: {error}; delete that folder, and run this again") from error


def compile_search() -> None:
    """Compile the solver's kernels, once for these very sources: it takes longer than installing.

    Raises
    ------
    Stop
        When that fails.
    """
    sources = sorted((ROOT / "solver").glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    done = VENV / "compiled"
    if not sources or (done.exists() and done.read_text(encoding="ascii") == digest):
        return
    print("Compiling the search (once) ...", file=sys.stderr, flush=True)
    shares = [[str(python_of(VENV)), "-m", "solver.warm", share] for share in KERNELS]
    _quietly("could not compile the search", *shares)
    done.write_text(digest, encoding="ascii")


def _fits() -> bool:
    """Return whether `.venv` has a Python of this very version that can be run."""
    settings = VENV / "pyvenv.cfg"
    if not (settings.exists() and python_of(VENV).exists()):
        return False
    version = ".".join(str(part) for part in sys.version_info[:2])
    return f" = {version}." in settings.read_text(encoding="utf-8")


def _make(half_made: Path) -> None:
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Stop(f"this Python has no {module} module; on Debian or Ubuntu: apt install python3-venv")
    print("Making .venv (once; about half a minute) ...", file=sys.stderr, flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    half_made.touch()  # stands until all is installed: if we are stopped, the next run starts afresh
    _quietly("cannot make .venv", [sys.executable, "-m", "venv", str(VENV)])


def _install(lock: str) -> None:
    print(f"Installing {lock} ...", file=sys.stderr, flush=True)
    pip = [str(python_of(VENV)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Every pin is named with its hashes, so nothing is left to resolve. Without --no-compile the whole of
    # every package is compiled, which takes as long as fetching it; Python compiles what it imports.
    pip += ["--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes", "-r", str(ROOT / lock)]
    _quietly(f"could not install {lock}; is there a network, or a mirror in pip's own settings?", pip)


def _quietly(fault: str, *commands: list[str]) -> None:
    """Run commands beside each other, and raise Stop with the last complaint of one that fails."""
    running = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            text=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for command in commands
    ]
    for child, told in [(child, child.communicate()[0]) for child in running]:
        if child.returncode:
            lines = [line.strip() for line in told.splitlines() if line.strip()]
            errors = [line for line in lines if line.startswith("ERROR")] or lines or ["no reason given"]
            raise Stop(f"{fault} (it said: {errors[-1]})")


def _link_project() -> None:
    """Let the environment import the packages beside this file, and offer `allocator` as a command."""
    packages = _packages_of(VENV)
    _write(packages / "allocator-project.pth", f"{ROOT}\n")
    if os.name == "nt":
        _write(VENV / "Scripts" / "allocator.cmd", f'@"{python_of(VENV)}" -m api.cli %*\n')
        return
    script = VENV / "bin" / "allocator"
    _write(script, f'#!/bin/sh\nexec "{python_of(VENV)}" -m api.cli "$@"\n')
    script.chmod(0o755)


def _packages_of(venv: Path) -> Path:
    if os.name == "nt":
        return venv / "Lib" / "site-packages"
    return venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="locale") != text:
        path.write_text(text, encoding="locale")  # the encoding in which Python reads .pth files


def _stamp(lock: str) -> str:
    path = VENV / f"installed-{lock}"
    return path.read_text(encoding="ascii") if path.exists() else ""


def _fingerprint(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def python_of(venv: Path) -> Path:
    """Return the path of an environment's Python."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def environment() -> dict[str, str]:
    """Return the environment of a command: as it is here, but byte code goes to `.venv`.

    A machine that forbids byte code wants no litter beside the sources; here there is none, and a start
    without byte code takes a second longer every time.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(VENV / "pycache")}


def run_inside(arguments: list[str]) -> int:
    """Return the exit code of the environment's Python run on `arguments` from this folder."""
    child = subprocess.Popen([str(python_of(VENV)), *arguments], cwd=ROOT, env=environment())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the child got it too, and decides what a Ctrl-C means


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
