"""The rules of the contract: who may take which place, each with its code, its sentence and its mask."""

from allocator.rules.rule import Bools, Mask, Rule
from allocator.rules.table import RULES, codes_of, without

__all__ = ["RULES", "Bools", "Mask", "Rule", "codes_of", "without"]
