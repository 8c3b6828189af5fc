"""Whether a certificate is of this plan, and which bound its prices prove."""

from collections.abc import Iterator

from allocator.audit.certificate import UNIT, Relaxation
from allocator.audit.exact import whole
from allocator.audit.finding import Finding
from allocator.audit.levels import LEVELS, Unavoidable
from allocator.audit.prices import read_prices
from allocator.audit.rows import Line
from allocator.audit.view import View

BoundRange = tuple[int, int]
_MISSING = "a plan without moves comes with prices for level 1"


def certified(view: View, fixed: Unavoidable, certificate: object) -> tuple[BoundRange | None, list[Finding]]:
    """Return the least and the most bound that the prices of level 1 prove, None without prices."""
    if certificate is None:
        missing = Finding("certificate", "certificate", _MISSING)
        return None, [] if view.max_moves else [missing]
    if not isinstance(certificate, dict):
        return None, [Finding("certificate", "certificate", "an object is asked for")]
    findings = [*_head(view, certificate), *_other_levels(certificate)]
    levels = certificate.get("levels")
    level = levels.get(LEVELS[0]) if isinstance(levels, dict) else None
    if level is None or (isinstance(level, dict) and level.get("kind") == "search"):
        if not view.max_moves:
            where = f"levels.{LEVELS[0]}"
            findings.append(Finding("certificate", where, _MISSING))
        return None, findings
    if not isinstance(level, dict) or level.get("kind") != "lagrangian" or view.max_moves:
        message = "only prices of the kind lagrangian, of a plan without moves, can be checked"
        return None, [*findings, Finding("certificate", f"levels.{LEVELS[0]}", message)]
    proved, faults = _bounds(view, fixed, level)
    return proved, findings + faults


def _head(view: View, certificate: Line) -> Iterator[Finding]:
    """Yield what shows that the certificate is of another plan."""
    right = {name: view.plan.get(name) for name in ("snapshot_digest", "plan_id", "max_moves")}
    for name, value in {**right, "unit": UNIT}.items():
        said = certificate.get(name)
        if type(said) is not type(value) or said != value:
            yield Finding("certificate", name, f"is {said!r}, of this plan it is {value!r}")


def _other_levels(certificate: Line) -> Iterator[Finding]:
    """Yield levels the certificate lacks, or claims to prove in a way that cannot be checked."""
    levels = certificate.get("levels")
    if not isinstance(levels, dict) or not set(LEVELS) <= set(levels):
        yield Finding("certificate", "levels", "the three levels are asked for, null where nothing is proved")
        return
    for name, said in levels.items():
        if name != LEVELS[0] and said is not None:
            yield Finding("certificate", f"levels.{name}", "prices of this level cannot be checked yet")


def _bounds(view: View, fixed: Unavoidable, level: Line) -> tuple[BoundRange, list[Finding]]:
    """Return the bounds by the prices of a level, with as few and with as many pairs as the contract allows.

    Whether a pair that a limit forbids from the start (no open case left, another person's linked set) is
    counted is left open; every bound between the two readings is proved.
    """
    prices, faults = read_prices(level, view.facts, view.standing, view.room)
    findings = [Finding("certificate", f"levels.{LEVELS[0]}", fault) for fault in faults]
    if level.get("moves", 0) != 0 or isinstance(level.get("moves"), bool):
        findings.append(Finding("certificate", f"levels.{LEVELS[0]}", "moves: without moves its price is 0"))
    points = fixed.unallocated()
    tight = Relaxation(view.facts, view.standing, view.room, fixed.arcs.where(fixed.arcs.alone))
    most = least = tight.bound(prices, points)
    said = whole(level.get("bound"))
    if said is not None and said < most:
        least = Relaxation(view.facts, view.standing, view.room, fixed.arcs).bound(prices, points)
    if said is None or not least <= said <= most:
        message = f"is {level.get('bound')!r}, the prices prove {most}"
        findings.append(Finding("certificate", f"levels.{LEVELS[0]}.bound", message))
        return (most, most), findings
    return (said, said), findings
