"""`allocator webhook`: where events are sent, and what has become of each."""

from __future__ import annotations

from typing import TypedDict, Unpack

import click

from allocator.errors import Unknown
from allocator.store import deliveries, webhooks
from allocator.store.deliveries import Delivery, DeliveryState, Filter
from allocator.store.events import Kind
from allocator.store.webhooks import Webhook, Wish
from api import clock
from api.addresses import check_url
from api.cli import options, screen
from api.cli.storing import ACTOR, AREAS, DATABASE, opened
from api.settings import load

WEBHOOK = click.argument("webhook_id", metavar="WEBHOOK")
SHOWN_ONCE = "it is not shown again"


@click.group("webhook", short_help="Send events to other systems, signed.")
def command() -> None:
    """Webhooks: where events are sent as they come, each message signed."""


class _Which(TypedDict):
    """Which events are sent."""

    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    after: int | None


@command.command("make")
@click.argument("url")
@AREAS
@click.option(
    "--type", "kinds", multiple=True, type=click.Choice([str(one) for one in Kind]),
    help="Which; may be given again. [default: all]",
)  # fmt: skip
@click.option("--after", type=click.IntRange(0), help="The sequence of an event: those after it too.")
@DATABASE
@options.JSON
def make(url: str, database: str, as_json: bool, **which: Unpack[_Which]) -> None:
    """Have events sent to URL, and show the secret that they are signed with, this once."""
    check_url(url, load().webhook_networks)
    areas, kinds = {area.upper() for area in which["areas"]}, set(which["kinds"])
    wish, after = Wish(url, tuple(sorted(areas)), tuple(sorted(kinds))), which["after"]
    with opened(database).write(ACTOR, clock.now) as tx:
        made, secret = webhooks.make(tx, wish, after)
    if as_json:
        screen.document({"secret": secret, **_told(made)})
    else:
        screen.say(secret, f"{made.webhook_id} sends to {url}; {SHOWN_ONCE}")


@command.command("list")
@DATABASE
@options.JSON
def show(database: str, as_json: bool) -> None:
    """List all webhooks, without their secrets."""
    with opened(database).read() as connection:
        found = webhooks.every(connection)
    if as_json:
        screen.document([_told(one) for one in found])
    else:
        rows = [
            (one.webhook_id, one.url, ", ".join(one.areas) or "all areas", str(one.failures)) for one in found
        ]
        screen.table(("webhook", "sends to", "of", "failures in a row"), rows)


@command.command("rotate")
@WEBHOOK
@click.option(
    "--both-days", type=click.IntRange(0, 30), default=7, show_default=True, help="Days in which both sign."
)
@DATABASE
def turn(webhook_id: str, both_days: int, database: str) -> None:
    """Sign the messages of WEBHOOK with a new secret, and for some days with the old one too."""
    with opened(database).write(ACTOR, clock.now) as tx:
        secret = webhooks.rotate(tx, webhook_id, both_days)
    screen.say(secret, f"{webhook_id}: both sign for {both_days} days; {SHOWN_ONCE}")


@command.command("end")
@WEBHOOK
@DATABASE
def stop(webhook_id: str, database: str) -> None:
    """Send nothing to WEBHOOK any more, from now on."""
    with opened(database).write(ACTOR, clock.now) as tx:
        deliveries.end_webhook(tx, webhook_id)
    screen.say(f"{webhook_id} is sent nothing any more")


@command.command("deliveries")
@WEBHOOK
@click.option(
    "--state", type=click.Choice([str(one) for one in DeliveryState]), default="dead", show_default=True
)
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="So many at most."
)
@DATABASE
@options.JSON
def sent(webhook_id: str, state: str, limit: int, database: str, as_json: bool) -> None:
    """List what has become of events sent to WEBHOOK: those in one state."""
    with opened(database).read() as connection:
        webhooks.found_webhook(connection, webhook_id)
        found = deliveries.find(connection, Filter({webhook_id}, DeliveryState(state)), limit)
    if as_json:
        screen.document([_said(one) for one in found])
    else:
        rows = [(str(one.delivery), one.subject, str(one.attempt), one.problem or "") for one in found]
        screen.table(("delivery", "about", "attempts", "why not"), rows)


@command.command("replay")
@WEBHOOK
@click.option("--delivery", type=click.IntRange(1), help="This one alone. [default: all that are dead]")
@DATABASE
def again(webhook_id: str, delivery: int | None, database: str) -> None:
    """Send dead events to WEBHOOK again, or one of any state."""
    with opened(database).write(ACTOR, clock.now) as tx:
        if delivery is None:
            count = deliveries.replay_dead(tx, webhook_id)
        elif deliveries.found_delivery(tx.connection, delivery).webhook_id == webhook_id:
            deliveries.replay(tx, delivery)
            count = 1
        else:
            raise Unknown("not-found", str(delivery), f"there is no delivery {delivery} to {webhook_id}")
    screen.say(f"{webhook_id}: {count} on their way again")


def _told(one: Webhook) -> dict[str, object]:
    return {
        "webhook": one.webhook_id,
        "url": one.url,
        "areas": list(one.areas),
        "types": list(one.kinds),
        "reached": one.reached,
        "failures": one.failures,
    }


def _said(one: Delivery) -> dict[str, object]:
    return {
        "delivery": one.delivery,
        "sequence": one.event,
        "subject": one.subject,
        "state": str(one.state),
        "attempt": one.attempt,
        "due_at": one.due_at.isoformat(),
        "status": one.status,
        "problem": one.problem,
    }
