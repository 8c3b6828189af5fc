"""A line of the audit in words: what was done, and what is otherwise since."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pydantic import JsonValue

from api import words
from api.reasons import ENDED, INSTEAD

Line = Mapping[str, Any]
Values = Mapping[str, JsonValue]
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
KINDS: Final = {
    "cases": "case",
    "reviewers": "reviewer",
    "absences": "absence",
    "declines": "decline",
    "interests": "interest",
    "areas": "area",
    "organisations": "organisation",
    "contracts": "contract",
    "policies": "policy",
    "plans": "plan",
    "jobs": "request",
    "keys": "key",
    "invites": "link",
    "sessions": "session",
    "consents": "consent",
    "standing-orders": "standing order of",
    "webhooks": "webhook",
    "deliveries": "delivery",
    "quarantine": "row",
}
HOW: Final = {
    "mended": "Mended and kept",
    "replaced": "Sent anew",
    "dismissed": "Dismissed",
}
"""What became of a row that was set aside."""
GONE: Final = "What it said was deleted after its time to be kept."


def says(line: Line) -> str:
    """What was done, in a sentence."""
    teller = ACTIONS.get(str(line["action"]), _any)
    return teller(line, line["before"] or {}, line["after"] or {})


def changes(line: Line) -> tuple[str, ...]:
    """What is otherwise since, a sentence a field; nothing for what its sentence says already."""
    before, after = line["before"], line["after"]
    if before is None and after is None:
        return (GONE,) if line["kind"] == "cases" and line["action"] != "forget" else ()
    if not any("body" in (side or {}) for side in (before, after)):
        return ()
    return tuple(_changes(_flat(before or {}), _flat(after or {})))


def _changes(before: dict[str, JsonValue], after: dict[str, JsonValue]) -> Iterator[str]:
    for name in sorted({*before, *after}):  # a database keeps no order of keys
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        label = words.label(name)
        if was in (None, [], ""):
            yield f"{label}: {_value(name, now)}"
        elif now in (None, [], ""):
            yield f"{label}: was {_value(name, was)}, and is not given any more"
        else:
            yield f"{label}: was {_value(name, was)}, is {_value(name, now)}"


def _flat(values: Values) -> dict[str, JsonValue]:
    """Fields of a record and their values; those of the policy by the words of where they stand."""
    found: dict[str, JsonValue] = {}
    for name, value in values.items():
        if name in ("body", "policy") and isinstance(value, Mapping):
            found |= _flat(value)
        elif isinstance(value, Mapping):
            found |= {f"{name} {key}": one for key, one in _flat(value).items()}
        elif name not in ("review_type_order", "removed"):
            found[name] = value
    return found


def _value(name: str, value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(name, one) for one in value) or "none"
    if name == "state":
        return words.state(str(value))
    if isinstance(value, str) and _DAY.fullmatch(value):
        return words.day(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _of(line: Line) -> str:
    """What it was done to: of absences, declines and interests the id says nothing."""
    kind = KINDS.get(line["kind"], words.sentence(line["kind"]).lower())
    about = _flat(line["after"] or line["before"] or {}).get("reviewer_id")
    if line["kind"] in ("absences", "declines", "interests"):
        return f"{kind} of {about}" if about else kind
    return "the policy" if line["kind"] == "policies" else f"{kind} {line['record_id']}"


def _any(line: Line, _: Values, __: Values) -> str:
    return f"{words.sentence(line['action'])}: {_of(line)}."


def _put(line: Line, _: Values, __: Values) -> str:
    new = line["before"] is None and line["after"] is not None
    return f"{'Entered' if new else 'Changed'} {_of(line)}."


def _place(values: Values) -> str:
    return "lead" if values.get("role") == "lead" else "second reviewer"


def _give(line: Line, _: Values, after: Values) -> str:
    if "reviewer_id" not in after:
        return f"Changed {_of(line)}, as somebody has it now."
    return f"Gave case {line['record_id']} to {after['reviewer_id']} as its {_place(after)}."


def _take_back(line: Line, before: Values, after: Values) -> str:
    if "reviewer_id" not in before:
        return f"Changed {_of(line)}, as somebody has it no more."
    why = words.lower_first(ENDED.get(str(after.get("why", "")), ""))
    told = f": {why}" if why else ""
    return f"Took case {line['record_id']} back from {before['reviewer_id']}, its {_place(before)}{told}."


def _accept(line: Line, _: Values, after: Values) -> str:
    return f"{after.get('reviewer_id', 'Its reviewer')} accepted case {line['record_id']}."


def _declare(line: Line, _: Values, after: Values) -> str:
    who = after.get("reviewer_id", "A reviewer")
    return f"{who} declared that they are independent of case {line['record_id']}."


def _reason(after: Values) -> str:
    """Why somebody else was chosen than was advised."""
    return words.lower_first(INSTEAD.get(str(after.get("reason")), str(after.get("reason"))))


def _approve(line: Line, _: Values, after: Values) -> str:
    if "reviewer_id" not in after:
        return f"Approved case {line['record_id']} in a plan."
    who = f"{after['reviewer_id']} as the {_place(after)} of case {line['record_id']}"
    told = f"Approved {who}, in plan {after.get('plan')}"
    if "advised" in after:
        why = _reason(after)
        told += f", in place of {after['advised']} whom the plan advises: {why}"
    return f"{told}."


def _depart(line: Line, _: Values, after: Values) -> str:
    why = _reason(after)
    who = f"{after.get('reviewer_id')} as the {_place(after)} of case {line['record_id']}"
    return f"Chose {who}, in place of {after.get('advised')} who was advised: {why}."


def _move(line: Line, _: Values, after: Values) -> str:
    state = after.get("state")
    return f"Moved case {line['record_id']} on{f' to {words.state(str(state))}' if state else ''}."


def _merge(line: Line, before: Values, after: Values) -> str:
    into = after.get("merged_into")
    if into and into != before.get("merged_into"):
        return f"Merged case {line['record_id']} into case {into}, as they are one."
    return f"Case {line['record_id']} has now what its duplicate had."


def _propose(line: Line, _: Values, __: Values) -> str:
    return f"Kept plan {line['record_id']}: its lines are proposed."


def _publish(line: Line, _: Values, after: Values) -> str:
    lines = after.get("lines")
    if not isinstance(lines, list):
        return f"Changed {_of(line)}, as work on it begins."
    told = ", ".join(f"{one[0]} ({one[1]})" for one in lines if isinstance(one, list))
    return f"Published {words.count(len(lines), 'line')} of plan {line['record_id']}: {told}."


def _undo(line: Line, _: Values, after: Values) -> str:
    if line["kind"] == "plans":
        return f"Undid publication {after.get('publication', '')} of plan {line['record_id']}."
    return f"Put {_of(line)} back as it was before it was published."


def _consent(_: Line, __: Values, after: Values) -> str:
    only = f" for case {after['case_id']}" if after.get("case_id") else ""
    return f"{after.get('lender')} lends its reviewers to {after.get('borrower')}{only}."


def _for(line: Line, _: Values, after: Values) -> str:
    """A key or a link: for whom."""
    areas = after.get("areas")
    where = ", ".join(map(str, areas)) if isinstance(areas, list) and areas else "all areas"
    role = words.ROLES.get(str(after.get("role")), "somebody")
    return f"Made {_of(line)} for: {role}, {where}."


def _sign_in(_: Line, __: Values, after: Values) -> str:
    return f"Signed in as {words.ROLES.get(str(after.get('role')), 'somebody').lower()}."


def _end(line: Line, _: Values, after: Values) -> str:
    if "code" in after:
        return f"Failed: {_of(line)}."
    made = f"; it made plan {after['plan']}" if after.get("plan") else ""
    return f"Done: {_of(line)}{made}."


def _set_aside(line: Line, _: Values, after: Values) -> str:
    return f"Set {_row(line, after)} aside, as it has faults: {_codes(after)}."


def _amend(line: Line, _: Values, after: Values) -> str:
    return f"Changed {_row(line, after)}, which is set aside: {_codes(after)}."


def _settle(line: Line, _: Values, after: Values) -> str:
    how = str(after.get("how"))
    why = words.DISMISSED.get(str(after.get("why")), "")
    return f"{HOW.get(how, words.sentence(how))}: {_row(line, after)}{f', as {why}' if why else ''}."


def _row(line: Line, values: Values) -> str:
    """A row that is set aside: what it would be."""
    kind = KINDS.get(str(values.get("kind")), "record")
    return f"row {line['record_id']}, of {kind} {values.get('id') or 'of no known number'}"


def _codes(values: Values) -> str:
    codes = values.get("codes")
    return ", ".join(words.sentence(str(one)).lower() for one in codes) if isinstance(codes, list) else ""


def _plain(text: str) -> Callable[[Line, Values, Values], str]:
    return lambda line, before, after: text.format(of=_of(line), id=line["record_id"])


ACTIONS: Final[Mapping[str, Callable[[Line, Values, Values], str]]] = {
    "put": _put,
    "remove": _plain("Took back {of}: it counts no more."),
    "give": _give,
    "take-back": _take_back,
    "accept": _accept,
    "declare": _declare,
    "approve": _approve,
    "depart": _depart,
    "move": _move,
    "merge": _merge,
    "unmerge": _plain("Parted {of} again."),
    "propose": _propose,
    "publish": _publish,
    "undo": _undo,
    "count": _plain("Counted for {of} what was published or undone."),
    "forget": _plain("Deleted what {of} said, after its time to be kept. That it was there stays."),
    "consent": _consent,
    "end-consent": _plain("Ended consent {id}: the area lends no more."),
    "submit": _plain("Asked for a plan or a scenario: {of}."),
    "stop": _plain("Stopped {of}."),
    "end": _end,
    "share": _plain("Let others of the asker's role read {of}."),
    "unshare": _plain("Let nobody but its asker read {of} any more."),
    "make-key": _for,
    "rotate-key": _plain("Replaced {of} with a new one."),
    "revoke-key": _plain("Ended {of}."),
    "invite": _for,
    "sign-in": _sign_in,
    "sign-out": _plain("Signed out."),
    "hear": _plain("Heard of {of} from the system that it comes from."),
    "order": _plain("Gave the {of}: it is planned by itself."),
    "end-order": _plain("Ended the {of}: it is not planned by itself any more."),
    "settle-order": _plain("Planned by itself for this time: {of}."),
    "make-webhook": _plain("Made {of}: events are sent there."),
    "change-webhook": _plain("Changed {of}."),
    "rotate-webhook": _plain("Gave {of} another secret."),
    "end-webhook": _plain("Ended {of}: no more events are sent there."),
    "replay": _plain("Asked for {of} to be sent again."),
    "leave-out": _plain("Left {of} out."),
    "set-aside": _set_aside,
    "amend": _amend,
    "settle": _settle,
}
"""By action, what says what was done."""
