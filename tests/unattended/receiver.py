"""Who events are sent to: takes most of them, and of the rest some were taken but not answered."""

from __future__ import annotations

import json
import random
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """A webhook's other end.

    Parameters
    ----------
    faults : the share of messages that are refused, and the share that are taken and not answered
    """

    def __init__(self, rng: random.Random, faults: float = 0.03) -> None:
        self.taken: dict[str, list[int]] = defaultdict(list)
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Take a message, or not."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer._lock:
                    luck = rng.random()
                    if luck >= faults:
                        told = json.loads(body)
                        outer.taken[told["subject"]].append(int(told["sequence"]))
                if luck < faults:
                    self.send_response(500)
                    self.end_headers()
                elif luck > 1 - faults:
                    self.connection.close()
                else:
                    self.send_response(204)
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/events"

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
