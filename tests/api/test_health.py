"""The readiness follows the warm-up: not begun, under way, failed, done."""

import threading

from flask import Flask

from api import access, errors, openapi
from api.health import Readiness, operations
from api.metrics import Metrics
from tests.api.schema import fits

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


def test_a_process_that_is_not_warm_yet_says_why() -> None:
    """503 with the reason and when to ask again; it lives all the same."""
    app = Flask("cold")
    access.register(app, Metrics(), is_secure=False)
    errors.register(app)
    openapi.register(app, operations(Readiness(lambda: None)))
    answer = app.test_client().get("/health/ready")
    assert answer.get_json()["code"] == "not-ready"
    assert answer.get_json()["detail"] == "The warm-up has not started."
    assert answer.headers["Retry-After"] == "5"
    fits("/health/ready", "get", answer)
    assert app.test_client().get("/health/live").status_code == 200
