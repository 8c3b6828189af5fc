"""The readiness follows the warm-up: not begun, under way, failed, done."""

import threading

from api.health import Readiness

SECONDS = 30.0


def test_it_is_not_ready_before_the_warm_up() -> None:
    """And says so in a sentence."""
    assert Readiness(lambda: None).reason == "The warm-up has not started."


def test_it_is_ready_once_the_warm_up_is_done() -> None:
    """While it runs the reason says so; afterwards there is none."""
    may_end = threading.Event()

    def warm() -> None:
        may_end.wait(SECONDS)

    readiness = Readiness(warm)
    readiness.start()
    assert readiness.reason == "The solver is being warmed up."
    may_end.set()
    readiness.finish(SECONDS)
    assert readiness.reason is None


def test_a_failed_warm_up_names_the_kind_of_failure() -> None:
    """A process that cannot plan must get no work."""

    def fail() -> None:
        raise ImportError("no solver")

    readiness = Readiness(fail)
    readiness.start()
    readiness.finish(SECONDS)
    assert readiness.reason == "The warm-up failed: ImportError."
