"""What a plan claims for its three levels: values, bounds, gaps and proofs."""

from collections.abc import Iterator
from dataclasses import dataclass

from allocator.audit.checks_head import PROOFS
from allocator.audit.exact import number, whole
from allocator.audit.finding import Finding
from allocator.audit.rows import Line

SOURCES = ("prices", "search", "fixed")
GAP_TOLERANCE = 1e-6
"""Gaps are written with 6 decimals."""


@dataclass(frozen=True)
class Level:
    """What the audit found for one level.

    Parameters
    ----------
    fixed : tuple of int
        The least and the most that may be claimed as what no plan could avoid.
    certified : int or None
        The bound that the certificate proves; None if it rests on search.
    """

    name: str
    value: int
    fixed: tuple[int, int]
    certified: int | None = None


def objective(plan: Line, levels: tuple[Level, ...]) -> Iterator[Finding]:
    """Yield claims about the levels that do not hold, and claims that contradict each other."""
    said = plan.get("objective")
    if not isinstance(said, dict):
        yield Finding("shape", "objective", "an object with the three levels is asked for")
        return
    for level in levels:
        claim = said.get(level.name)
        if isinstance(claim, dict):
            yield from _level(level, claim)
        else:
            yield Finding(level.name, f"objective.{level.name}", "an object is asked for")
    yield from _whole_proof(plan, said, levels)


def _whole_proof(plan: Line, said: Line, levels: tuple[Level, ...]) -> Iterator[Finding]:
    """Yield a plan called optimal that has a level which is not."""
    solver = plan.get("solver")
    claims = [said.get(level.name) for level in levels]
    proved = all(isinstance(claim, dict) and claim.get("proof") == "optimal" for claim in claims)
    if isinstance(solver, dict) and solver.get("proof") == "optimal" and not proved:
        yield Finding("shape", "solver.proof", "is optimal, but not every level is")


def _level(level: Level, claim: Line) -> Iterator[Finding]:
    """Yield what is wrong in the claim of one level."""
    where = f"objective.{level.name}"
    numbers = [claim.get(name) for name in ("value", "fixed", "bound")]
    for name, said in zip(("value", "fixed", "bound"), numbers, strict=True):
        if whole(said) is None:
            yield Finding(level.name, f"{where}.{name}", f"is {said!r}, a whole number is asked for")
    value, fixed, bound = (whole(said) for said in numbers)
    if value is not None and value != level.value:
        yield Finding(level.name, f"{where}.value", f"is {value}, the plan's lines give {level.value}")
    least, most = level.fixed
    if fixed is not None and not least <= fixed <= most:
        yield Finding(level.name, f"{where}.fixed", f"is {fixed}, what no plan could avoid is {most}")
    yield from _certified(level, claim)
    if value is not None and fixed is not None and bound is not None:
        yield from _bound(level, claim, (value, fixed, bound))


def _certified(level: Level, claim: Line) -> Iterator[Finding]:
    """Yield a certified bound that the certificate does not give."""
    said, where = claim.get("certified_bound"), f"objective.{level.name}.certified_bound"
    if level.certified is None:
        if said is not None or "certified_bound" not in claim:
            yield Finding(level.name, where, f"is {said!r}, but the certificate proves nothing of this level")
    elif type(said) is not int or said != level.certified:
        yield Finding(level.name, where, f"is {said!r}, the certificate proves {level.certified}")


def _bound(level: Level, claim: Line, numbers: tuple[int, int, int]) -> Iterator[Finding]:
    """Yield a bound, gap or proof that cannot be."""
    (value, fixed, bound), where = numbers, f"objective.{level.name}"
    source, certified = claim.get("bounded_by"), claim.get("certified_bound")
    if bound > value:
        yield Finding(level.name, f"{where}.bound", f"is {bound}, above the value {value}")
    if bound < fixed:
        yield Finding(level.name, f"{where}.bound", f"is {bound}, below what no plan could avoid, {fixed}")
    if source not in SOURCES:
        yield Finding(level.name, f"{where}.bounded_by", f"is {source!r}, not one of {', '.join(SOURCES)}")
    if source == "fixed" and bound != fixed:
        yield Finding(level.name, f"{where}.bound", f"is {bound}, but said to be what is fixed, {fixed}")
    if source == "prices" and bound != certified:
        shown = "nothing" if certified is None else certified
        yield Finding(level.name, f"{where}.bound", f"is {bound} by prices, certified is {shown}")
    gap, right = number(claim.get("gap")), (value - bound) / max(1, value - fixed)
    if gap is None or abs(gap - right) > GAP_TOLERANCE:
        yield Finding(level.name, f"{where}.gap", f"is {claim.get('gap')!r}, it is {right:.6f}")
    if claim.get("proof") not in PROOFS:
        message = f"is {claim.get('proof')!r}, not one of {', '.join(PROOFS)}"
        yield Finding(level.name, f"{where}.proof", message)
    if claim.get("proof") == "optimal" and value != bound:
        message = f"is optimal, but the bound is {bound} and the value {value}"
        yield Finding(level.name, f"{where}.proof", message)
