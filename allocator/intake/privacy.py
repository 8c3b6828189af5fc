"""What the service must not be given: columns that look like personal data, and NHS numbers as ids."""

import re
from typing import Final

# Whole column names, letters only.
_NAMES: Final = frozenset(
    """
    name names fullname firstname forename givenname middlename surname lastname familyname maidenname title
    patient patientname personname nhs nhsno nhsnum nhsnumber nhsid dob dateofbirth birthdate birthday bornon
    causeofdeath deathcause cod diagnosis address homeaddress addressline street town postcode postalcode zip
    zipcode phone telephone tel mobile email emailaddress nextofkin nok gender sex ethnicity religion
    dateofdeath dod deathdate age
    """.split()  # noqa: SIM905 - a list this long reads better as words
)
# Parts that give a longer name away, such as patient_nhs_number_2 or mothers_surname.
_PARTS: Final = (
    "nhsnumber",
    "nhsno",
    "dateofbirth",
    "birthdate",
    "dateofdeath",
    "causeofdeath",
    "surname",
    "forename",
    "firstname",
    "lastname",
    "fullname",
    "patientname",
    "nextofkin",
    "postcode",
    "address",
)


def looks_personal(column: str) -> bool:
    """Return whether a column's name looks like personal data, however it is spelt."""
    letters = re.sub(r"[^a-z]", "", column.casefold())
    return letters in _NAMES or any(part in letters for part in _PARTS)


def is_like_nhs_number(identifier: str) -> bool:
    """Return whether an id is ten digits whose last is the NHS number's check digit (modulus 11)."""
    digits = re.sub(r"[ -]", "", identifier)
    if not re.fullmatch(r"[0-9]{10}", digits):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - weighted % 11) % 11 == int(digits[9])
