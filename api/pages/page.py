"""What a page is, and what its code gets: who looks at it, what was typed, and the calls it may make."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from flask import Response
from werkzeug.datastructures import FileStorage, MultiDict

from allocator.errors import BadInput, NoPlan, Refused, Unavailable
from allocator.store.callers import Caller, Role
from api.calls import Route, Sent, Service, answered
from api.errors import Refusal
from api.query import read_query

Json = Any
AT_ONCE: Final = 1000
"""So much is listed in one answer."""
FAILURES: Final = (Refusal, BadInput, Refused, Unavailable, NoPlan)
"""What a call may meet that is said to whoever made it."""


@dataclass(frozen=True)
class Page:
    """One look at a page, or one press of a button on it, by somebody who may.

    Parameters
    ----------
    calls : every call to the store, by name
    path : what stands in the page's path
    query, form, files : what was asked for, typed and chosen
    remembered : what this browser was asked to remember, by name: see `Shown`
    problem : what the button that was pressed met, as problem details; None: nothing
    """

    service: Service
    calls: Mapping[str, Route]
    caller: Caller
    path: Mapping[str, str] = field(default_factory=dict)
    query: MultiDict[str, str] = field(default_factory=MultiDict)
    form: MultiDict[str, str] = field(default_factory=MultiDict)
    files: MultiDict[str, FileStorage] = field(default_factory=MultiDict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    problem: Mapping[str, Json] | None = None

    @cached_property
    def today(self) -> date:
        """Today, in the service's time zone."""
        return self.service.now().date()

    def may(self, name: str) -> bool:
        """Whether whoever looks may make a call."""
        return self.caller.role in self.calls[name].may

    def ask(
        self,
        name: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        expected: int | None = None,
    ) -> Json:
        """What a call answers, as it would be over HTTP: same roles, same areas, same words.

        Parameters
        ----------
        expected : the version of the record that is changed, as its page showed it

        Raises
        ------
        Refusal, BadInput, Refused, Unavailable
            As the call does; nothing is done then.
        """
        return json.loads(self.fetch(name, path, query, body, expected).get_data())

    def every(self, name: str, query: Mapping[str, str] | None = None) -> list[Json]:
        """All that a call lists, however many answers it takes."""
        found: list[Json] = []
        wanted = {**(query or {}), "limit": str(AT_ONCE)}
        while True:
            answer = self.ask(name, query=wanted)
            found += answer["items"]
            if answer["next"] is None:
                return found
            wanted["after"] = str(answer["next"])

    def fetch(
        self,
        name: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        expected: int | None = None,
    ) -> Response:
        """The same as the answer itself, for its headers and files."""
        route = self.calls[name]
        if self.caller.role not in route.may:
            raise Refusal(403, "not-allowed", f"The role {self.caller.role} may not do this.")
        read = read_query(route.query, MultiDict(dict(query or {}))) if route.query else None
        answer = answered(route, self.service, self.caller, Sent(path or {}, read, body, expected))
        if answer.status_code == 202:
            self.service.wake()
        return answer


@dataclass(frozen=True)
class Shown:
    """A page to show: its template, and what it says.

    Parameters
    ----------
    remember : what the browser is to tell at the next look, by name, until it is closed
    problem : what stands in the way of showing what was asked for, as `Page.problem` is told; None: nothing
    """

    template: str
    said: Mapping[str, Json] = field(default_factory=dict)
    status: int = 200
    problem: Mapping[str, Json] | None = None
    remember: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GoTo:
    """Where a button leads, once what it does is done; what the page there says of it.

    Parameters
    ----------
    is_farewell : the browser forgets who was here, and all that it was asked to remember
    """

    path: str
    said: str = ""
    is_farewell: bool = False


Get = Callable[[Page], Shown]
Press = Callable[[Page], GoTo | Shown]


@dataclass(frozen=True)
class PageRoute:
    """A page: where it is, who may look at it, and what its buttons do.

    Parameters
    ----------
    presses : by the value of the button called `do`; a form without one is `""`
    menu : what the menu calls it; empty: it is not in the menu
    """

    path: str
    name: str
    may: frozenset[Role]
    get: Get
    presses: Mapping[str, Press] = field(default_factory=dict)
    menu: str = ""
