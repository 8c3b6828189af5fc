"""The app as tests meet it: called directly, and behind its real server on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from tests.serving import served

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def fixed_clock() -> datetime:
    """Noon of the day that the tests' snapshots are of."""
    return NOON


@pytest.fixture(scope="session")
def app() -> Flask:
    """The app with small limits, warmed up."""
    settings = Settings(
        solves=2, workers=2, default_wait=20, longest_wait=60, largest_body=200_000, rate=100_000
    )
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
    with served(app, Settings(solves=2, largest_body=200_000)) as found:
        yield found
