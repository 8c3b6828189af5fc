"""What may be set about the service, each with its range: by the environment, under `ALLOCATOR_…`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from allocator.errors import BadInput, Fault
from allocator.store.sessions import Lasts

MEGABYTE = 1024 * 1024
PREFIX = "ALLOCATOR_"
Names = Annotated[tuple[str, ...], NoDecode]
Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode]
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def processors() -> int:
    """The number of processors this machine has, at least 1."""
    return os.cpu_count() or 1


class Settings(BaseSettings):
    """All that may be set, each in the environment, such as `ALLOCATOR_JOBS=0`; what is given goes first."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    solves: int = Field(
        default_factory=processors, ge=1, le=256,
        description="plans being made at once while somebody waits; one more is answered 503",
    )  # fmt: skip
    jobs: int = Field(
        default=1, ge=0, le=256,
        description="jobs of the store run at once in this process; 0: `allocator worker` runs them",
    )  # fmt: skip
    memory: int = Field(default=8192, ge=256, description="megabytes that one job may hold")
    workers: int = Field(
        default_factory=processors, ge=1, le=256,
        description="the most workers one plan may use; who asks for more gets this many",
    )  # fmt: skip
    default_wait: int = Field(
        default=30, ge=0, le=3600, description="seconds a client waits that names no limit of its own"
    )
    longest_wait: int = Field(default=300, ge=1, le=3600, description="seconds beyond which no client waits")
    largest_body: int = Field(
        default=256 * MEGABYTE, ge=1, description="bytes of a request, before and after unpacking"
    )
    trusted_hosts: Names = Field(
        default=LOOPBACK,
        description="names this server answers to, with commas between; empty in the program: any",
    )
    rate: int = Field(
        default=100, ge=1, le=100_000,
        description="calls a second of one caller, on average over ten seconds; more are answered 429",
    )  # fmt: skip
    public_url: str | None = Field(
        default=None, description="where people reach it, such as https://allocator.example; sign-in needs it"
    )
    session_hours: int = Field(default=12, ge=1, le=168, description="hours after which a session ends")
    session_idle_minutes: int = Field(
        default=60, ge=1, le=1440, description="minutes unused after which a session ends"
    )
    oidc_issuer: str | None = Field(default=None, description="the identity provider's address")
    oidc_client_id: str | None = Field(default=None, description="what this service is called there")
    oidc_client_secret: SecretStr | None = Field(default=None, description="its secret there")
    oidc_audience: str | None = Field(
        default=None, description="whom a bearer token must be for; empty: none is taken"
    )
    oidc_scope: str = Field(default="openid", description="what is asked for")
    oidc_role_claim: str = Field(default="role", description="the claim that says the role")
    oidc_areas_claim: str = Field(
        default="areas", description="the claim that lists the areas; `*` among them: all"
    )
    oidc_reviewer_claim: str = Field(
        default="reviewer_id", description="the claim that says who a reviewer is"
    )
    deliveries: int = Field(
        default=2, ge=0, le=64,
        description="events sent to webhooks at once in this process, where it runs jobs; 0: none",
    )  # fmt: skip
    webhook_networks: Networks = Field(
        default=(),
        description="networks beside the public internet that webhooks may be in, such as 10.1.0.0/16",
    )
    webhook_attempts: int = Field(
        default=24, ge=1, le=100,
        description="so often an event is sent to a webhook; then it is dead. 24 are about three days",
    )  # fmt: skip
    dask: str | None = Field(
        default=None,
        description="address of a Dask scheduler whose cluster runs scenarios, such as tcp://10.0.0.1:8786",
    )
    contact: str | None = Field(
        default=None, max_length=200, description="whom people ask, such as an e-mail address; Help says it"
    )
    log: Literal["json", "plain"] = Field(default="json", description="lines for machines, or for people")

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _names(cls, given: object) -> object:
        return tuple(one.strip().lower() for one in given.split(",")) if isinstance(given, str) else given

    @field_validator("webhook_networks", mode="before")
    @classmethod
    def _networks(cls, given: object) -> object:
        return tuple(one.strip() for one in given.split(",")) if isinstance(given, str) else given

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _address(cls, given: str | None) -> str | None:
        if given is None:
            return None
        parts = urlsplit(given)
        if parts.scheme != "https" and not (
            parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
        ):
            raise ValueError("an address that begins with https://, or http:// on this machine alone")
        return given.rstrip("/")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needed = {"oidc_client_id": self.oidc_client_id, "public_url": self.public_url}
        missing = [PREFIX + name.upper() for name, value in needed.items() if value is None]
        if self.oidc_issuer and missing:
            raise ValueError(f"sign-in at an identity provider also needs {' and '.join(missing)}")
        return self

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names this server answers to; empty: any."""
        own = urlsplit(self.public_url or "").hostname
        return (*self.trusted_hosts, own) if own and self.trusted_hosts else self.trusted_hosts

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over TLS, so that a cookie goes no other way."""
        return (self.public_url or "").startswith("https://")

    @property
    def lasts(self) -> Lasts:
        """How long a session lasts."""
        return Lasts(timedelta(hours=self.session_hours), timedelta(minutes=self.session_idle_minutes))


def load(jobs: int | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the environment.

    Parameters
    ----------
    jobs : goes before what the environment says; None: nothing does

    Raises
    ------
    BadInput
        With all that is wrong in the environment: names that there are not, and values out of range.
    """
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(
        name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in names
    )
    hint = "docs/operations.md lists what may be set"
    faults = [
        Fault("unknown-setting", "there is no such setting", column=name, hint=hint) for name in unknown
    ]
    try:
        return _checked(Settings() if jobs is None else Settings(jobs=jobs), faults)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False):
            name = PREFIX + str(one["loc"][0]).upper() if one["loc"] else None
            faults.append(Fault("bad-setting", one["msg"], column=name, hint=hint))
        raise BadInput(faults) from None


def _checked(settings: Settings, faults: list[Fault]) -> Settings:
    if faults:
        raise BadInput(faults)
    return settings
