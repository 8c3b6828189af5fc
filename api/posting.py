"""Sending one message: to the address that was judged, over TLS to the name that was meant, within its time.

No redirect is followed, no proxy asked, and of the answer nothing is read but its head: a receiver can make
this service wait for some seconds, and no more.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from allocator.store.sending import Letter, Outcome
from api.addresses import PORTS, Refused, addresses_of
from api.messages import headers_of, shown
from api.settings import Settings

CONNECT_SECONDS: Final = 5.0
"""For each address of a receiver, within the whole."""
WHOLE_SECONDS: Final = 20.0
"""From looking up the name to the last word: well within a lease."""


@dataclass(frozen=True)
class Post:
    """One who sends messages.

    Parameters
    ----------
    now : the clock
    whole_seconds : of one message
    """

    settings: Settings
    now: Callable[[], datetime]
    whole_seconds: float = WHOLE_SECONDS

    def __call__(self, letter: Letter) -> Outcome:
        """What came of sending one; it takes no longer than its time, and raises nothing."""
        body = shown(letter.event, self.settings).model_dump_json().encode()
        headers = headers_of(letter.event.event_id, self.now(), body, letter.secrets)
        try:
            return self._sent(letter.webhook.url, body, headers)
        except Refused as error:
            return Outcome(problem=str(error))
        except TimeoutError:
            return Outcome(problem="timed-out")
        except ssl.SSLError:
            return Outcome(problem="tls-failed")
        except (OSError, http.client.HTTPException, ValueError):
            return Outcome(problem="not-reached")

    def _sent(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        is_plain, until = parts.scheme == "http", monotonic() + self.whole_seconds
        each = addresses_of(host, port, self.settings.webhook_networks, is_plain)
        with _line(each, port, None if is_plain else host, until) as line:
            connection = http.client.HTTPConnection(host, port)
            connection.auto_open, connection.sock = 0, line
            where_to = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "POST", where_to, body, {**headers, "Host": parts.netloc, "Connection": "close"}
            )
            return _outcome(connection.getresponse())


def _outcome(answer: http.client.HTTPResponse) -> Outcome:
    """What an answer's head says: taken, or not, and perhaps when to come again."""
    if 200 <= answer.status < 300:
        return Outcome(answer.status)
    later = answer.headers.get("Retry-After", "")
    seconds = float(later) if later.isascii() and later.isdigit() and len(later) < 7 else None
    return Outcome(answer.status, f"answered-{answer.status}", seconds)


@contextmanager
def _line(addresses: Sequence[str], port: int, name: str | None, until: float) -> Iterator[socket.socket]:
    """A connection to the first of some addresses that answers, over TLS to a name; cut when time is over.

    Raises
    ------
    TimeoutError
        Its time was over.
    """
    line, is_over = _reached(addresses, port, until), threading.Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, until - monotonic()), cut)
    timer.daemon = True
    timer.start()
    line.settimeout(None)  # what it was reached with is no limit of an answer: the timer is
    try:
        if name is not None:
            line = _context().wrap_socket(line, server_hostname=name, do_handshake_on_connect=False)
            line.do_handshake()
        yield line
        if is_over.is_set():  # what was read by then looks like the whole
            raise TimeoutError
    except (OSError, http.client.HTTPException) as error:
        if is_over.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        line.close()


def _reached(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    """The first of some addresses that answers.

    Raises
    ------
    OSError
        None does; of the last that was tried, or TimeoutError when the whole time is over.
    """
    problem: OSError = TimeoutError()
    for one in addresses:
        left = until - monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((one, port), min(CONNECT_SECONDS, left))
        except OSError as error:
            problem = error
    raise problem


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    """Whom TLS trusts: the authorities of the machine, `SSL_CERT_FILE` among them, and those shipped."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context
