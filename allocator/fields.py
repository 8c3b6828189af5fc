"""The kinds of field the models are made of: each with its range and how it is written the same way twice."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days outside these are slips of the pen (or `9999-12-31` for "open", which is an empty cell here)."""

# No control characters, and no `;`, which parts a list in a cell.
_ONE_WORD = r"^[^;\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
# Free text may run over lines.
_FREE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+$"


class Row(BaseModel):
    """What every model of the input is: frozen, closed to unknown keys, written with the contract's names."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values in their order, each once."""
    return tuple(dict.fromkeys(values))


def _to_two_decimals(degrees: float) -> float:
    """Return a position as coarse as privacy asks (about 1 km), never -0.0."""
    return round(degrees, 2) + 0.0


Identifier = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=_ONE_WORD)
]
"""A case or reviewer id: kept as typed, as capitals may matter to the system it comes from."""
Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=64, pattern=_ONE_WORD),
]
"""An area's or organisation's code, in capitals."""
Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=64, pattern=_ONE_WORD),
]
"""A skill or label, in small letters."""
FreeText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=_FREE)
]
"""A remark for people; no rule reads it."""

Identifiers = Annotated[tuple[Identifier, ...], AfterValidator(_once)]
Codes = Annotated[tuple[Code, ...], AfterValidator(_once)]
Labels = Annotated[tuple[Label, ...], AfterValidator(_once)]

Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Hours = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
SomeHours = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
CoarseLatitude = Annotated[Latitude, AfterValidator(_to_two_decimals)]
CoarseLongitude = Annotated[Longitude, AfterValidator(_to_two_decimals)]
Kilometres = Annotated[float, Field(gt=0, le=20_000, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=100_000)]
