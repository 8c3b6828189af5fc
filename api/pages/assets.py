"""Style sheets, scripts and pictures of the pages, each under an address that changes with it."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath

from flask import Flask, Response, request

from api.errors import Refusal

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
PACKED = ("text/css", "text/javascript", "image/svg+xml")
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is served.

    Parameters
    ----------
    packed : the same by gzip, or None where that makes it no smaller
    """

    kind: str
    content: bytes
    packed: bytes | None
    digest: str


class Assets:
    """All files of `static/`, by their path in it."""

    def __init__(self) -> None:
        root = files("api.pages").joinpath("static")
        self._found = dict(_every(root, ""))

    def register(self, app: Flask) -> None:
        """Nothing; the app serves each."""
        app.add_url_rule("/static/<path:name>", "static-file", self._serve, methods=["GET"])

    def address(self, name: str) -> str:
        """Where a file is, with a word that changes when it does: a browser may keep it for ever."""
        return f"/static/{name}?v={self._found[name].digest}"

    def _serve(self, name: str) -> Response:
        one = self._found.get(name)
        if one is None:
            raise Refusal(404, "not-found", "There is no such file.")
        packs = one.packed is not None and request.accept_encodings.quality("gzip") > 0
        content = one.packed if packs and one.packed is not None else one.content
        answer = Response(content, content_type=one.kind)
        answer.headers["Cache-Control"] = FOREVER if "v" in request.args else "public, max-age=3600"
        answer.headers["Vary"] = "Accept-Encoding"
        if packs:
            answer.headers["Content-Encoding"] = "gzip"
        return answer


def _every(folder: Traversable, before: str) -> list[tuple[str, Asset]]:
    found = []
    for one in sorted(folder.iterdir(), key=lambda each: each.name):
        name = before + one.name
        found += _every(one, f"{name}/") if one.is_dir() else [(name, _asset(one))]
    return found


def _asset(file: Traversable) -> Asset:
    content, kind = file.read_bytes(), KINDS[PurePath(file.name).suffix]
    packed = gzip.compress(content, mtime=0) if kind in PACKED else None
    if packed is not None and len(packed) >= len(content):
        packed = None
    said = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return Asset(said, content, packed, hashlib.sha256(content).hexdigest()[:12])
