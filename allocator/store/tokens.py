"""Secret words: of 256 random bits, shown once and kept as a hash.

One SHA-256 is enough, as nobody can try them all; a hash that is slow on purpose would cost every call a
fifth of a second.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_TEXT = re.compile("([a-z]{3})_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Token:
    """A secret word taken apart.

    Parameters
    ----------
    token_id : what it is called by, which opens nothing
    """

    prefix: str
    token_id: str
    secret: str

    @property
    def text(self) -> str:
        """The whole of it, which opens."""
        return f"{self.prefix}_{self.token_id}_{self.secret}"

    @property
    def hash(self) -> str:
        """What is kept of it."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def opens(self, kept: str) -> bool:
        """Whether it is the one that a hash was kept of; a wrong one takes as long."""
        return hmac.compare_digest(kept, self.hash)

    def derived(self, purpose: str) -> str:
        """Another word that only who knows this one can tell, and that does not give it away."""
        return hmac.new(self.secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def new(prefix: str) -> Token:
    """A new one; the prefix, three letters, tells what it is for."""
    return Token(prefix, secrets.token_hex(6), secrets.token_urlsafe(32))


def read(prefix: str, text: str) -> Token | None:
    """The word in a text; None where it is none of that prefix."""
    found = _TEXT.fullmatch(text)
    return Token(*found.groups()) if found and found[1] == prefix else None
