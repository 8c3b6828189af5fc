"""Settings of the environment: what is said is heeded, and all that is wrong is told at once."""

from __future__ import annotations

import pytest

from allocator.errors import BadInput
from api.settings import PREFIX, Settings, load


def test_the_environment_is_heeded_and_what_is_given_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list has commas; what is empty is not given."""
    monkeypatch.setenv("ALLOCATOR_JOBS", "3")
    monkeypatch.setenv("ALLOCATOR_TRUSTED_HOSTS", "allocator.example, 127.0.0.1")
    monkeypatch.setenv("ALLOCATOR_OIDC_ISSUER", "")
    found = load()
    assert (found.jobs, found.trusted_hosts, found.oidc_issuer) == (
        3,
        ("allocator.example", "127.0.0.1"),
        None,
    )
    assert load(jobs=0).jobs == 0


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, ranges, and what goes together; and never the value of a secret."""
    monkeypatch.setenv("ALLOCATOR_JOB", "3")
    monkeypatch.setenv("ALLOCATOR_RATE", "0")
    monkeypatch.setenv("ALLOCATOR_PUBLIC_URL", "http://allocator.example")
    monkeypatch.setenv("ALLOCATOR_OIDC_CLIENT_SECRET", "hush")
    with pytest.raises(BadInput) as caught:
        load()
    assert {fault.column for fault in caught.value.faults} == {
        "ALLOCATOR_JOB", "ALLOCATOR_RATE", "ALLOCATOR_PUBLIC_URL",
    }  # fmt: skip
    assert "hush" not in str(caught.value)


def test_sign_in_needs_all_of_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said which are missing."""
    monkeypatch.setenv("ALLOCATOR_OIDC_ISSUER", "https://id.example")
    with pytest.raises(BadInput) as caught:
        load()
    assert "ALLOCATOR_OIDC_CLIENT_ID and ALLOCATOR_PUBLIC_URL" in str(caught.value.faults[0])


def test_its_own_name_is_trusted() -> None:
    """Beside this machine's; where any is, any stays."""
    assert "allocator.example" in Settings(public_url="https://allocator.example").hosts
    assert Settings(public_url="https://allocator.example", trusted_hosts=()).hosts == ()
    assert PREFIX == "ALLOCATOR_"
