"""Somebody who looks at pages without a browser: what they are sent, and what its forms send back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from api.auth import COOKIE

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


class Visitor:
    """One person who has signed in.

    Parameters
    ----------
    word : of their session
    """

    def __init__(self, app: Flask, word: str) -> None:
        self.client = app.test_client()
        self.client.set_cookie(COOKIE, word)

    def look(self, path: str, **headers: str) -> TestResponse:
        """What is answered at an address."""
        return self.client.get(path, headers=BROWSER | headers)

    def reads(self, path: str) -> str:
        """The page at an address."""
        answer = self.look(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def form(self, path: str, do: str) -> MultiDict[str, str]:
        """What the form with a button sends if nobody types anything into it."""
        return form_of(self.reads(path), do)

    def press(self, path: str, do: str, *, form: Any = None, **typed: Any) -> TestResponse:
        """What is answered to a form as it was shown, now or before, with what was typed over it."""
        filled = MultiDict(self.form(path, do) if form is None else form)
        for name, value in typed.items():
            filled.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
        return self.client.post(path, data=filled, headers=BROWSER)

    def told(self, answer: TestResponse) -> str:
        """The page that a button leads to."""
        assert answer.status_code == 303, answer.text
        return self.reads(answer.location)


def form_of(text: str, do: str) -> MultiDict[str, str]:
    """The fields and values of the first form of a page that has a button."""
    reader = _Forms()
    reader.feed(text)
    for fields, buttons in reader.found:
        if do in buttons:
            return MultiDict([*fields, ("do", do)])
    raise AssertionError(f"no form has a button {do}: {text}")


class _Forms(HTMLParser):
    """Reads the fields of every form, and the buttons that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[list[tuple[str, str]], set[str]]] = []
        self._picked: str | None = None  # of the drop-down list that is read; None: of none
        self._options: list[tuple[str, bool]] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(([], set()))
        elif not self.found:
            return
        elif tag == "button":
            self.found[-1][1].add(at.get("value", ""))
        elif (
            tag == "input"
            and "name" in at
            and (at.get("type") not in ("radio", "checkbox") or "checked" in at)
        ):
            self.found[-1][0].append((at["name"], at.get("value", "on" if "checked" in at else "")))
        elif tag == "select":
            self._picked, self._options = at.get("name", ""), []
        elif tag == "option" and self._picked is not None:
            self._options.append((at.get("value", ""), "selected" in at))
        elif tag == "textarea":
            self._picked, self._text = at.get("name", ""), []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._picked and self._options:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self.found[-1][0].append((self._picked, chosen[0]))
        elif tag == "textarea" and self._text is not None and self._picked:
            self.found[-1][0].append((self._picked, "".join(self._text).removeprefix("\n")))
        if tag in ("select", "textarea"):
            self._picked, self._text = None, None
