"""How large a workforce must be: the cheapest one, by group and area, that meets the targets often enough."""

from scenarios.sizing.answers import Sized
from scenarios.sizing.groups import Least
from scenarios.sizing.sizer import Wanted, check, sized

__all__ = ["Least", "Sized", "Wanted", "check", "sized"]
