"""A request's body as one JSON document: media type, size and packing checked."""

from __future__ import annotations

import zlib

from flask import Request

from api.document import Body, broken, parse_body
from api.errors import Refusal

_GZIP = 16 + zlib.MAX_WBITS


def read_body(request: Request, largest: int) -> Body:
    """The JSON document of a request.

    Parameters
    ----------
    largest : int, bytes the body may have once unpacked

    Raises
    ------
    Refusal
        415 for another media type or packing, 413 when it is too large, 400 when it is not JSON.
    """
    if request.mimetype != "application/json":
        raise _unsupported("Send the snapshot as application/json.", "Accept", "application/json")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise _unsupported("Send JSON in UTF-8.", "Accept", "application/json")
    packing = request.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip"):
        raise _unsupported("Send the body plain or packed by gzip.", "Accept-Encoding", "gzip, identity")
    if (request.content_length or 0) > largest:
        raise _too_large(largest)
    body = request.get_data(cache=False)
    return parse_body(_unpacked(body, largest) if packing == "gzip" else body)


def _unsupported(detail: str, header: str, value: str) -> Refusal:
    return Refusal(415, "unsupported-media-type", detail, headers={header: value})


def _too_large(largest: int) -> Refusal:
    return Refusal(
        413, "too-large", f"The body has, unpacked, more than {largest} bytes. Leave closed cases out."
    )


def _unpacked(body: bytes, largest: int) -> bytes:
    """The body without its gzip packing, never more than `largest` bytes of it in memory."""
    unpack = zlib.decompressobj(_GZIP)
    try:
        text = unpack.decompress(body, largest + 1)
    except zlib.error:
        raise broken("broken-packing", "its gzip packing is damaged") from None
    if len(text) > largest:
        raise _too_large(largest)
    if not unpack.eof or unpack.unused_data:
        raise broken("broken-packing", "its gzip packing is cut short, or more comes after its end")
    return text
