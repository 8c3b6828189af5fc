"""An event as others read it: CloudEvents 1.0 in JSON, and signed as Standard Webhooks are.

The signature is an HMAC-SHA256 over the event's id, the moment of sending and the body, so that nobody else
can make one, or send an old one again later without its being seen.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from pydantic import Field, JsonValue

from allocator.store.events import Event, Kind
from allocator.store.webhooks import PREFIX
from api.settings import Settings
from api.stored import Body

MEDIA_TYPE: Final = "application/cloudevents+json"
NOWHERE: Final = "urn:reviewer-allocation"
"""What the service is called that has no address."""
DIGITS: Final = 12


class CloudEvent(Body):
    """What happened to a case, or to a plan, as CloudEvents 1.0 says it."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(description="Of no other event: what comes again under it has been told before")
    source: str = Field(description="This service")
    type: Kind
    subject: str = Field(description="The case; of a plan that failed, the job")
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: str = Field(description="Its place in the order of all, with zeros before it")
    data: dict[str, JsonValue] = Field(description="Ids and codes")


def shown(event: Event, settings: Settings) -> CloudEvent:
    """An event as others read it."""
    return CloudEvent(
        id=event.event_id,
        source=settings.public_url or NOWHERE,
        type=event.kind,
        subject=event.subject,
        time=event.at,
        sequence=str(event.number).zfill(DIGITS),
        data={"area": event.area, **event.data},
    )


def headers_of(event_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> Mapping[str, str]:
    """What is sent with a message.

    Parameters
    ----------
    secrets : each of which signs it
    """
    stamp = str(int(at.timestamp()))
    signed = [signature(one, event_id, stamp, body) for one in secrets]
    return {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": "allocator",
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signed),
    }


def signature(secret: str, event_id: str, stamp: str, body: bytes) -> str:
    """One signature of a message: `v1,` and the code."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{event_id}.{stamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()}"
