"""Places and reviewers of a problem, by their ids; one that there is not is a fault."""

from __future__ import annotations

import numpy as np

from allocator.encode import Encoding
from allocator.errors import BadInput, Fault
from allocator.held import Role
from allocator.known import unknown
from allocator.plan import RoleName


def place_row(encoding: Encoding, case_id: str, role: RoleName) -> int:
    """The row of a place.

    Raises
    ------
    BadInput
        There is no such case, or it has no such place.
    """
    facts, places = encoding.facts, encoding.places
    if case_id not in facts.case_row:
        raise BadInput([unknown("case", case_id, facts.case_row)])
    here = (places.case == facts.case_row[case_id]) & (places.role == Role[role.upper()])
    if not here.any():
        raise BadInput([Fault("no-such-place", f"the case has no {role} reviewer", value=case_id)])
    return int(np.flatnonzero(here)[0])


def reviewer_row(encoding: Encoding, reviewer_id: str) -> int:
    """The row of a reviewer.

    Raises
    ------
    BadInput
        There is no such reviewer.
    """
    rows = encoding.facts.reviewer_row
    if reviewer_id not in rows:
        raise BadInput([unknown("reviewer", reviewer_id, rows)])
    return rows[reviewer_id]
