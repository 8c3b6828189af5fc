"""`allocator key`: keys for those who call the service, made, listed and revoked."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

import click

from allocator.store.callers import Role
from allocator.store.keys import MOST_DAYS, Key, every_key, make_key, revoke, rotate
from api import clock
from api.cli import options, screen
from api.cli.storing import ACTOR, AREAS, DATABASE, REVIEWER, ROLE, opened, where


class _For(TypedDict):
    """Whose a key is, and for how long."""

    reviewer_id: str | None
    days: int


@click.group("key", short_help="Make, list and revoke keys for HTTP.")
def command() -> None:
    """Keys of those who call the service: each for one role, some areas, and a time."""


@command.command("make")
@ROLE
@AREAS
@REVIEWER
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=90, show_default=True, help="For how long."
)
@DATABASE
@options.JSON
def make(role: str, areas: tuple[str, ...], database: str, as_json: bool, **more: Unpack[_For]) -> None:
    """Make a key, and show it this once: it is kept as a hash alone."""
    store = opened(database)
    with store.write(ACTOR, clock.now) as tx:
        key, text = make_key(tx, Role(role), tuple(area.upper() for area in areas), **more)
    if as_json:
        screen.document({"key": text, **_told(key)})
    else:
        screen.say(text, f"for {where(key.caller)}, until {key.expires_at:%Y-%m-%d}; it is not shown again")


@command.command("list")
@DATABASE
@options.JSON
def show(database: str, as_json: bool) -> None:
    """List all keys, without their secrets."""
    with opened(database).read() as connection:
        found = every_key(connection)
    if as_json:
        screen.document([_told(key) for key in found])
    else:
        now = clock.now()
        rows = [
            (key.key_id, where(key.caller), f"{key.expires_at:%Y-%m-%d}", _state(key, now)) for key in found
        ]
        screen.table(("key", "for", "until", "state"), rows)


@command.command("rotate")
@click.argument("key_id", metavar="KEY")
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=90,
    show_default=True,
    help="For how long the new one counts.",
)
@click.option(
    "--both-days", type=click.IntRange(0, 30), default=7, show_default=True, help="Days in which both count."
)
@DATABASE
def turn(key_id: str, days: int, both_days: int, database: str) -> None:
    """Make a new key in place of KEY, for the same role and areas; the old one counts for some days more."""
    with opened(database).write(ACTOR, clock.now) as tx:
        key, text = rotate(tx, key_id, days, both_days)
    screen.say(
        text,
        f"for {where(key.caller)}, until {key.expires_at:%Y-%m-%d}; {key_id} counts {both_days} days more",
    )


@command.command("revoke")
@click.argument("key_id", metavar="KEY")
@DATABASE
def end(key_id: str, database: str) -> None:
    """Let a key count no more, from now on. KEY is its id as `key list` shows it."""
    with opened(database).write(ACTOR, clock.now) as tx:
        revoke(tx, key_id)
    screen.say(f"{key_id} counts no more")


def _state(key: Key, now: datetime) -> str:
    return "counts" if key.counts(now) else "revoked" if key.revoked_at else "ended"


def _told(key: Key) -> dict[str, object]:
    return {
        "key_id": key.key_id,
        "role": str(key.role),
        "areas": list(key.areas),
        "reviewer_id": key.reviewer_id,
        "expires_at": key.expires_at.isoformat(),
        "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
    }
