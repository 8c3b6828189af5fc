"""What an answer says of other areas is taken out of it before an area's key gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import BaseModel, JsonValue

from allocator.store import Record, records
from allocator.store.kinds import CASES
from allocator.store.sharing import is_lent
from api.calls import Call
from api.scope import ELSEWHERE, is_everywhere

M = TypeVar("M", bound=BaseModel)
_WORD: Final = re.compile(r"[\w-]+")


def redacted(call: Call, answer: M, case: Record | None = None) -> M:
    """The same answer in which no case and no reviewer of another area has a name.

    Parameters
    ----------
    case : the one that it is about: who is lent to it may be named
    """
    if is_everywhere(call.caller):
        return answer
    cases = records.ids_elsewhere(call.connection, CASES, call.caller.areas)
    people = records.ids_elsewhere(call.connection, "reviewers", call.caller.areas)
    if case is not None:
        borrower, homes = str(case.area), {home for home in people.values() if home}
        lenders = {home for home in homes if is_lent(call.connection, home, borrower, case.record_id)}
        people = {who: home for who, home in people.items() if home not in lenders}
    hidden = _Hidden.of({*cases, *people})
    return type(answer).model_validate(_without(answer.model_dump(mode="json"), hidden))


@dataclass(frozen=True)
class _Hidden:
    """Ids that are not to be named: those that are one word each are looked up, the others looked for."""

    words: frozenset[str]
    others: tuple[str, ...]

    @staticmethod
    def of(ids: set[str]) -> _Hidden:
        words = frozenset(one for one in ids if _WORD.fullmatch(one))
        return _Hidden(words, tuple(sorted(ids - words, key=len, reverse=True)))


def _without(value: JsonValue, hidden: _Hidden) -> JsonValue:
    if isinstance(value, str):
        return _text(value, hidden)
    if isinstance(value, list):
        return [_without(one, hidden) for one in value]
    if isinstance(value, dict):
        return {_text(key, hidden): _without(one, hidden) for key, one in value.items()}
    return value


def _text(text: str, hidden: _Hidden) -> str:
    for one in hidden.others:
        if one in text:
            text = re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", ELSEWHERE, text)
    return _WORD.sub(lambda found: ELSEWHERE if found[0] in hidden.words else found[0], text)
