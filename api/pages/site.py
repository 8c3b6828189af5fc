"""Pages put together: who may look, how a button's press is answered, and how what went wrong is shown."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote, urlencode

from flask import Flask, Response, g, redirect, request
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from allocator.store.callers import Role
from allocator.store.sessions import csrf_of
from api import clock, errors, words
from api.auth import COOKIE, SAFE
from api.calls import Route, Service
from api.errors import PROBLEM_PAGE, Problem, Refusal
from api.pages.areas import signed_in_for
from api.pages.assets import Assets
from api.pages.links import link
from api.pages.page import FAILURES, Page, PageRoute, Shown
from api.pages.typed import boxes
from api.reasons import INSTEAD
from api.roles import EVERYONE

SERVICE_NAME = "Reviewer allocation"
DESIGN_SYSTEM = "nhsuk_frontend_jinja"
SAID = "allocator_said"
"""The cookie with what the next page says of what was just done."""
REMEMBERED = "allocator_of_"
"""What the names of cookies begin with in which a browser remembers how a page was last looked at."""
CSRF_FIELD = "csrf_token"
BY_SCRIPT = "HX-Request"
"""The header with which a part of a page asks for itself anew."""
UNTYPED = "_"
"""What the names of a form's fields begin with that nobody types into."""


class Site:
    """The pages of one service.

    Parameters
    ----------
    calls : every call to the store, by name
    pages : in the order of the menu
    """

    def __init__(self, service: Service, calls: Mapping[str, Route], pages: Iterable[PageRoute]) -> None:
        self.service, self.calls, self.pages = service, calls, tuple(pages)
        self.assets = Assets()
        self._environment = _environment(self.assets)

    def register(self, app: Flask) -> None:
        """Nothing; the app serves every page, and shows browsers its problems as pages."""
        self.assets.register(app)
        for one in self.pages:
            methods = ["GET", "POST"] if one.presses else ["GET"]
            app.add_url_rule(one.path, f"page-{one.name}", self._view(one), methods=methods)
        app.extensions[PROBLEM_PAGE] = self.problem_page
        app.after_request(_sent_to_sign_in)

    def show(self, shown: Shown, page: Page | None = None, route: PageRoute | None = None) -> Response:
        """The answer that a page is; without `page` it is one for nobody in particular."""
        if page is not None and shown.problem is not None:
            page = replace(page, problem=shown.problem)
        nonce, here = secrets.token_urlsafe(16), request.path
        text = self._environment.get_template(shown.template).render(
            **shown.said,
            page=page,
            signed_in_for=signed_in_for(page) if page else "",
            menu=self._menu(page, route),
            csrf_token=csrf_of(request.cookies.get(COOKIE, "")) if page else "",
            done=unquote(request.cookies.get(SAID, "")),
            here=here,
            cspNonce=nonce,
        )
        answer = Response(text, shown.status, content_type="text/html; charset=utf-8")
        answer.headers["Content-Security-Policy"] = policy(nonce)
        answer.headers["Referrer-Policy"] = "same-origin"  # with none at all, a form's origin is null
        if SAID in request.cookies:
            answer.delete_cookie(SAID)
        for name, text in shown.remember.items():
            self._set_cookie(answer, REMEMBERED + name, _session_mark() + text)
        return answer

    def problem_page(self, problem: Problem) -> Response:
        """A problem as the page that a browser is shown in place of what it asked for."""
        if problem.status == 401 and request.method in SAFE and BY_SCRIPT not in request.headers:
            answer = redirect(_sign_in(), 303)
            return Response(answer.data, answer.status_code, headers=list(answer.headers))
        form = [] if problem.status == 413 else self._kept()  # what is too large is not read
        said = {"problem": problem.model_dump(mode="json"), "form": form}
        page: Page | None = g.get("page")
        return self.show(Shown("problem.html", said, problem.status), page, g.get("page_route"))

    def _kept(self) -> list[tuple[str, str]]:
        """What was typed and is lost if it is not shown once more."""
        hidden = {CSRF_FIELD, "do"}
        return [
            (name, text)
            for name, text in request.form.items(multi=True)
            if name not in hidden and not name.startswith(UNTYPED)
        ]

    def _view(self, route: PageRoute) -> Callable[..., Answer]:
        def view(**path: str) -> Answer:
            caller = self.service.door.caller(request, EVERYONE, request.form.get(CSRF_FIELD, ""))
            typed = (request.args, request.form, request.files)
            page = Page(self.service, self.calls, caller, path, *typed, _remembered())
            g.page, g.page_route = page, route
            if caller.role not in route.may:
                raise Refusal(403, "not-allowed", f"This page is not for the role {caller.role}.")
            if request.method in SAFE:
                return self.show(route.get(page), page, route)
            return self._pressed(route, page)

        return view

    def _pressed(self, route: PageRoute, page: Page) -> Answer:
        """What a button leads to; where it could not be done, the page as it was, with why."""
        press = route.presses.get(page.form.get("do", ""))
        if press is None:
            raise Refusal(400, "bad-request", "This page has no such button; go back and load it again.")
        try:
            came = press(page)
        except FAILURES as error:
            problem = errors.problem_of(error).problem
            again = replace(page, problem=problem.model_dump(mode="json"))
            g.page = again
            shown = route.get(again)
            return self.show(replace(shown, status=problem.status), again, route)
        if isinstance(came, Shown):
            return self.show(came, page, route)
        answer = redirect(came.path, 303)
        if came.is_farewell:
            for name in request.cookies:
                if name == COOKIE or name.startswith(REMEMBERED):
                    answer.delete_cookie(name)
        if came.said:
            self._set_cookie(answer, SAID, came.said, 60)
        return answer

    def _set_cookie(self, answer: Answer, name: str, text: str, seconds: int | None = None) -> None:
        """Nothing; the browser sends the text back for so long; None: until it is closed."""
        secure = self.service.settings.is_secure
        answer.set_cookie(name, quote(text), seconds, httponly=True, samesite="Lax", secure=secure, path="/")

    def _menu(self, page: Page | None, route: PageRoute | None) -> list[dict[str, object]]:
        """What the menu offers to whoever looks."""
        if page is None:
            return []
        return [
            {"text": one.menu, "href": one.path, "current": route is not None and one.name == route.name}
            for one in self.pages
            if one.menu and page.caller.role in one.may
        ]


def _sign_in() -> str:
    """Where to sign in, and come back from to what is asked for."""
    return "/sign-in?" + urlencode({"next": request.full_path.rstrip("?")})


def _sent_to_sign_in(answer: Response) -> Response:
    """The answer; where a part of a page asks for itself once nobody is signed in, the whole page leaves."""
    if answer.status_code == 401 and BY_SCRIPT in request.headers:
        answer.headers["HX-Redirect"] = _sign_in()
    return answer


def _remembered() -> dict[str, str]:
    """What the browser was asked to remember in this session, by name; nothing of who was here before."""
    mark = _session_mark()
    told = {name: unquote(text) for name, text in request.cookies.items() if name.startswith(REMEMBERED)}
    return {
        name.removeprefix(REMEMBERED): text.removeprefix(mark)
        for name, text in told.items()
        if text.startswith(mark)
    }


def _session_mark() -> str:
    """What begins all that is remembered in a session."""
    return csrf_of(request.cookies.get(COOKIE, ""))[:12] + " "


def policy(nonce: str) -> str:
    """The content security policy of a page: nothing but from here, and no script within it but one."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
        f"script-src 'self' 'nonce-{nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _environment(assets: Assets) -> Environment:
    """The templates, those of the design system among them."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader("api.pages"), PackageLoader(DESIGN_SYSTEM)]),
        undefined=ChainableUndefined,  # the design system's templates ask for what was not given
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=words.day,
        moment=words.moment(clock.LONDON),
        figure=words.figure,
        in_full=words.in_full,
        percent=words.percent,
        plain=words.plain,
        remedy=words.remedy,
        lower_first=words.lower_first,
        pounds=words.pounds,
        state=words.state,
        sentence=words.sentence,
        hours=words.hours,
        capital=words.capital,
    )
    made.globals.update(
        count=words.count,
        boxes=boxes,
        departures=INSTEAD,
        link=link,
        away=words.away,
        asset=assets.address,
        role_in_words=lambda role: words.ROLES[str(role)],
        service_name=SERVICE_NAME,
        Markup=Markup,
        Role=Role,
    )
    return made
