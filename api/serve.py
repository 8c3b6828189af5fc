"""The HTTP door on waitress: one process, a bounded number of threads, no word of what it runs on."""

from __future__ import annotations

import ipaddress
import logging
import sys
from contextlib import nullcontext

import waitress  # type: ignore[import-untyped,unused-ignore]
from flask import Flask
from waitress.channel import HTTPChannel  # type: ignore[import-untyped,unused-ignore]
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped,unused-ignore]
from waitress.task import ErrorTask  # type: ignore[import-untyped,unused-ignore]

from allocator.jobs import Runner, Runners
from allocator.store import Database
from api import clock
from api.access import HEADERS, request_id
from api.app import create_app
from api.errors import CODES, PROBLEM_JSON, problem_json
from api.settings import Settings

SPARE_THREADS = 4  # so that health and refusals are answered while every slot plans


class _ProblemTask(ErrorTask):  # type: ignore[misc,unused-ignore]
    """Answers what the server refuses by itself (a body too large, a broken header) as a problem too."""

    def execute(self) -> None:
        error = self.request.error
        name = request_id(None)
        text = problem_json(error.code, CODES.get(error.code, "http-error"), str(error.body), name)
        body = text.encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(
            [*HEADERS.items(), ("X-Request-Id", name), ("Content-Type", PROBLEM_JSON)]
        )
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _ProblemChannel(HTTPChannel):  # type: ignore[misc,unused-ignore]
    error_task_class = _ProblemTask


def make_server(app: Flask, settings: Settings, host: str, port: int) -> BaseWSGIServer:
    """A server that listens at `host` and `port` (0: any free one) and waits to be `run()`."""
    sockets: dict[int, object] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        ident=None,
        threads=settings.solves + SPARE_THREADS,
        max_request_body_size=settings.largest_body + 1,
        channel_request_lookahead=1,  # so that the app can ask whether the client is still there
        clear_untrusted_proxy_headers=True,
    )
    for listener in sockets.values():
        if isinstance(listener, BaseWSGIServer):
            listener.channel_class = _ProblemChannel
    return server


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    settings: Settings | None = None,
    database: Database | None = None,
) -> None:
    """Nothing, once the server has been stopped by Ctrl-C.

    Parameters
    ----------
    host : address to listen at; one that is not this machine's own answers to any host name, unless
        `settings` names those to trust
    port : int, 0 … 65535; 0: any free one
    database : the store's; None: nothing is kept

    Raises
    ------
    OSError
        When the address is taken or not this machine's.
    """
    chosen = settings or Settings(trusted_hosts=Settings().trusted_hosts if is_loopback(host) else ())
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    runners = None if database is None else runners_of(database, chosen)
    app = create_app(chosen, database=database, wake=runners.wake if runners else lambda: None)
    server = make_server(app, chosen, host, port)
    with runners or nullcontext():
        server.print_listen("Listening on http://{}:{}; stop with Ctrl-C.")
        server.run()


def runners_of(database: Database, settings: Settings) -> Runners:
    """Who runs the jobs of a store in this process, as many at once as the settings say."""
    runner = Runner(database, clock.now, settings.workers, settings.memory)
    return Runners(runner, settings.jobs)


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
