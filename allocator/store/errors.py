"""What the store refuses: each with a stable code, the record that it is about, and what to do."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - what was asked for may be right at another moment
    """The store does not do it, and nothing of it was done.

    Parameters
    ----------
    code : stable, kebab-case
    record_id : what it is about
    """

    def __init__(self, code: str, record_id: str, message: str) -> None:
        super().__init__(message)
        self.code, self.record_id, self.message = code, record_id, message


class Unknown(Refused):
    """There is no such record."""


class Conflict(Refused):
    """What is asked for does not fit what is there now."""
