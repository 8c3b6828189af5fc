"""What every test stands on: the same examples every time, and the longer sets only when asked for."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.examples import too_few, wanted_of

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "default", max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=_QUIET
)
settings.register_profile("slow", settings.get_profile("default"), max_examples=2000)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--thorough`, as in CI, and `--slow`: that, the slow-marked tests, and 2,000 examples for 100."""
    parser.addoption(
        "--thorough",
        action="store_true",
        help="as CI does: pages by keyboard and without scripts too, and what breaks",
    )
    parser.addoption(
        "--slow", action="store_true", help="run the slow-marked tests too, with 2,000 examples each"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples each property gets; whoever runs the tests has a database of their own."""
    os.environ.pop("DATABASE_URL", None)
    settings.load_profile("slow" if config.getoption("--slow") else "default")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the marked tests that were not asked for."""
    if config.getoption("--slow"):
        return
    marks = ("slow",) if config.getoption("--thorough") else ("slow", "thorough")
    left_out = [item for item in items if any(map(item.get_closest_marker, marks))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a property that passed with fewer examples than there are to be: most were thrown away."""
    report = yield
    statistics = getattr(item, "hypothesis_statistics", "")
    if report.when == "call" and report.passed and too_few(statistics, wanted_of(getattr(item, "obj", None))):
        report.outcome, report.longrepr = "failed", f"too few examples\n{statistics}"
    return report
