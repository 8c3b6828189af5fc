"""A server for the examples that ask one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from api.app import create_app
from api.settings import Settings
from tests.serving import served


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that is ready, for as long as a test lasts."""
    settings = Settings(solves=1, workers=1, default_wait=20, longest_wait=60)
    app = create_app(settings, lambda: datetime(2026, 6, 1, 12, tzinfo=UTC))
    app.extensions["readiness"].finish(120)
    with served(app, settings) as (host, port):
        yield f"http://{host}:{port}"
