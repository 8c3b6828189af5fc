"""`allocator invite` and `allocator session`: people who sign in without an identity provider."""

from __future__ import annotations

from datetime import timedelta

import click

from allocator.store.callers import Caller, Role
from allocator.store.sessions import Session, end, every_session, invite
from api import clock
from api.cli import options, screen
from api.cli.storing import ACTOR, AREAS, DATABASE, REVIEWER, ROLE, opened, where
from api.settings import load

ONE_MACHINE = "http://127.0.0.1:8000"


@click.command("invite", short_help="Print a link that signs somebody in, once.")
@ROLE
@AREAS
@REVIEWER
@click.option(
    "--hours", type=click.IntRange(1, 168), default=24, show_default=True, help="Until it opens nothing."
)
@click.option(
    "--url", metavar="URL", help=f"Where the service is. [default: ALLOCATOR_PUBLIC_URL, or {ONE_MACHINE}]"
)
@DATABASE
def command(
    role: str, areas: tuple[str, ...], reviewer_id: str | None, hours: int, url: str | None, database: str
) -> None:
    """Print a link that signs somebody in once, on whatever browser opens it first. Give it to them alone."""
    store, settings = opened(database), load()
    who = Caller(ACTOR, Role(role), tuple(area.upper() for area in areas), reviewer_id)
    with store.write(ACTOR, clock.now) as tx:
        word, until = invite(tx, who, timedelta(hours=hours))
    address = (url or settings.public_url or ONE_MACHINE).rstrip("/")
    told = f"for {where(who)}; opens once, until {until.astimezone(clock.now().tzinfo):%Y-%m-%d %H:%M}"
    screen.say(f"{address}/invited/{word}", told)


@click.group("session", short_help="List and end the sessions of people who have signed in.")
def sessions() -> None:
    """Sessions of people who have signed in."""


@sessions.command("list")
@DATABASE
@options.JSON
def show(database: str, as_json: bool) -> None:
    """List the sessions that still count."""
    with opened(database).read() as connection:
        found = every_session(connection, clock.now())
    if as_json:
        screen.document([_told(one) for one in found])
    else:
        rows = [
            (one.session_id, one.caller.actor, where(one.caller), f"{one.expires_at:%Y-%m-%d %H:%M}")
            for one in found
        ]
        screen.table(("session", "who", "for", "until"), rows)


@sessions.command("end")
@click.argument("session_id", metavar="SESSION")
@DATABASE
def stop(session_id: str, database: str) -> None:
    """Let a session count no more, from now on. SESSION is its id as `session list` shows it."""
    with opened(database).write(ACTOR, clock.now) as tx:
        end(tx, session_id)
    screen.say(f"{session_id} counts no more")


def _told(one: Session) -> dict[str, object]:
    return {
        "session_id": one.session_id,
        "actor": one.caller.actor,
        "role": str(one.caller.role),
        "areas": list(one.caller.areas),
        "reviewer_id": one.caller.reviewer_id,
        "seen_at": one.seen_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
    }
