"""A scenario filled from what is there: a snapshot or the store, and what completed reviews have told."""

from scenarios.fill.calibrated import Fragment, read_fragment
from scenarios.fill.fill import Filling, fill, filled_text
from scenarios.fill.values import EACH, Filled, Kept

__all__ = ["EACH", "Filled", "Filling", "Fragment", "Kept", "fill", "filled_text", "read_fragment"]
