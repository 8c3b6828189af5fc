"""Which codes are the same organisation: those whose successors and parents end at one code."""

from __future__ import annotations

from collections.abc import Iterable

from allocator.places import Organisation


class Roots:
    """Where each organisation's code ends, following its successor, else its parent, as far as they go."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._next = {o.organisation: o.successor or o.parent for o in organisations}
        self._known: dict[str, str] = {}

    def of(self, code: str) -> str:
        """The code at the end of the chain; a code that is not in the table is its own."""
        if code not in self._known:
            self._known[code] = self._follow(code)
        return self._known[code]

    def _follow(self, code: str) -> str:
        """The last code of the chain; of a ring, its least code, whichever of them one starts from."""
        chain = [code]
        while following := self._next.get(chain[-1]):
            if following in chain:
                return min(chain[chain.index(following) :])
            chain.append(following)
        return chain[-1]
