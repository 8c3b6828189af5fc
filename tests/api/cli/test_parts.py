"""The command line's parts: what may be typed, what is printed where, and what a Ctrl-C does."""

import _thread
import io
import json
import signal
import threading
import time
from collections.abc import Callable
from datetime import date

import click
import pytest

from allocator.errors import BadInput, Fault, InternalFault, NoPlan
from allocator.plan import Level
from api.cli import faults, interrupt, progress, screen, show
from api.cli.values import Day, Duration, Percent
from solver.outcome import Progress

Capture = pytest.CaptureFixture[str]
TWO = (
    Fault("bad-date", "not a date", file="cases.csv", line=7, column="notified_on", value="1/2/26"),
    Fault("duplicate-id", "stands twice", file="cases.csv", line=9),
)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("2m", 120), ("1h", 3600), ("45", 45), ("0.5", 0.5), (" 1.5M ", 90)]
)
def test_a_duration_has_a_unit_or_is_seconds(text: str, seconds: float) -> None:
    """`30s`, `2m`, `1h` and plain seconds are read, whatever the case."""
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "0", "-3", "2d", "1h30m", "nan", "inf", "25h", "٣s"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    """The message shows what would be right."""
    with pytest.raises(click.BadParameter, match="such as 30s, 2m or 1h"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize(("text", "percent"), [("1", 1), ("1%", 1), ("2.5 %", 2.5), ("0", 0), ("100", 100)])
def test_a_percentage_may_have_its_sign(text: str, percent: float) -> None:
    """`1` and `1%` are the same."""
    assert Percent().convert(text, None, None) == percent


@pytest.mark.parametrize("text", ["", "-1", "101", "one", "nan", "1%%"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    """The message names the range."""
    with pytest.raises(click.BadParameter, match="from 0 to 100"):
        Percent().convert(text, None, None)


def test_a_date_is_year_month_day() -> None:
    """A date is read as the files write it, and nothing else is guessed at."""
    assert Day().convert("2026-02-28", None, None) == date(2026, 2, 28)
    for text in ("2026-02-29", "28/02/2026", "20260228", "today"):
        with pytest.raises(click.BadParameter, match="no date such as 2026-09-14"):
            Day().convert(text, None, None)


def _raise(error: BaseException) -> Callable[[], object]:
    def command() -> object:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput(TWO), 2),
        (click.UsageError("no such option"), 2),
        (OSError(28, "No space left on device", "out/plan.json"), 2),
        (InternalFault("0" * 64, ["conflict: C1: breach"]), 1),
        (NoPlan(), 3),
        (KeyboardInterrupt(), 3),
        (click.Abort(), 3),
    ],
)
def test_each_end_has_its_exit_code_in_text_and_in_json(
    error: BaseException, code: int, capsys: Capture
) -> None:
    """Faults are told on standard error, or as one JSON document on standard output."""
    assert faults.exit_code(_raise(error), as_json=False) == code
    text = capsys.readouterr()
    assert text.out == ""
    assert text.err.strip()
    assert faults.exit_code(_raise(error), as_json=True) == code
    document = capsys.readouterr()
    assert json.loads(document.out)["faults"][0]["code"]
    assert document.err == ""


def test_faults_stand_one_a_line_with_the_count_last(capsys: Capture) -> None:
    """A coordinator sees each place to mend, and how many there are."""
    faults.exit_code(_raise(BadInput(TWO)), as_json=False)
    assert capsys.readouterr().err.splitlines() == [
        "cases.csv line 7, column notified_on: not a date (value '1/2/26')",
        "cases.csv line 9: stands twice",
        "2 faults; nothing was done",
    ]


def test_an_internal_fault_names_the_digest_of_its_input(capsys: Capture) -> None:
    """What failed its own check can be found again."""
    faults.exit_code(_raise(InternalFault("ab" * 32, ["capacity: R1: over"])), as_json=False)
    assert "ab" * 32 in capsys.readouterr().err


def test_an_error_of_ours_is_not_hidden() -> None:
    """What nobody foresaw keeps its traceback."""
    with pytest.raises(ZeroDivisionError):
        faults.exit_code(_raise(ZeroDivisionError()), as_json=False)


def test_a_cell_cannot_drive_the_terminal() -> None:
    """Control characters in input are not printed."""
    assert screen.one_line("a\x1b[31m\nb") == "a [31m b"


def test_a_piped_table_has_one_line_a_row(capsys: Capture) -> None:
    """However long a reason is, grep finds the whole row."""
    screen.table(["case", "reason"], [["C1", "because " * 60], ["C2", "x"]])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("C1")
    assert "\x1b" not in "".join(lines)


def _news(seconds: float, level: int = 0, value: int = 110, bound: int = 100) -> Progress:
    return Progress(seconds, level, (value,) * 3, (bound,) * 3, (90,) * 3, "greedy", 3, 4)


def test_progress_says_level_value_bound_and_gap() -> None:
    """What is proved so far is told in one sentence."""
    assert progress.sentence(_news(1, level=1)) == "late: 110, bound 100, gap 50.0 %"
    assert progress.sentence(_news(1, value=progress.UNKNOWN)) == "unallocated: no plan yet, bound 100"


def test_without_a_terminal_a_line_comes_every_few_seconds(capsys: Capture) -> None:
    """A log is not flooded, and another level is told at once."""
    with progress.shown(30) as listener:
        for news in (
            _news(0.1),
            _news(0.2),
            _news(2.9),
            _news(3.2),
            _news(3.3, level=1),
            _news(3.4, level=1),
        ):
            listener(news)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0:3] for line in lines] == [
        ["0", "s", "unallocated:"],
        ["3", "s", "unallocated:"],
        ["3", "s", "late:"],
    ]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_shows_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar carries the sentence, and is gone at the end."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress.shown(10) as listener:
        listener(_news(5))
    assert "unallocated: 110, bound 100" in terminal.getvalue()


def _until(asked: Callable[[], bool]) -> str:
    deadline = time.monotonic() + 20
    while not asked() and time.monotonic() < deadline:
        time.sleep(0.01)
    return "cancelled" if asked() else "never asked"


def test_the_first_interrupt_asks_for_the_best_so_far(capsys: Capture) -> None:
    """Ctrl-C sets the flag and the work's own result comes back; the handler is then as before."""
    before = signal.getsignal(signal.SIGINT)
    threading.Timer(0.2, _thread.interrupt_main).start()
    assert interrupt.cancellable(_until) == "cancelled"
    assert "the best plan so far follows" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_what_the_work_raises_is_raised() -> None:
    """A fault found while planning is not lost in the thread beside."""
    with pytest.raises(NoPlan):
        interrupt.cancellable(lambda _: _raise(NoPlan())())


def test_work_outside_the_main_thread_keeps_the_handler() -> None:
    """Only the main thread may set a handler; elsewhere the work just runs."""
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(interrupt.cancellable(lambda _: 7)))
    thread.start()
    thread.join()
    assert results == [7]


def test_points_that_might_be_avoided_are_not_said_to_be_unavoidable() -> None:
    """A bound that is the fixed part alone says "no plan could avoid it" only of a value that meets it."""
    level = Level(
        value=90, fixed=40, bound=40, gap=1.0, proof="best_found", bounded_by="fixed", certified_bound=None
    )
    met = level.model_copy(update={"value": 40, "gap": 0.0, "proof": "optimal"})
    assert show.level("late", level)[-1] == "best found (nothing is proved beyond what no plan could avoid)"
    assert show.level("late", met)[-1] == "proved best (no plan could avoid it)"
