"""Messages to webhooks: signed, to the address that was judged, and whatever a receiver does, soon over."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from allocator.errors import BadInput
from allocator.store.deliveries import Delivery, DeliveryState
from allocator.store.events import Event, Kind
from allocator.store.sending import Letter, Outcome
from allocator.store.webhooks import Webhook, new_secret
from api import addresses, posting
from api.addresses import Refused, addresses_of, check_url
from api.posting import Post
from api.settings import Settings
from tests.api.receivers import Got, Receiver, cuts, drips, floods, receiving, says

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SECRETS = (new_secret(), new_secret())
HERE = Settings(webhook_networks="127.0.0.0/8", public_url="https://allocator.example")  # type: ignore[arg-type]


def letter(url: str) -> Letter:
    """A message to somebody."""
    webhook = Webhook("w", url, (), (), 0, 0, None, NOW)
    event = Event(7, "abc123", NOW, Kind.MOVED, "C-1", "QAA", {"state": "in_review"})
    delivery = Delivery(1, "w", 7, "C-1", DeliveryState.SENDING, 1, NOW, NOW, None, None)
    return Letter(delivery, "lease", webhook, SECRETS, event)


def posted(url: str, settings: Settings = HERE, seconds: float = 20) -> Outcome:
    """What came of a message."""
    return Post(settings, lambda: NOW, seconds)(letter(url))


def test_a_message_is_an_event_that_its_receiver_can_check() -> None:
    """CloudEvents 1.0, signed by each secret over id, moment and body, as Standard Webhooks are."""
    with receiving(says(204)) as receiver:
        assert posted(receiver.url()) == Outcome(204)
    (got,) = receiver.got
    assert json.loads(got.body) == {
        "specversion": "1.0",
        "id": "abc123",
        "source": "https://allocator.example",
        "type": "allocator.case.moved",
        "subject": "C-1",
        "time": "2026-11-02T09:30:00Z",
        "datacontenttype": "application/json",
        "sequence": "000000000007",
        "data": {"area": "QAA", "state": "in_review"},
    }
    assert got.target == "/hook?from=here"
    assert got.headers["Content-Type"] == "application/cloudevents+json"
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"
    stamp = got.headers["webhook-timestamp"]
    assert (got.headers["webhook-id"], int(stamp)) == ("abc123", int(NOW.timestamp()))
    expected = [_signature(one, f"abc123.{stamp}.".encode() + got.body) for one in SECRETS]
    assert got.headers["webhook-signature"].split() == expected


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(("answer", "expected"), [
    (says(200), Outcome(200)),
    (says(302, "Location: http://127.0.0.1:1/"), Outcome(302, "answered-302")),
    (says(429, "Retry-After: 120"), Outcome(429, "answered-429", 120)),
    (says(503, "Retry-After: soon"), Outcome(503, "answered-503")),
    (says(410), Outcome(410, "answered-410")),
    (cuts, Outcome(problem="not-reached")),
    (drips, Outcome(problem="timed-out")),
    (floods, Outcome(200)),
    (lambda line, got: line.sendall(b"nonsense\r\n\r\n"), Outcome(problem="not-reached")),
    (lambda line, got: line.sendall(b"HTTP/1.1 100 So\r\n\r\n" * 20_000), Outcome(problem="not-reached")),
])  # fmt: skip
def test_whatever_a_receiver_does_there_is_an_outcome(answer: Any, expected: Outcome) -> None:
    """In time; a redirect is not followed, and of a body nothing is read."""
    with receiving(answer) as receiver:
        assert posted(receiver.url(), seconds=1.5) == expected
    assert len(receiver.got) == 1


def test_nobody_at_the_address_is_an_outcome() -> None:
    """As is a name that there is not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert posted(f"http://127.0.0.1:{port}/") == Outcome(problem="not-reached")
    assert posted("https://a..b/") == Outcome(problem="unknown-host")


REFUSED = (
    "127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 "
    "224.0.0.1 239.1.2.3 240.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fd00::1 "
    "ff02::1 fec0::1 ::7f00:1 64:ff9b:1::7f00:1 ::ffff:0:7f00:1 "
    "::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1:: 2002:a00:1:: 64:ff9b::7f00:1 2001:db8::1 "
    "64:ff9b::a9fe:a9fe 2001:0:4136:e378:8000:63bf:f5ff:fffe"
)


@pytest.mark.parametrize("address", REFUSED.split())
def test_what_is_not_public_is_refused(address: str) -> None:
    """As it is written, and whatever it is wrapped in; nothing is sent there."""
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(BadInput):
        check_url(f"https://{host}/", ())
    with pytest.raises(Refused):
        addresses_of(address, 443, (), is_plain=False)
    assert posted(f"https://{host}/", Settings()) == Outcome(problem="address-refused")


@pytest.mark.parametrize("host", ["localhost", "2130706433", "127.1", "0x7f.0.0.1", "017700000001"])
def test_this_machine_is_refused_by_whatever_name(host: str) -> None:
    """Names and numbers are looked up before they are judged."""
    assert posted(f"https://{host}/", Settings()) == Outcome(problem="address-refused")


def test_networks_are_allowed_by_the_settings_alone() -> None:
    """And only they are called without TLS."""
    with receiving(says(200)) as receiver:
        assert posted(receiver.url(), Settings()).problem == "address-refused"
        assert receiver.got == []
        assert posted(receiver.url()).status == 200
    for address in ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"):
        assert addresses_of(address, 443, (), is_plain=False)
        with pytest.raises(Refused, match="tls-needed"):
            addresses_of(address, 80, HERE.webhook_networks, is_plain=True)


@pytest.mark.parametrize("url", [
    "ftp://cases.example/", "https://", "https:///x", "cases.example", "https://u:p@cases.example/",
    "https://cases.example/#x", "https://cases.example:99999/", "https://cases.example:0/", "https://a b/",
    "https://cases.example/\r\nHost: x", "https://cäses.example/", "https://cases.example/" + "x" * 2_000,
    "http://cases.example/", "https://localhost/", "https://x.localhost:8000/", "https://[::1/",
])  # fmt: skip
def test_what_is_no_address_is_a_fault(url: str) -> None:
    """Told at once, and not by a message that fails."""
    with pytest.raises(BadInput) as refused:
        check_url(url, ())
    assert {one.code for one in refused.value.faults} == {"bad-url"}
    check_url("https://cases.example:8443/events?x=1", ())


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked up once, and the message goes to what was judged; of several addresses all are judged."""
    asked, plain = list[str](), socket.getaddrinfo

    def looks_up(host: str, port: int, *more: Any, **other: Any) -> Any:
        if host != "cases.example":
            return plain(host, port, *more, **other)
        asked.append(host)
        return plain("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *more, **other)

    monkeypatch.setattr(addresses.socket, "getaddrinfo", looks_up)
    with receiving(says(200)) as receiver:
        assert posted(receiver.url("cases.example")).status == 200
    assert asked == ["cases.example"]
    assert receiver.got[0].headers["Host"] == f"cases.example:{receiver.port}"
    both = [
        *plain("127.0.0.1", 443, type=socket.SOCK_STREAM),
        *plain("10.0.0.1", 443, type=socket.SOCK_STREAM),
    ]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *a, **k: both)
    assert posted("https://cases.example/").problem == "address-refused"


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """A receiver's side of TLS, as `localhost`, by an authority that this machine trusts."""
    key, names = ec.generate_private_key(ec.SECP256R1()), [x509.DNSName("localhost")]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, own = serialization.Encoding.PEM, tmp_path / "own.pem"
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(key.private_bytes(pem, *plain) + built.public_bytes(pem))
    own.write_bytes(built.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    posting._context.cache_clear()
    yield context
    posting._context.cache_clear()


def test_over_tls_a_receiver_is_who_it_says(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name that was meant; another name, and one that nobody vouches for, get nothing."""
    with receiving(says(200), tls) as receiver:
        assert _over_tls(receiver, "localhost") == Outcome(200)
        assert _over_tls(receiver, "127.0.0.1").problem == "tls-failed"
        monkeypatch.delenv("SSL_CERT_FILE")
        posting._context.cache_clear()
        assert _over_tls(receiver, "localhost").problem == "tls-failed"
    assert len(receiver.got) == 1


def test_a_receiver_that_never_shakes_hands_is_cut() -> None:
    """It takes the connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}/"
        assert posted(url, seconds=0.5) == Outcome(problem="timed-out")


def test_a_receiver_may_think_longer_than_it_may_take_to_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it is reached within bounds no answer."""
    monkeypatch.setattr(posting, "CONNECT_SECONDS", 0.2)
    thought = threading.Event()

    def slow(line: socket.socket, got: Got) -> None:
        thought.wait(0.6)
        says(200)(line, got)

    with receiving(slow) as receiver:
        assert posted(receiver.url()) == Outcome(200)


def test_many_addresses_take_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is tried for some seconds, and all of them within the whole."""
    clock, tried = [0.0], list[tuple[str, float]]()

    def hangs(address: tuple[str, int], seconds: float) -> socket.socket:
        tried.append((address[0], seconds))
        clock[0] += seconds
        raise TimeoutError

    monkeypatch.setattr(posting, "monotonic", lambda: clock[0])
    monkeypatch.setattr(posting, "addresses_of", lambda *_: [f"198.51.100.{at}" for at in range(9)])
    monkeypatch.setattr(posting.socket, "create_connection", hangs)
    assert posted("https://cases.example/", seconds=12) == Outcome(problem="timed-out")
    assert tried == [("198.51.100.0", 5.0), ("198.51.100.1", 5.0), ("198.51.100.2", 2.0)]


def _over_tls(receiver: Receiver, host: str) -> Outcome:
    networks: Any = "127.0.0.0/8, ::1/128"
    return posted(receiver.url(host, "https"), Settings(webhook_networks=networks))


def test_the_pages_own_check_takes_what_is_ours_and_nothing_else() -> None:
    """As docs/events.md shows it to whoever receives."""
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
    shown: dict[str, Any] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], shown)
    is_ours, moment = shown["is_ours"], NOW.timestamp()
    with receiving(says(200)) as receiver:
        posted(receiver.url())
    got = receiver.got[0]
    assert all(is_ours(got.headers, got.body, one, lambda: moment + 299) for one in SECRETS)
    assert not is_ours(got.headers, got.body, SECRETS[0], lambda: moment + 301)
    assert not is_ours(got.headers, got.body + b" ", SECRETS[0], lambda: moment)
    assert not is_ours(got.headers, got.body, new_secret(), lambda: moment)
