"""What a plan says of itself: the snapshot it is of, the policy, and how it was made."""

from collections.abc import Iterator

from pydantic import ValidationError

from allocator.audit.exact import number
from allocator.audit.finding import Finding
from allocator.audit.rows import Line
from allocator.policy import Policy
from allocator.snapshot import Snapshot

PROOFS = ("optimal", "within_gap", "best_found")
_TEXTS = ("plan_id", "created_at")


def head(snapshot: Snapshot, plan: Line) -> Iterator[Finding]:
    """Yield what does not fit the snapshot, or is of the wrong kind."""
    yield from _digest(snapshot, plan)
    for name in _TEXTS:
        if not (isinstance(plan.get(name), str) and plan[name]):
            yield Finding("shape", name, "a text is asked for")
    if not isinstance(plan.get("warnings"), list):
        yield Finding("shape", "warnings", "a list is asked for")
    yield from _solver(plan.get("solver"))


def _digest(snapshot: Snapshot, plan: Line) -> Iterator[Finding]:
    """Yield a digest, day or policy that is not the snapshot's."""
    right = snapshot.digest()
    if plan.get("snapshot_digest") != right:
        said = plan.get("snapshot_digest")
        yield Finding("digest", "snapshot_digest", f"is {said!r}, the snapshot's is {right}")
    if plan.get("as_of") != snapshot.as_of.isoformat():
        yield Finding("digest", "as_of", f"is {plan.get('as_of')!r}, the snapshot's is {snapshot.as_of}")
    try:
        same = Policy.model_validate(plan.get("policy"), strict=False) == snapshot.policy
    except ValidationError:
        same = False
    if not same:
        yield Finding("digest", "policy", "is not the snapshot's policy")


def _solver(said: object) -> Iterator[Finding]:
    """Yield entries of `solver` that are missing or of the wrong kind."""
    if not isinstance(said, dict):
        yield Finding("shape", "solver", "an object is asked for")
        return
    kinds = {
        "method": isinstance(said.get("method"), str),
        "proof": said.get("proof") in PROOFS,
        "seconds": number(said.get("seconds")) is not None,
        "seed": type(said.get("seed")) is int,
        "workers": type(said.get("workers")) is int,
        "versions": isinstance(said.get("versions"), dict),
        "effort": "effort" in said and (said["effort"] is None or type(said["effort"]) is int),
        "previous_plan_id": isinstance(said.get("previous_plan_id"), str | None),
    }
    for name, right in kinds.items():
        if not right:
            yield Finding("shape", f"solver.{name}", f"is {said.get(name)!r}")


def max_moves(plan: Line) -> tuple[int, list[Finding]]:
    """Return how many held cases may change hands, 0 if the plan does not say so rightly."""
    said = plan.get("max_moves")
    if type(said) is int and said >= 0:
        return said, []
    return 0, [Finding("shape", "max_moves", f"is {said!r}, a whole number from 0 is asked for")]
