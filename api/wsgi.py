"""The service as an application for a WSGI server, set up by the environment alone: `api/gunicorn.py`."""

from __future__ import annotations

import os

from flask import Flask

from allocator.store import Database
from api import logs
from api.app import create_app
from api.settings import load

DATABASE_URL = "DATABASE_URL"
DEFAULT_URL = "sqlite:///allocator.db"


def application() -> Flask:
    """The app. It runs no jobs, as each process of a server would run its own: `allocator worker` does.

    Raises
    ------
    BadInput
        With all that is wrong in the environment.
    """
    settings = load()
    logs.configure(settings.log)
    return create_app(settings, database=Database(os.environ.get(DATABASE_URL, DEFAULT_URL)))
