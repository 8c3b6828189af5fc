"""Calls for webhooks: where events are sent, signed with what, and what has become of each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from allocator.store import deliveries, webhooks
from allocator.store.deliveries import Delivery, DeliveryState, Filter
from allocator.store.events import Kind
from allocator.store.webhooks import LONGEST_URL, Webhook, Wish
from api.addresses import check_url
from api.calls import Call, Reply, Route, not_there, number_of
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import ADMINS, ADMINS_AND_AUDITORS
from api.scope import covers_all, other_area
from api.stored import MOST, ONE_ID, Area, Body, Nothing


class WantedWebhook(Body):
    """What somebody wants to be sent, and where to."""

    url: Annotated[str, Field(max_length=LONGEST_URL)]
    areas: tuple[Area, ...] = Field(
        default=(), max_length=1_000, description="Of these; empty: of all of the caller's"
    )
    types: tuple[Kind, ...] = Field(default=(), max_length=100, description="Of these; empty: of all")


class NewWebhook(WantedWebhook):
    """The same, and from where on."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        default=None, description="The sequence of an event: those after it too; empty: from now on"
    )


class WebhookAnswer(Body):
    """Where events are sent."""

    webhook: str
    url: str
    areas: tuple[str, ...] = Field(description="Empty: all")
    types: tuple[Kind, ...] = Field(description="Empty: all")
    made_at: datetime
    reached: int = Field(description="The sequence of the newest event that was looked at for it")
    failures: int = Field(description="Messages in a row that it did not take")


class MadeWebhook(WebhookAnswer):
    """The same, and what its messages are signed with."""

    secret: str = Field(description="It is shown this once")


class Webhooks(Body):
    """The caller's webhooks, the oldest first."""

    items: tuple[WebhookAnswer, ...]


class Secret(Body):
    """What a webhook's messages are signed with from now on."""

    secret: str = Field(description="It is shown this once")


class BothDays(Body):
    """How long the old secret goes on signing too."""

    both_days: int = Field(default=7, ge=0, le=30)


class Replayed(Body):
    """How many dead deliveries are on their way again."""

    deliveries: int


class DeliveryAnswer(Body):
    """An event on its way to a webhook."""

    delivery: int
    webhook: str
    sequence: int = Field(description="Of the event")
    subject: str
    state: DeliveryState
    attempt: int = Field(description="How often it was sent")
    due_at: datetime = Field(description="Not before then is it sent again")
    tried_at: datetime | None
    status: int | None = Field(description="Of the last answer; empty: there was none")
    problem: str | None = Field(description="Why it was not taken; empty: it was, or was not sent yet")


class Deliveries(Body):
    """Some deliveries, in order."""

    items: tuple[DeliveryAnswer, ...]
    next: int | None = Field(description="Ask again with after=this; empty: no more")


class WantedDeliveries(BaseModel):
    """Which deliveries are asked for."""

    model_config = ConfigDict(frozen=True)

    state: DeliveryState | None = Field(default=None, description="in one state, such as dead")
    webhook: str | None = Field(default=None, pattern=ONE_ID, description="to one webhook")
    subject: str | None = Field(default=None, pattern=ONE_ID, description="about one case, or one job")
    after: int = Field(default=0, ge=0, le=2**31 - 1, description="those after this number")
    limit: int = Field(default=100, ge=1, le=MOST, description="so many at most")


def routes() -> tuple[Route, ...]:
    """The calls."""
    path, one, delivery = "/v1/webhooks", "/v1/webhooks/{webhook}", "/v1/deliveries/{delivery}"
    new, changed, days, nothing = (
        RequestBody.of(one) for one in (NewWebhook, WantedWebhook, BothDays, Nothing)
    )
    return (
        Route("GET", path, "webhooks", "Where events are sent", ADMINS_AND_AUDITORS, _list, Webhooks),
        Route("POST", path, "make-webhook", "Have events sent somewhere, signed", ADMINS, _make, MadeWebhook,
              {201: "They are sent from now on."}, body=new, is_secret=True),
        Route("PUT", one, "change-webhook", "Have them sent elsewhere, or others", ADMINS, _change,
              WebhookAnswer, body=changed),
        Route("DELETE", one, "end-webhook", "Send nothing there any more", ADMINS, _end, Nothing),
        Route("POST", f"{one}/secrets", "rotate-webhook", "Sign with another secret, for some days with both",
              ADMINS, _rotate, Secret, body=days, is_secret=True),
        Route("POST", f"{one}/replays", "replay-webhook", "Send all dead deliveries there again", ADMINS,
              _replay_all, Replayed, body=nothing),
        Route("GET", "/v1/deliveries", "deliveries", "What has become of events that are sent",
              ADMINS_AND_AUDITORS, _deliveries, Deliveries, query=WantedDeliveries),
        Route("POST", f"{delivery}/replay", "replay-delivery", "Send one event again", ADMINS, _replay,
              DeliveryAnswer, body=nothing),
        Route("DELETE", delivery, "leave-out-delivery", "Leave one event out: later ones of its case go on",
              ADMINS, _leave_out, DeliveryAnswer),
    )  # fmt: skip


def _list(call: Call) -> Reply:
    return Reply(Webhooks(items=tuple(_shown(one) for one in _mine(call))))


def _make(call: Call) -> Reply:
    asked = read_model(NewWebhook, call.body)
    made, secret = webhooks.make(call.tx, _wish(call, asked), asked.after)
    return Reply(MadeWebhook(**dict(_shown(made)), secret=secret), 201)


def _change(call: Call) -> Reply:
    found, asked = _own(call), read_model(WantedWebhook, call.body)
    return Reply(_shown(webhooks.change(call.tx, found.webhook_id, _wish(call, asked))))


def _end(call: Call) -> Reply:
    deliveries.end_webhook(call.tx, _own(call).webhook_id)
    return Reply(Nothing())


def _rotate(call: Call) -> Reply:
    found, asked = _own(call), read_model(BothDays, call.body)
    return Reply(Secret(secret=webhooks.rotate(call.tx, found.webhook_id, asked.both_days)))


def _replay_all(call: Call) -> Reply:
    return Reply(Replayed(deliveries=deliveries.replay_dead(call.tx, _own(call).webhook_id)))


def _deliveries(call: Call) -> Reply:
    wanted: WantedDeliveries = call.query
    mine = {one.webhook_id for one in _mine(call) if wanted.webhook in (None, one.webhook_id)}
    asked = Filter(mine, wanted.state, wanted.subject, wanted.after)
    found = deliveries.find(call.connection, asked, wanted.limit + 1)
    page = found[: wanted.limit]
    more = page[-1].delivery if len(found) > wanted.limit else None
    return Reply(Deliveries(items=tuple(map(_told, page)), next=more))


def _replay(call: Call) -> Reply:
    return _done(call, deliveries.replay)


def _leave_out(call: Call) -> Reply:
    return _done(call, deliveries.leave_out)


def _done(call: Call, do: Callable[..., Delivery]) -> Reply:
    """What was done with a delivery to a webhook of the caller's."""
    text = call.path["delivery"]
    number, mine = number_of(text), {one.webhook_id for one in _mine(call)}
    found = deliveries.find(call.connection, Filter(mine, after=number - 1), 1)
    if not found or found[0].delivery != number:
        raise not_there("deliveries", text)
    return Reply(_told(do(call.tx, number)))


def _wish(call: Call, asked: WantedWebhook) -> Wish:
    """What is wanted, of areas that are all the caller's."""
    areas = tuple(sorted(set(asked.areas))) or tuple(sorted(call.caller.areas))
    if not covers_all(call.caller, areas):
        raise other_area("One of the areas is not yours.")
    check_url(asked.url, call.service.settings.webhook_networks)
    return Wish(asked.url, areas, tuple(sorted(set(asked.types))))


def _own(call: Call) -> Webhook:
    found = [one for one in _mine(call) if one.webhook_id == call.path["webhook"]]
    if not found:
        raise not_there("webhooks", call.path["webhook"])
    return found[0]


def _mine(call: Call) -> Collection[Webhook]:
    """The webhooks of areas that are all the caller's."""
    return [one for one in webhooks.every(call.connection) if covers_all(call.caller, one.areas)]


def _shown(one: Webhook) -> WebhookAnswer:
    return WebhookAnswer(
        webhook=one.webhook_id,
        url=one.url,
        areas=one.areas,
        types=tuple(map(Kind, one.kinds)),
        made_at=one.made_at,
        reached=one.reached,
        failures=one.failures,
    )


def _told(one: Delivery) -> DeliveryAnswer:
    said = {name: getattr(one, name) for name in DeliveryAnswer.model_fields if hasattr(one, name)}
    return DeliveryAnswer.model_validate(said | {"webhook": one.webhook_id, "sequence": one.event})
