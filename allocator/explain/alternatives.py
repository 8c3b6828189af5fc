"""What is told of someone else for a place: the price to the whole plan, by level, and what else changes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from allocator.plan import LevelName, Part, RoleName
from allocator.voice import capital, listed

MOST_TOLD = 5


class LevelPrice(Part):
    """Points of one level that it would cost, beside the plan as it is; None: not known."""

    floor: int | None = Field(description="No plan with this reviewer costs less; empty: nothing is proved")
    found: int | None = Field(description="What the best plan found with this reviewer costs")


class Swap(Part):
    """A place that would change hands as well."""

    case_id: str
    role: RoleName
    before: str | None = Field(description="Who has it in the plan; empty: nobody")
    after: str | None = Field(description="Who would have it; empty: nobody")


class Alternative(Part):
    """Someone else for the place, and the price to the whole plan."""

    reviewer_id: str = Field(description="Who could have it")
    proof: Literal["exact", "interval", "floor", "impossible"] = Field(
        description="The price is proved; between floor and found; no less than the floor; or no plan does it"
    )
    prices: dict[LevelName, LevelPrice] = Field(description="By level; a higher level outweighs all below")
    changes: tuple[Swap, ...] = Field(description="What else would change hands in the best plan found")
    sentence: str = Field(description="The same in words")


def cost_in_words(prices: dict[LevelName, LevelPrice], exact: bool) -> str:
    """What it costs, from the first level that it changes: `for 95 points more unallocated`."""
    found = {name: price.found for name, price in prices.items() if price.found}
    if not found:
        return "at no price" if exact else "at no price that was found"
    first = next(iter(found.values()))
    points = [
        f"{_points(abs(n))} {'more' if n > 0 else 'fewer'} {_WORDS[name]}" for name, n in found.items() if n
    ]
    if first is not None and first < 0:
        return f"in a better plan than this: {listed(points)}"
    if exact:
        return f"for {listed(points)}"
    name, price = next((name, price) for name, price in prices.items() if price.found)
    if price.floor == price.found:
        return f"for {listed(points)}, proved of {name} alone"
    known = f", and {price.floor:,} {_WORDS[name]} at least" if price.floor and price.floor > 0 else ""
    return f"for {listed(points)} at most{known}"


def _points(count: int) -> str:
    return f"{count:,} point{'' if count == 1 else 's'}"


def at_least(floor: int) -> str:
    """What prices alone prove, in words."""
    if floor > 0:
        return f"could have it for {_points(floor)} more unallocated at least"
    return "might have it: what that costs was not looked for, and nothing proves that it costs anything"


def others_in_words(swaps: tuple[Swap, ...]) -> str:
    """What else would change hands, in sentences to go on with; nothing if nothing does."""
    lost = [_seat(swap) for swap in swaps if swap.after is None]
    moved = [f"{_seat(swap)} would go to {swap.after}" for swap in swaps if swap.after is not None]
    told = [f"{listed(lost)} would then have nobody"] if lost else []
    told += [f"{'; '.join(moved[:MOST_TOLD])}{_more(len(moved) - MOST_TOLD)}"] if moved else []
    return "".join(f" {capital(sentence)}." for sentence in told)


def _seat(swap: Swap) -> str:
    return swap.case_id if swap.role == "lead" else f"the second place of {swap.case_id}"


def _more(count: int) -> str:
    return f"; and {count} more" if count > 0 else ""


_WORDS = {"unallocated": "unallocated", "late": "late", "cost": "of cost"}
