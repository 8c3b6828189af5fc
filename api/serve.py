"""The HTTP door on waitress: one process, a bounded number of threads, no word of what it runs on."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any

import waitress  # type: ignore[import-untyped,unused-ignore]
from flask import Flask, Response, g
from waitress import wasyncore  # type: ignore[import-untyped,unused-ignore]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped,unused-ignore]
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped,unused-ignore]
from waitress.task import ErrorTask  # type: ignore[import-untyped,unused-ignore]

from allocator.jobs import Keeper, Runner, Runners, Sender
from allocator.store import Database
from allocator.store.sending import Patience
from api import clock, logs
from api.access import HEADERS, request_id
from api.app import create_app
from api.errors import CODES, Problem, problem, problem_answer
from api.posting import Post
from api.settings import LOOPBACK, Settings
from api.work import work

SPARE_THREADS = 4  # so that health and refusals are answered while every slot plans
LOOK_SECONDS, GRACE_SECONDS = 0.1, 30.0
log = logging.getLogger("api.serve")


class _ProblemTask(ErrorTask):  # type: ignore[misc,unused-ignore]
    """Answers what the server refuses by itself (a body too large, a broken header) as a problem too."""

    def execute(self) -> None:
        error = self.request.error
        status = 400 if error.code == HTTPStatus.NOT_IMPLEMENTED else int(error.code)  # it is the client's
        name = request_id(None)
        told = problem(status, CODES.get(status, "http-error"), str(error.body), name)
        answer = self._answer(told)
        headers = HEADERS | dict(answer.headers) | {"X-Request-Id": name}
        body = answer.get_data()
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.response_headers.extend((one, text) for one, text in headers.items() if one != "Content-Length")
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)

    def _answer(self, told: Problem) -> Response:
        """The problem, as the app would answer it: a page for a browser."""
        app: Flask = self.channel.server.flask
        sent = {
            name: text for name in ("Accept", "Cookie") if (text := self.request.headers.get(name.upper()))
        }
        with app.test_request_context(self.request.path or "/", method="POST", headers=sent):
            g.request_id = told.request_id
            return problem_answer(told)


class _ProblemChannel(HTTPChannel):  # type: ignore[misc,unused-ignore]
    error_task_class = _ProblemTask


class Server:
    """waitress at one address, which has begun to listen.

    Parameters
    ----------
    port : int; 0: any free one
    """

    def __init__(self, app: Flask, settings: Settings, host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
        self._server: BaseWSGIServer = waitress.create_server(
            app,
            map=self._sockets,
            host=host,
            port=port,
            ident=None,
            threads=settings.solves + SPARE_THREADS,
            max_request_body_size=settings.largest_body + 1,
            channel_request_lookahead=1,  # so that the app can ask whether the client is still there
            clear_untrusted_proxy_headers=True,
        )
        self._listeners = [one for one in self._sockets.values() if isinstance(one, BaseWSGIServer)]
        for listener in self._listeners:
            listener.channel_class, listener.flask = _ProblemChannel, app

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listeners[0].effective_port)

    def run(self, ended: threading.Event) -> None:
        """Nothing, once it is `ended` and all that had begun is answered, or `GRACE_SECONDS` have passed."""
        while not ended.is_set():
            wasyncore.loop(timeout=LOOK_SECONDS, map=self._sockets, count=1)
        for listener in self._listeners:
            wasyncore.dispatcher.close(listener)
        until = time.monotonic() + GRACE_SECONDS
        while any(map(_is_busy, self._sockets.values())) and time.monotonic() < until:
            wasyncore.loop(timeout=LOOK_SECONDS, map=self._sockets, count=1)
        self._listeners[0].task_dispatcher.shutdown(timeout=LOOK_SECONDS)
        wasyncore.close_all(self._sockets)


def _is_busy(channel: object) -> bool:
    """Whether something came by a connection and is not answered yet, or its answer not sent."""
    return isinstance(channel, HTTPChannel) and bool(channel.requests or channel.total_outbufs_len)


def serve(
    host: str,
    port: int,
    ended: threading.Event,
    settings: Settings | None = None,
    database: Database | None = None,
) -> None:
    """Nothing, once the server has been ended in good order.

    Parameters
    ----------
    host : address to listen at; one that is not this machine's own answers to any host name, unless
        `settings` names those to trust
    port : int, 0 … 65535; 0: any free one
    ended : set by whoever ends it
    database : the store's; None: nothing is kept

    Raises
    ------
    OSError
        When the address is taken or not this machine's.
    """
    chosen = settings or Settings(trusted_hosts=LOOPBACK if is_loopback(host) else ())
    logs.configure(chosen.log)
    runners = None if database is None else runners_of(database, chosen)
    app = create_app(chosen, database=database, wake=runners.wake if runners else lambda: None)
    server = Server(app, chosen, host, port)
    with runners or nullcontext():
        log.info("Listening on http://%s:%d; stop with Ctrl-C.", host, server.port)
        server.run(ended)


def runners_of(database: Database, settings: Settings, jobs: int | None = None) -> Runners:
    """Who works for a store in this process: makes plans, as many at once as the settings say or `jobs`, and
    sends events, and does what is due from time to time. Without jobs nobody.
    """
    count = settings.jobs if jobs is None else jobs
    if count == 0:
        return Runners(())
    runner = Runner(database, clock.now, settings.workers, settings.memory, work)
    patience = Patience(settings.webhook_attempts)
    sender = Sender(database, clock.now, Post(settings, clock.now), patience)
    keeper = Keeper(database, clock.now)
    return Runners([*[runner.run_one] * count, *[sender.run_one] * settings.deliveries, keeper.run_one])


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
