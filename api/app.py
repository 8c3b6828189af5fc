"""The one place where the parts of the HTTP door are put together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache

from flask import Flask, Response, request

from allocator.store import Database
from api import (
    access,
    asking,
    backlog,
    casefile,
    caseflow,
    clock,
    editing,
    errors,
    events,
    examples,
    giving,
    handovers,
    health,
    history,
    hosts,
    imports,
    inviting,
    jobs,
    kept,
    loads,
    mine,
    openapi,
    orders,
    pausing,
    performance,
    plans,
    publishing,
    quarantine,
    questions,
    reconciling,
    records,
    rulebook,
    sharing,
    signing,
    templates,
    tomend,
    webhooks,
    whatif,
)
from api.auth import Door, address_of, is_somebody
from api.calls import Route, Service, operation
from api.identity import provider_of
from api.metrics import Metrics
from api.pages import every
from api.pages.site import Site
from api.rates import Rates
from api.settings import Settings
from api.slots import Slots
from api.warm import warm_up

TITLE = "Reviewer allocation"
VERSION = "1.0.0"  # of what is promised at /v1, not of the program


def create_app(
    settings: Settings | None = None,
    now: clock.Clock = clock.now,
    database: Database | None = None,
    wake: Callable[[], None] = lambda: None,
) -> Flask:
    """The HTTP door, every part in its place, warming up.

    Parameters
    ----------
    settings : the door's limits; default: `Settings()`
    now : the clock, in the time zone of the service's days
    database : the store's; None: nothing is kept, and questions alone are answered
    wake : tells whoever runs jobs here that there is one
    """
    chosen = settings or Settings()
    app = Flask("api", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = chosen.largest_body
    app.url_map.merge_slashes = False
    metrics = Metrics()
    access.register(app, metrics, chosen.is_secure)
    errors.register(app)
    hosts.register(app, chosen.hosts)
    rates, provider = Rates(chosen.rate), provider_of(chosen)
    _count_guests(app, rates)
    readiness = health.Readiness(lambda: warm_up(now))
    app.extensions["readiness"] = readiness
    slots = Slots(chosen.solves)
    plan = plans.operation(chosen, now, slots)
    service = None
    if database is not None:
        service = Service(database, chosen, now, Door(database, now, rates, provider), slots, wake)
        site = Site(service, _by_name(), every.pages())
        site.register(app)
        signing.register(app, service, provider, site.show)
    operations = (
        plan if service is None else jobs.ask(service, plan),
        *questions.operations(chosen, now, slots),
        *health.operations(readiness, database),
        *(_kept(service, metrics) if service is not None else ()),
    )
    openapi.register(app, operations)
    _publish(app, lambda: openapi.document(TITLE, VERSION, map(examples.shown, operations)))
    readiness.start()
    return app


PARTS = (
    records,
    casefile,
    caseflow,
    mine,
    giving,
    pausing,
    imports,
    quarantine,
    tomend,
    reconciling,
    templates,
    jobs,
    kept,
    publishing,
    orders,
    asking,
    editing,
    handovers,
    loads,
    backlog,
    performance,
    sharing,
    rulebook,
    history,
    events,
    webhooks,
    inviting,
    signing,
)
"""Where calls to the store are told of."""


def _kept(service: Service, metrics: Metrics) -> Iterator[openapi.Operation]:
    """Yield the calls to the store."""
    for part in PARTS:
        yield from (operation(route, service) for route in part.routes())
    yield from (operation(route, service) for route in metrics.routes())
    yield from whatif.operations(service)


def _by_name() -> dict[str, Route]:
    """The calls that pages make."""
    asked = (jobs.asking(), whatif.asking(), *whatif.routes())
    return {one.name: one for one in (*asked, *(route for part in PARTS for route in part.routes()))}


def _count_guests(app: Flask, rates: Rates) -> None:
    """Nothing; who says not who they are may not call more often than others; health may."""

    def count() -> None:
        if not is_somebody(request) and not request.path.startswith("/health/"):
            rates.count(address_of(request))

    app.before_request(count)


def _publish(app: Flask, document: Callable[[], openapi.Json]) -> None:
    """Nothing; the app now serves its own description, which is made when somebody first asks for it."""

    @cache
    def text() -> str:
        return json.dumps(document())

    def describe() -> Response:
        return Response(text(), content_type="application/json")

    app.add_url_rule("/openapi.json", "openapi", describe, methods=["GET"])
