"""What these tests do without."""

import pytest

from benchmarks import _alone


@pytest.fixture(autouse=True)
def _lukewarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured here, so the cache need not be warm."""
    monkeypatch.setattr(_alone, "_warm_cache", lambda: None)
