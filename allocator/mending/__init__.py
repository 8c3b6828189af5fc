"""What to mend first: what is wrong with rows set aside, and what kept cases lack, by what it holds up.

First comes what keeps cases out of any plan, then what makes reviewers look freer than they are, then what
somebody has to declare, then what is merely assumed; of these, what concerns most overdue cases.
"""

from allocator.mending.first import to_mend
from allocator.mending.groups import Concern, Group, Level, Row

__all__ = ["Concern", "Group", "Level", "Row", "to_mend"]
