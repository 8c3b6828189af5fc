"""A body is one JSON document; whatever else comes is refused with the place and the remedy."""

import gzip
import json
from contextlib import suppress

import pytest
from flask import Request
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue
from werkzeug.test import EnvironBuilder

from api.body import read_body
from api.document import Body, parse_body
from api.errors import Refusal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def read(data: bytes, largest: int = 1000, **headers: str) -> Body:
    """What `read_body` makes of a request with this body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named.setdefault("Content-Type", "application/json")
    environ = EnvironBuilder(method="POST", data=data, headers=list(named.items())).get_environ()
    return read_body(Request(environ), largest)


def refused(data: bytes, largest: int = 1000, **headers: str) -> Refusal:
    """The refusal of a request with this body."""
    with pytest.raises(Refusal) as caught:
        read(data, largest, **headers)
    return caught.value


@given(document=JSON)
def test_any_json_document_is_read_as_it_was_written(document: JsonValue) -> None:
    """Writing a document and reading it gives it back, without a fault."""
    assert parse_body(json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")) == Body(
        document, ()
    )


@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but a refusal ever comes of bytes that are not JSON."""
    with suppress(Refusal):
        assert parse_body(data).faults == ()


def test_a_byte_order_mark_is_tolerated() -> None:
    """Some editors put one at the start."""
    assert read(b'\xef\xbb\xbf{"cases": []}').document == {"cases": []}


def test_a_slip_in_the_json_is_refused_with_its_line_and_column() -> None:
    """The second line lacks its value."""
    refusal = refused(b'{"cases": [],\n "reviewers": }')
    assert (refusal.status, refusal.code) == (400, "broken-json")
    assert refusal.detail == "The body is not JSON at line 2, column 15: expecting value."
    assert [(fault.line, fault.column) for fault in refusal.faults] == [(2, "15")]


def test_other_encodings_are_refused_with_their_place() -> None:
    """`é` in Latin-1 is no UTF-8."""
    refusal = refused('{\n"note": "é"}'.encode("latin-1"))
    assert (refusal.status, refusal.faults[0].code, refusal.faults[0].line) == (400, "wrong-encoding", 2)


@pytest.mark.parametrize("data", [b"", b"[" * 100_000, b"9" * 5000, b'{"a": 1} {"b": 2}'])
def test_what_is_no_single_json_document_is_refused(data: bytes) -> None:
    """Nothing at all, too deep, too long a number, two documents."""
    assert refused(data, largest=10**6).code == "broken-json"


def test_every_key_that_stands_twice_is_a_fault_with_its_pointer() -> None:
    """The last of the two would otherwise win without a word."""
    body = parse_body(b'{"cases": [{"a/b": 1, "x": 0, "a/b": 2}], "as_of": 1, "as_of": 2, "as_of": 3}')
    pointers = [(fault.code, fault.pointer) for fault in body.faults]
    assert pointers == [("duplicate-key", "/as_of"), ("duplicate-key", "/cases/0/a~1b")]


def test_half_characters_are_faults() -> None:
    """A lone surrogate cannot be written as UTF-8, so no plan could name it."""
    body = parse_body(rb'{"cases": [{"case_id": "\ud800"}, {"case_id": "\ud83d\ude00"}], "\uDC00": 1}')
    assert [(fault.code, fault.pointer) for fault in body.faults] == [
        ("bad-text", ""),
        ("bad-text", "/cases/0/case_id"),
    ]


@pytest.mark.parametrize("kind", ["text/csv", "", "application/xml", "application/json; charset=latin-1"])
def test_other_media_types_are_refused(kind: str) -> None:
    """415, and the answer says what is taken."""
    refusal = refused(b"{}", Content_Type=kind)
    assert (refusal.status, refusal.headers) == (415, {"Accept": "application/json"})


def test_gzip_is_unpacked() -> None:
    """A large snapshot travels at a tenth of its size."""
    assert read(gzip.compress(b'{"cases": []}', mtime=0), Content_Encoding="gzip").document == {"cases": []}


def test_other_packings_are_refused() -> None:
    """415, and the answer says which are taken."""
    refusal = refused(b"{}", Content_Encoding="br")
    assert (refusal.status, refusal.headers) == (415, {"Accept-Encoding": "gzip, identity"})


@pytest.mark.parametrize(
    "data", [b"{}", gzip.compress(b"{}", mtime=0)[:-3], gzip.compress(b"{}", mtime=0) + b"more"]
)
def test_damaged_packing_is_refused(data: bytes) -> None:
    """Not packed at all, cut short, something after the end."""
    assert refused(data, Content_Encoding="gzip").faults[0].code == "broken-packing"


def test_a_body_that_unpacks_beyond_the_limit_is_refused() -> None:
    """A small bomb must not fill the memory."""
    assert refused(gzip.compress(b" " * 1001, mtime=0), Content_Encoding="gzip").status == 413
    assert read(gzip.compress(b"{}" + b" " * 998, mtime=0), Content_Encoding="gzip").document == {}
