"""The page that lists every call: `python -m api.listing docs/calls.md`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from allocator.store import Database
from api.app import create_app
from api.settings import Settings

HEAD = """# Every call

*Written by `python -m api.listing docs/calls.md` from the description that the server gives at
`/openapi.json`, which has each parameter, body and answer; do not edit it by hand.* What keeps nothing is
told of in [HTTP](api.md), what is kept in [What is kept](store.md).

| call | who | what it does |
|---|---|---|
"""


def page() -> str:
    """The page."""
    app = create_app(Settings(), database=Database("sqlite://"))
    document: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    lines = [
        f"| `{method.upper()} {path}` | {_who(one)} | {one['summary']} |"
        for path, item in sorted(document["paths"].items())
        for method, one in item.items()
    ]
    return HEAD + "\n".join(lines) + "\n"


def _who(one: dict[str, Any]) -> str:
    """Whom the call is for: who has a key of a role, or anybody."""
    said = str(one.get("description", "For anybody."))
    return said.removeprefix("For ").removesuffix(".")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
