"""Receivers of webhooks to test with, over real connections: good ones, and each kind of bad."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import parse_headers
from io import BytesIO


@dataclass(frozen=True)
class Got:
    """A message that came."""

    target: str
    headers: Message
    body: bytes


Answer = Callable[[socket.socket, Got], None]


@dataclass
class Receiver:
    """One that listens on this machine.

    Parameters
    ----------
    answer : what it does with a message
    got : those that came
    """

    answer: Answer
    port: int = 0
    got: list[Got] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Where it listens."""
        return f"{scheme}://{host}:{self.port}/hook?from=here"


@contextmanager
def receiving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver, for as long as it is needed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Receiver(answer, server.getsockname()[1])
        server.settimeout(0.1)
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, found, ended, context), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join()


def says(status: int, *headers: str) -> Answer:
    """Answer with a status, and with nothing else."""
    head = "\r\n".join([f"HTTP/1.1 {status} Said", *headers, "Content-Length: 0", "", ""])
    return lambda line, got: line.sendall(head.encode())


def cuts(line: socket.socket, got: Got) -> None:
    """Take the message and hang up before it is answered."""
    line.close()


def drips(line: socket.socket, got: Got) -> None:
    """Answer a letter at a time, for ever."""
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        line.sendall(b"x")
        time.sleep(0.05)


def floods(line: socket.socket, got: Got) -> None:
    """Answer with a head, and then with a body without end."""
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b"x" * 65_536)


def _serve(
    server: socket.socket, receiver: Receiver, ended: threading.Event, context: ssl.SSLContext | None
) -> None:
    while not ended.is_set():
        try:
            line, _ = server.accept()
        except TimeoutError:
            continue
        with suppress(OSError), line:
            line.settimeout(5)
            talk = context.wrap_socket(line, server_side=True) if context else line
            with talk:
                got = _read(talk)
                receiver.got.append(got)
                receiver.answer(talk, got)


def _read(line: socket.socket) -> Got:
    sent = b""
    while b"\r\n\r\n" not in sent:
        sent += line.recv(65_536)
    head, _, body = sent.partition(b"\r\n\r\n")
    first, _, rest = head.partition(b"\r\n")
    headers = parse_headers(BytesIO(rest + b"\r\n\r\n"))
    while len(body) < int(headers["Content-Length"]):
        body += line.recv(65_536)
    return Got(first.split()[1].decode(), headers, body)
