"""A made-up case system: what it says of each case, version by version, and how it sends it."""

from __future__ import annotations

import itertools
import json
import random
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPException, HTTPResponse
from typing import Any, Final

FIRST: Final = date(2026, 6, 1)
REVIEWERS: Final = 12
ORGANISATIONS: Final = ("RAA", "RBB", "RCC", "RDD")
PATIENCE: Final = 400
"""So often a message is sent until it is answered."""


@dataclass(frozen=True)
class Message:
    """What the case system says of a case, as its version of it."""

    case_id: str
    version: int
    body: dict[str, Any]


def setting() -> dict[str, list[dict[str, Any]]]:
    """The areas, people and organisations that are there before any case."""
    return {
        "areas": [{"area": "QAA", "neighbours": ["QBB"]}, {"area": "QBB", "neighbours": ["QAA"]}],
        "organisations": [{"organisation": name} for name in ORGANISATIONS],
        "reviewers": [
            {
                "reviewer_id": f"R{at:02d}",
                "areas": ["QAA" if at % 2 else "QBB"],
                "hours_per_week": 20,
                "skills": ["senior"],
                "organisations": [ORGANISATIONS[at % 4]],
            }
            for at in range(REVIEWERS)
        ],
    }


def histories(rng: random.Random, messages: int) -> list[Message]:
    """So many messages: of each case one to five versions, corrected as they come, some of them ended."""
    found: list[Message] = []
    for number in itertools.count():
        if len(found) >= messages:
            break
        case_id = f"C{number:06d}"
        body: dict[str, Any] = {
            "area": rng.choice(("QAA", "QBB")),
            "notified_on": (FIRST + timedelta(days=rng.randrange(150))).isoformat(),
            "review_type": rng.choice(("initial", "initial", "initial", "focused")),
            "organisations": rng.sample(ORGANISATIONS, rng.randrange(3)),
        }
        for version in range(1, min(rng.randrange(1, 6), messages - len(found)) + 1):
            found.append(Message(case_id, version, dict(body)))
            body |= rng.choice(
                (
                    {"notified_on": (FIRST + timedelta(days=rng.randrange(150))).isoformat()},
                    {"priority": rng.randrange(1, 9)},
                    {"review_type": rng.choice(("initial", "focused"))},
                    {"organisations": rng.sample(ORGANISATIONS, 2)},
                    {"state": "closed_without_review"} if rng.random() < 0.2 else {"priority": 9},
                )
            )
    return found


def stream(rng: random.Random, messages: Sequence[Message]) -> list[Message]:
    """The same as they arrive: each at least once, some again and again, and in any order."""
    again = [one for one in messages for _ in range(rng.choice((0, 0, 0, 1, 2)))]
    sent = [*messages, *again]
    rng.shuffle(sent)
    return sent


class Client:
    """Sends what the case system says, over connections that break.

    Parameters
    ----------
    cuts : the share of calls that are cut before, and the share cut after they were answered
    """

    def __init__(self, address: tuple[str, int], key: str, rng: random.Random, cuts: float = 0.05) -> None:
        self.address, self.key, self.rng, self.cuts = address, key, rng, cuts
        self.cut = 0

    def put(self, message: Message) -> int:
        """The status of the answer that a message got in the end, however often it was sent."""
        body = json.dumps(message.body | {"source_version": message.version}).encode()
        for _ in range(PATIENCE):
            try:
                status = self._sent("PUT", f"/v1/cases/{message.case_id}", body)
            except (OSError, HTTPException):
                self.wait()
                continue
            if status not in (429, 500, 503):
                return status
            self.turned_away()
            self.wait()
        raise AssertionError(f"nobody answers for {message}")

    def turned_away(self) -> None:
        """What is done when the service says that it cannot take a message now."""

    def wait(self) -> None:
        """What is done until the service can be asked again; see `world.World`."""

    def _sent(self, method: str, path: str, body: bytes) -> int:
        luck = self.rng.random()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.address[0]}\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode()
        with socket.create_connection(self.address, timeout=30) as connection:
            if luck < self.cuts:
                self.cut += 1
                connection.sendall((head + body)[: self.rng.randrange(1, len(head) + len(body))])
                raise OSError("cut before it was sent")
            connection.sendall(head + body)
            if luck > 1 - self.cuts:
                self.cut += 1
                raise OSError("cut before it was answered")
            answer = HTTPResponse(connection)
            answer.begin()
            answer.read()
            return answer.status
