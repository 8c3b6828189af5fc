"""Sets of roles, each named for who they are."""

from __future__ import annotations

from typing import Final

from allocator.store.callers import Role

ADMINS: Final = frozenset({Role.ADMIN})
REVIEWERS: Final = frozenset({Role.REVIEWER})
STAFF: Final = frozenset({Role.COORDINATOR, Role.ADMIN})
"""Who works with the queue."""
ADMINS_AND_AUDITORS: Final = ADMINS | {Role.AUDITOR}
STAFF_AND_AUDITORS: Final = STAFF | {Role.AUDITOR}
STAFF_AND_COMMISSIONERS: Final = STAFF | {Role.COMMISSIONER}
STAFF_AND_REVIEWERS: Final = STAFF | REVIEWERS
STAFF_AND_SYSTEMS: Final = STAFF | {Role.CASE_SYSTEM}
OVERSEERS: Final = STAFF_AND_AUDITORS | {Role.COMMISSIONER}
"""Who sees how the work goes: all but reviewers and case systems."""
READERS: Final = STAFF_AND_AUDITORS | {Role.CASE_SYSTEM}
"""Who sees cases that are not their own."""
ALL_BUT_REVIEWERS: Final = READERS | {Role.COMMISSIONER}
EVERYONE: Final = frozenset(Role)
