"""The policy as given, laid over the shipped one, with every fault by key."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from allocator.errors import BadInput, Fault
from allocator.intake.cells import NUMBER
from allocator.intake.findings import did_you_mean, is_empty
from allocator.intake.headers import Record
from allocator.intake.sources import Place, RawPolicy, decode, read_bytes
from allocator.policy import Policy, ReviewType

Report = Callable[[Fault], None]
Keys = dict[str, Any]


def read_toml(path: Path, report: Report) -> RawPolicy | None:
    """Return a policy.toml's keys, or None after reporting why there are none."""
    data = read_bytes(path, report)
    return None if data is None else toml_keys(path.name, data, report)


def toml_keys(file: str, data: bytes, report: Report) -> RawPolicy | None:
    """Return the keys that a policy.toml's bytes hold, or None after reporting why there are none."""
    content = decode(data, file, report)
    if content is None:
        return None
    try:
        return RawPolicy(tomllib.loads(content.replace("\r\n", "\n")), Place(file))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        at = re.search(r"at line ([0-9]+), column ([0-9]+)", str(error))
        line, column = (int(at[1]), f" at column {at[2]}") if at else (None, "")
        hint = 'keys as `weeks = 8` under `[horizon]`; text in "quotes"'
        report(Fault("broken-toml", f"not TOML{column}", file, line, hint=hint))
        return None


def from_pairs(records: list[Record], place: Place, report: Report) -> RawPolicy:
    """Return the keys of a sheet with columns key and value; keys are dotted, such as `horizon.weeks`."""
    header = [str(cell).strip().casefold() for cell in records[0][1]] if records else []
    if not {"key", "value"} <= set(header):
        report(Fault("no-header", "line 1 is not key, value", place.file, 1, hint="columns key and value"))
        return RawPolicy({}, place)
    key_at, value_at = header.index("key"), header.index("value")
    document: Keys = {}
    lines: dict[str, int] = {}
    for line, row in records[1:]:
        key, value = str(row[key_at]).strip(), row[value_at]
        if not is_empty(value) and not _put(document, key.split("."), _from_cell(key, value)):
            message = f"key `{key}` stands twice"
            report(
                Fault("duplicate-key", message, place.file, line, column="key", value=key, hint="keep one")
            )
        lines["/" + key.replace(".", "/")] = line
    return RawPolicy(document, place, lines=lines)


def _put(document: Keys, path: list[str], value: object) -> bool:
    """Put a value under a dotted key; return False if something stands there already."""
    for part in path[:-1]:
        inner: object = document.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
        document = inner
    is_free = path[-1] not in document
    document.setdefault(path[-1], value)
    return is_free


def _from_cell(key: str, cell: object) -> object:
    """Return the JSON value that a cell of the sheet means."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if not isinstance(cell, str):
        return cell
    word = cell.strip()
    if key.endswith("skills"):
        return [part.strip() for part in word.split(";") if part.strip()]
    if word.lower() in {"true", "false"}:
        return word.lower() == "true"
    if NUMBER.fullmatch(word):
        return float(word) if "." in word else int(word)
    return _from_json(word) if word.startswith("[") else word


def _from_json(word: str) -> object:
    try:
        return json.loads(word)
    except (ValueError, RecursionError):
        return word


def without_as_of(raw: RawPolicy | None) -> RawPolicy | None:
    """Return the policy without its `as_of`."""
    if raw is None or not isinstance(raw.document, Mapping):
        return raw
    document = {str(key): value for key, value in raw.document.items() if key != "as_of"}
    return RawPolicy(document, raw.place, raw.prefix, raw.lines)


def checked(raw: RawPolicy | None, report: Report) -> Policy | None:
    """Return the policy that the keys, laid over the shipped one, make; None after reporting its faults."""
    if raw is None:
        return Policy()
    if not isinstance(raw.document, dict):
        report(raw.fault("", "wrong-type", "the policy is not an object", None, "an object of keys"))
        return None
    try:
        text = json.dumps(_laid_over(raw.document), default=_date_text)
        return Policy.model_validate_json(text, strict=True)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            report(_fault(raw, one))
    except (RecursionError, ValueError, TypeError):
        report(
            raw.fault(
                "", "bad-policy-value", "the policy is nested too deep or holds other than JSON values", None
            )
        )
    return None


def read_policy(given: Mapping[str, object]) -> Policy:
    """The policy of some keys, laid over the shipped one.

    Raises
    ------
    BadInput
        With every fault, each with a JSON pointer.
    """
    faults: list[Fault] = []
    policy = checked(without_as_of(RawPolicy(given, Place(None, is_json=True))), faults.append)
    if policy is None:
        raise BadInput(faults)
    return policy


def _date_text(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"no JSON value: {type(value).__name__}")


def _laid_over(given: Keys) -> Keys:
    """Return the given keys, with review types that name shipped ones completed from these.

    A policy that names none of the shipped types replaces them. Otherwise the shipped ones stay, and its own
    order holds if it names the shipped base: the first type is the base.
    """
    types = given.get("review_types")
    if not isinstance(types, dict):
        return given
    shipped = {name: _keys_of(kind) for name, kind in Policy().review_types.items()}
    own = {str(name).strip().lower(): value for name, value in types.items()}
    if len(own) < len(types) or not own.keys() & shipped.keys():
        return given
    merged = {name: _completed(shipped.get(name, {}), value) for name, value in own.items()}
    base = next(iter(shipped))
    return given | {"review_types": merged | shipped | merged if base in own else shipped | merged}


def _keys_of(kind: ReviewType) -> Keys:
    return kind.model_dump(mode="json", exclude_none=True)


def _completed(shipped: Keys, given: object) -> object:
    """Return the keys of one type or second, completed; `second = false` means none."""
    if not isinstance(given, dict):
        return given
    made = {**shipped, **given}
    second = given.get("second")
    if second is False:
        made["second"] = None
    if isinstance(second, dict):
        made["second"] = {**shipped.get("second", {}), **second}
    return made


_CODES = {"extra_forbidden": "unknown-key", "missing": "missing-value", "literal_error": "bad-choice",
          "finite_number": "nan", "greater_than": "out-of-range", "greater_than_equal": "out-of-range",
          "less_than": "out-of-range", "less_than_equal": "out-of-range"}  # fmt: skip

_MESSAGES = {
    "wrong-type": "has a value of the wrong type",
    "missing-value": "is required",
    "bad-choice": "is not one of the words allowed",
    "nan": "is not a finite number",
    "out-of-range": "is out of range",
}


def _fault(raw: RawPolicy, error: ErrorDetails) -> Fault:
    """Return the fault of one of pydantic's findings."""
    path = tuple(str(part) for part in error["loc"] if part != "[key]")
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    kind = error["type"]
    code = _CODES.get(kind, "wrong-type" if kind.endswith("_type") else "bad-policy-value")
    key = ".".join(path) or "the policy"
    if code == "unknown-key":
        near = did_you_mean(path[-1], _keys_at(path[:-1]))
        hint = f"did you mean `{near}`?" if near else "the keys are " + ", ".join(_keys_at(path[:-1]))
        return raw.fault(pointer, code, f"unknown key `{key}`", None, hint)
    value = None if kind in {"missing", "value_error", "json_invalid"} else error["input"]
    message = f"`{key}` {_MESSAGES.get(code, 'is not right')}"
    return raw.fault(pointer, code, message, value, _wanted(error["msg"]))


def _wanted(message: str) -> str:
    """Return pydantic's sentence as what would be right: "should be greater than or equal to 1"."""
    for opening in ("Input ", "Value error, ", "String ", "Field "):
        message = message.removeprefix(opening)
    return message[:1].lower() + message[1:]


def _keys_at(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys the policy knows at a path."""
    model: type[BaseModel] = Policy
    for part in path:
        if model is Policy and part == "review_types":
            model = ReviewType
        elif part in model.model_fields:
            model = _model_of(model, part) or model
    return tuple(model.model_fields)


def _model_of(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model of a key that is a table of keys."""
    annotation = cast(Any, model.model_fields[name].annotation)
    options = getattr(annotation, "__args__", (annotation,))
    return next((one for one in options if isinstance(one, type) and issubclass(one, BaseModel)), None)
