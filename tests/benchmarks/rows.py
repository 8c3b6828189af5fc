"""Rows made by hand, for what is done with rows."""

from benchmarks._found import PORTFOLIO, Mark
from benchmarks._rows import Row


def row(
    gap: float | None, seed: int = 1, instance: str = "100x12-load1", method: str = PORTFOLIO, **more: object
) -> Row:
    """Return a row of a run that had five seconds; without a gap, of one that found no plan."""
    objective = None if gap is None else 100
    told: dict[str, object] = {"time_limit": 5, **more}
    return Row(instance, method, objective, 90, gap, 4.0, 5.0, 300.0, seed, 2, {}, told)


def mark(value: float, bound: float = 0.0) -> Mark:
    """Return where a search stood."""
    return {"value": value, "bound": bound, "gap": (value - bound) / value}
