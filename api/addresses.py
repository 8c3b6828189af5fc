"""Which addresses webhooks may be called at: those of the public internet, and what the settings allow.

Who may say where events go could else make this service call what only it can reach: itself, the machine's
metadata, a database. A name is looked up once for each message, all of its addresses are judged, and the
message goes to the address that was judged, so that a name that changes its mind in between gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from allocator.errors import BadInput, Fault
from allocator.store.webhooks import LONGEST_URL

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses that stand for one of the older kind, as a gateway translates them."""
SITES = ipaddress.IPv6Network("fec0::/10")
"""Addresses of an organisation's own network, as they were given out until 2004 (RFC 3879)."""
PORTS = {"http": 80, "https": 443}


class Refused(Exception):  # noqa: N818 - what happened, in the words of the domain
    """No message goes there; the text is a code of why."""


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Whether webhooks may be called at an address, whatever it is wrapped in."""
    if _is_named(address, networks):
        return True
    if address in NAT64:
        return is_allowed(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF), networks)
    is_inside = address.is_multicast or address.is_reserved or address in SITES
    is_public = address.is_global and not is_inside
    return is_public and all(is_allowed(one, networks) for one in _wrapped(address))


def addresses_of(host: str, port: int, networks: Sequence[Network], is_plain: bool) -> list[str]:
    """Where a host can be called: every address of it, each of which is allowed.

    Parameters
    ----------
    is_plain : whether it is called without TLS, which only `networks` are

    Raises
    ------
    Refused
        `unknown-host`: it has none; `address-refused`: one of them is not allowed; `tls-needed`: not without.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("unknown-host") from error
    each = [ipaddress.ip_address(one) for one in dict.fromkeys(str(one[4][0]) for one in found)]
    if not all(is_allowed(one, networks) for one in each):
        raise Refused("address-refused")
    if is_plain and not all(_is_named(one, networks) for one in each):
        raise Refused("tls-needed")
    return list(map(str, each))


def check_url(url: str, networks: Sequence[Network]) -> None:
    """Nothing, if messages may go to an address, as far as can be told without asking anybody.

    Raises
    ------
    BadInput
        With all that is wrong with it.
    """
    faults = [
        Fault(
            "bad-url", message, pointer="/url", value=url[:200], hint="such as https://cases.example/events"
        )
        for message in _wrong(url, networks)
    ]
    if faults:
        raise BadInput(faults)


def _is_named(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == one.version and address in one for one in networks)


def _wrong(url: str, networks: Sequence[Network]) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        yield "it is no address"
        return
    if len(url) > LONGEST_URL or not (url.isascii() and url.isprintable()) or " " in url:
        yield f"it has more than {LONGEST_URL} characters, or such as no address has"
    if parts.scheme not in PORTS or not host or port == 0:
        yield "it does not begin with https:// and a name"
    if parts.username is not None or parts.password is not None or parts.fragment:
        yield "it holds a user, a password or a fragment"
    if parts.scheme == "http" and not networks:
        yield "http:// goes to networks alone that ALLOCATOR_WEBHOOK_NETWORKS allows"
    if _is_refused(host, networks):
        yield "it is on this machine or in a private network that ALLOCATOR_WEBHOOK_NETWORKS does not allow"


def _is_refused(host: str, networks: Sequence[Network]) -> bool:
    """Whether a host that is written as an address, or is this machine by its name, is not allowed."""
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    try:
        return not is_allowed(ipaddress.ip_address(host), networks)
    except ValueError:
        return False


def _wrapped(address: Address) -> Iterator[Address]:
    """Yield the addresses of the older kind that one of the newer kind stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    for inner in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
        if inner is not None:
            yield inner
