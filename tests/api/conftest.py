"""The app as tests meet it: called directly, and behind its real server on a free port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.serve import make_server
from api.settings import Settings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def fixed_clock() -> datetime:
    """Noon of the day that the tests' snapshots are of."""
    return NOON


@pytest.fixture(scope="session")
def app() -> Flask:
    """The app with small limits, warmed up."""
    settings = Settings(solves=2, workers=2, default_wait=20, longest_wait=60, largest_body=200_000)
    made = create_app(settings, fixed_clock)
    made.extensions["readiness"].finish(120)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who calls the app."""
    return app.test_client()


@pytest.fixture(scope="session")
def live(app: Flask) -> Iterator[tuple[str, int]]:
    """The host and port of the app behind waitress, as `allocator serve` runs it."""
    server = make_server(app, Settings(solves=2, largest_body=200_000), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_host, int(server.effective_port)
    server.close()
    thread.join()
