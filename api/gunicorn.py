"""How gunicorn runs the service: `gunicorn --config python:api.gunicorn`.

Its own options on the command line go first, such as `--workers 4 --bind 0.0.0.0:8000`. It is no server for
Windows; `allocator serve` is. Modules of the service are imported only once gunicorn calls: counts of several
processes are kept in a folder, which must be known before the first of them is made.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from typing import Any

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
os.environ.setdefault(FOLDER, tempfile.mkdtemp(prefix="allocator-metrics-"))

bind = "127.0.0.1:8000"
wsgi_app = "api.wsgi:application()"
worker_class = "api.gunicorn_worker.Worker"
workers = os.cpu_count() or 1
threads = 8
timeout = 330
"""Beyond the longest that a client may wait for a plan."""
graceful_timeout = 30
limit_request_line = 8190
limit_request_fields = 100


def on_starting(_: Any) -> None:
    """Nothing; the store is there and of this version, before any worker looks at it."""
    wsgi, store = importlib.import_module("api.wsgi"), importlib.import_module("allocator.store")
    database = store.Database(os.environ.get(wsgi.DATABASE_URL, wsgi.DEFAULT_URL))
    importlib.import_module("allocator.store.schema").upgrade(database)
    database.engine.dispose()


def child_exit(_: Any, worker: Any) -> None:
    """Nothing; what a worker that is gone had in hand is counted no more."""
    importlib.import_module("prometheus_client.multiprocess").mark_process_dead(worker.pid)
