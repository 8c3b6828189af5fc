"""Whole processes: Ctrl-C once, Ctrl-C twice, and a reader that leaves."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import interrupt, main
from tests.api.cli.conftest import QUICK

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[3]
NO_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="no signals between processes on Windows")


@NO_SIGNALS
def test_an_interrupt_gives_the_best_plan_so_far(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a long search: exit 0, with a plan that passes the check."""
    queue, out = tmp_path / "queue", tmp_path / "out"
    assert main(["sample", str(queue), "--cases", "150", "--reviewers", "20", "--load", "1.5"]) == 0
    words = [sys.executable, "-m", "api.cli", "plan", str(queue), "--out", str(out), "--time-limit", "10m"]
    running = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stderr is not None
    assert "gap" in running.stderr.readline()
    assert "gap" in running.stderr.readline()  # seconds later: deep in a solver by now
    running.send_signal(signal.SIGINT)
    told, said = running.communicate(timeout=60)
    assert "the best plan so far follows" in said
    assert running.returncode == 0, said
    assert "How good" in told
    assert main(["check", str(queue), str(out)]) == 0


@NO_SIGNALS
def test_a_second_interrupt_stops_without_a_plan() -> None:
    """Work that does not hear the first Ctrl-C is ended by the second, exit 3."""
    code = (
        "import time; from api.cli.interrupt import cancellable\n"
        "cancellable(lambda cancelled: [print('on', flush=True), time.sleep(60)])"
    )
    words = [sys.executable, "-c", code]
    running = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.readline() == "on\n"
    running.send_signal(signal.SIGINT)
    assert running.stderr.readline() == "\n"
    assert "Ctrl-C again" in running.stderr.readline()
    time.sleep(2 * interrupt.ONE_PRESS_SECONDS)  # or it would be the same Ctrl-C
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) == 3
    running.communicate()


@pytest.mark.parametrize(("later", "ends"), [(0.0, []), (0.9, []), (1.1, [3])])
def test_one_interrupt_that_is_heard_twice_is_one(
    monkeypatch: pytest.MonkeyPatch, later: float, ends: list[int]
) -> None:
    """`timeout -s INT` signals a command and its group, so twice at once: its plan is not to be lost."""
    ended: list[int] = []
    times = [0.0, later * interrupt.ONE_PRESS_SECONDS]
    monkeypatch.setattr(interrupt, "monotonic", iter(times).__next__)
    monkeypatch.setattr("os._exit", ended.append)

    def work(cancelled: Callable[[], bool]) -> bool:
        for _ in times:
            signal.raise_signal(signal.SIGINT)
            time.sleep(0.3)  # the main thread hears it
        return cancelled()

    assert interrupt.cancellable(work)
    assert ended == ends


@NO_SIGNALS
def test_an_interrupt_ends_the_server(tmp_path: Path) -> None:
    """Ctrl-C is how serving ends: exit 0, and no traceback."""
    words = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    mine = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # tests in the background ignore it, and so
    try:  # would what they start
        running = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, mine)
    assert running.stderr is not None
    assert "Listening on http://127.0.0.1:" in running.stderr.readline()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0, said
    assert "Traceback" not in said


@NO_SIGNALS
def test_a_reader_that_leaves_early_is_no_fault(queue: Path) -> None:
    """`allocator plan … | head -1` ends quietly."""
    words = [sys.executable, "-m", "api.cli", "plan", str(queue), *QUICK]
    running = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    said = running.stderr.read()
    assert running.wait(timeout=60) == 0
    assert "Traceback" not in said
    assert "Error" not in said
