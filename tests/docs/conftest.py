"""A server for the examples that ask one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from api.app import create_app
from api.serve import make_server
from api.settings import Settings


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that is ready, for as long as a test lasts."""
    settings = Settings(solves=1, workers=1, default_wait=20, longest_wait=60)
    app = create_app(settings, lambda: datetime(2026, 6, 1, 12, tzinfo=UTC))
    app.extensions["readiness"].finish(120)
    serving = make_server(app, settings, "127.0.0.1", 0)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    yield f"http://{serving.effective_host}:{serving.effective_port}"
    serving.close()
    thread.join()
