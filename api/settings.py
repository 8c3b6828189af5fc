"""What may be set about the HTTP door, each with its range."""

from __future__ import annotations

import os

from pydantic import BaseModel, ConfigDict, Field

MEGABYTE = 1024 * 1024


def processors() -> int:
    """The number of processors this machine has, at least 1."""
    return os.cpu_count() or 1


class Settings(BaseModel):
    """The limits of one HTTP door.

    Attributes
    ----------
    solves : int, plans being made at once; one more is answered 503
    jobs : int, jobs of the store run at once in this process; 0: `allocator worker` runs them elsewhere
    memory : int, megabytes that one job may hold
    workers : int, the most workers one plan may use; a request for more gets this many
    default_wait : int, seconds a client waits that names no limit of its own
    longest_wait : int, seconds beyond which no client may wait
    largest_body : int, bytes of a request, before and after unpacking
    trusted_hosts : names this door answers to (a web page elsewhere cannot borrow another); empty: any
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    solves: int = Field(default_factory=processors, ge=1, le=256)
    jobs: int = Field(default=1, ge=0, le=256)
    memory: int = Field(default=8192, ge=256)
    workers: int = Field(default_factory=processors, ge=1, le=256)
    default_wait: int = Field(default=30, ge=0, le=3600)
    longest_wait: int = Field(default=300, ge=1, le=3600)
    largest_body: int = Field(default=256 * MEGABYTE, ge=1)
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
