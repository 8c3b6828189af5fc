"""An app behind a real server of this process, for as long as a test lasts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from api.serve import Server
from api.settings import Settings

HOST = "127.0.0.1"


@contextmanager
def served(app: Flask, settings: Settings) -> Iterator[tuple[str, int]]:
    """The host and port of the app behind waitress, as `allocator serve` runs it."""
    server, ended = Server(app, settings, HOST, 0), threading.Event()
    thread = threading.Thread(target=server.run, args=(ended,), daemon=True)
    thread.start()
    try:
        yield HOST, server.port
    finally:
        ended.set()
        thread.join()
