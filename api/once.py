"""Calls that are done once, however often they are sent: by the key that they are sent under."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from allocator.store import Connection, repeats
from allocator.store.repeats import Answered, hash_of
from api.errors import Refusal
from api.files import Files

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Repeat:
    """A call that is done once, however often it is sent.

    Parameters
    ----------
    key : under which it is sent
    asked : tells it from any other call
    """

    actor: str
    key: str
    asked: str

    @staticmethod
    def of(actor: str, key: str | None, asked: bytes, body: Any) -> Repeat | None:
        """A call as one that is done once; None: it has no key, and is done as often as it is sent.

        Raises
        ------
        Refusal
            400: its key is none.
        """
        if key is None:
            return None
        if not _KEY.fullmatch(key):
            raise Refusal(400, "bad-idempotency-key", "Idempotency-Key: 1 to 255 visible ASCII characters.")
        text = json.dumps(body, sort_keys=True, default=Files.told).encode()
        return Repeat(actor, key, hash_of(asked, text))

    def answered(self, connection: Connection) -> Answered | None:
        """What it was answered when it was done; None: it was not done yet.

        Raises
        ------
        Refusal
            422: another call was sent under its key.
        """
        before = repeats.answered(connection, self.actor, self.key)
        if before is not None and before.request_hash != self.asked:
            detail = "This Idempotency-Key was sent with another call; use a new one for each."
            raise Refusal(422, "idempotency-key-reused", detail)
        return before
