"""Whether a certificate is of this plan, and which bounds it proves."""

from collections.abc import Iterator

from allocator.audit.bound import proved
from allocator.audit.choice import Choice, read_choice
from allocator.audit.exact import whole
from allocator.audit.finding import Finding
from allocator.audit.levels import LEVELS, Unavoidable
from allocator.audit.prices import UNIT, Reader
from allocator.audit.rows import Line
from allocator.audit.shared import Shared, read_shared
from allocator.audit.view import View

KINDS = ("lagrangian", "fixed", "search")
Bounds = dict[str, int | None]


def certified(
    view: View, fixed: Unavoidable, values: tuple[int, ...], certificate: object
) -> tuple[Bounds, list[Finding]]:
    """Return the bound that need not be believed of each level that has one, and what is wrong.

    Parameters
    ----------
    values : tuple of int
        The plan's points at each level, worked out again.
    """
    if not isinstance(certificate, dict):
        return {}, [Finding("certificate", "certificate", "an object is asked for")]
    findings, entries = list(_head(view, certificate)), _entries(certificate)
    bounds: Bounds = {}
    relaxed = Relaxed(view, fixed, values)
    for level, name in enumerate(LEVELS):
        entry, where = entries.get(name), f"levels.{name}"
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or kind not in KINDS:
            findings.append(
                Finding("certificate", where, f"one of the kinds {', '.join(KINDS)} is asked for")
            )
            continue
        if kind == "lagrangian":
            bounds[name], faults = relaxed.bound(level, entry)
        else:
            bounds[name], faults = _claimed(view, name, entry)
        findings += [Finding("certificate", where, fault) for fault in faults]
    return bounds, findings


def _head(view: View, certificate: Line) -> Iterator[Finding]:
    """Yield what shows that the certificate is of another plan."""
    right = {name: view.plan.get(name) for name in ("snapshot_digest", "plan_id", "max_moves")}
    for name, value in {**right, "unit": UNIT}.items():
        said = certificate.get(name)
        if type(said) is not type(value) or said != value:
            yield Finding("certificate", name, f"is {said!r}, of this plan it is {value!r}")


def _entries(certificate: Line) -> Line:
    """Return what is said of each level."""
    levels = certificate.get("levels")
    return levels if isinstance(levels, dict) else {}


def _claimed(view: View, name: str, entry: Line) -> tuple[int | None, list[str]]:
    """Return what is fixed, if the bound is that; else nothing: a search has to be believed."""
    objective = view.plan.get("objective")
    claim = objective.get(name) if isinstance(objective, dict) else None
    names = ("bound", "fixed") if entry["kind"] == "fixed" else ("bound",)
    right = [claim.get(part) if isinstance(claim, dict) else None for part in names]
    said = whole(entry.get("bound"))
    if said is None or any(said != part for part in right):
        return None, [f"bound is {entry.get('bound')!r}, the plan says {' and '.join(map(str, right))}"]
    return said if entry["kind"] == "fixed" else None, []


class Relaxed:
    """A snapshot as prices see it, looked at once it is needed."""

    def __init__(self, view: View, fixed: Unavoidable, values: tuple[int, ...]) -> None:
        self._view, self._fixed, self._values = view, fixed, values
        self._seen: tuple[Choice, tuple[Shared, ...]] | None = None

    def bound(self, level: int, entry: Line) -> tuple[int, list[str]]:
        """Return what the prices of a level prove of what it claims, and what is wrong with them."""
        choice, shared = self._look()
        faults: list[str] = []
        prices = Reader(entry, faults).prices(choice, shared, self._values[:level])
        most, said = proved(choice, prices), whole(entry.get("bound"))
        if said is None or said > most:
            faults.append(f"bound is {entry.get('bound')!r}, the prices prove {most}")
            return most, faults
        return said, faults

    def _look(self) -> tuple[Choice, tuple[Shared, ...]]:
        if self._seen is None:
            view, fixed = self._view, self._fixed
            choice = read_choice(view.facts, view.tables, view.standing, fixed)
            self._seen = choice, read_shared(choice, fixed, view.max_moves)
        return self._seen
