"""The independent checker: the contract's rules told a second time, over a finished plan.

Written from the contract alone. It shares no code with what makes plans (rules, encode, solver), so that a
mistake there is found here.
"""

from allocator.audit.auditor import audit, broken_rules
from allocator.audit.finding import Finding
from allocator.audit.folder import audit_folder

__all__ = ["Finding", "audit", "audit_folder", "broken_rules"]
