"""Every code a fault or a warning of the intake can have, with what it means and what to do."""

from typing import Final

FILE_FAULTS: Final = {
    "not-found": "The path is not there. Check it.",
    "unknown-format": "Neither a folder of CSV files, nor .xlsx, nor .json. Give one of these.",
    "unreadable": "The file cannot be opened. Close it elsewhere, or mend its permissions.",
    "file-too-big": "The file is over 256 MB (or unpacks to over 1 GB). Leave old cases out.",
    "wrong-encoding": "The file is not UTF-8. Save it as “CSV UTF-8”.",
    "nul-byte": "The file holds NUL bytes: it is damaged, or UTF-16. Save it again as UTF-8.",
    "broken-csv": "A quoted cell is not closed, or goes on after its closing quote. Double each inner quote.",
    "wrong-delimiter": "The cells are parted by something else than commas. Export with commas.",
    "no-header": "There is no header, or none of its cells is a column. Put the column names on line 1.",
    "duplicate-column": "A column stands twice. Keep one.",
    "unknown-column": "No such column or key in this table. Correct its name or take it out.",
    "personal-data-column": "A column that looks like personal data. Take it out: allocation needs none.",
    "missing-column": "A required column is not there. Add it.",
    "missing-table": "The table of cases or of reviewers is not there. Add it.",
    "unknown-table": "A file, sheet or key whose name is nearly a table's. Correct its name.",
    "duplicate-table": "Two files or sheets hold the same table. Keep one.",
    "broken-workbook": "The workbook cannot be read. Open it in a spreadsheet and save it again as .xlsx.",
    "broken-json": "The text is not JSON. The line and column are those where reading stopped.",
    "duplicate-key": "A key stands twice in one object. Keep one.",
    "broken-toml": "The policy is not TOML. The line is that where reading stopped.",
    "unknown-key": "The policy has no such key. Correct its name or take it out.",
    "bad-policy-value": "A value of the policy breaks a rule of its own, such as bands that do not increase.",
}
"""Faults of a whole file: no row can be planned around them, so quarantine does not help."""

ROW_FAULTS: Final = {
    "missing-value": "A required value is not given. Give it.",
    "wrong-type": "A value of another kind than the column's, such as text where JSON wants a number.",
    "not-a-number": "Not a number. Write digits and a point, such as 7.5.",
    "nan": "Not a finite number (NaN or infinity). Leave it empty if it is not known.",
    "not-an-integer": "Not a whole number.",
    "out-of-range": "Outside the range that the column allows.",
    "not-a-date": "Not a date. Write YYYY-MM-DD, such as 2026-01-05.",
    "bad-boolean": "Neither true nor false.",
    "bad-choice": "Not one of the column's words.",
    "bad-text": "Text with control characters, or with `;` where it is one word.",
    "too-long": "Text longer than the column allows.",
    "formula-text": "A CSV cell that a spreadsheet would run (= @ + -). Put ' before it if it is text.",
    "excel-error": "A cell that shows an error such as #N/A, or a formula without a value. Mend the formula.",
    "extra-cells": "A row with more cells than the header. Put cells that hold commas in quotes.",
    "not-an-object": "An entry of a JSON table that is not an object.",
    "duplicate-id": "An id that stands twice. Keep one row.",
    "dangling-reference": "An id that names no row of the other table. Correct it, or add the row.",
    "unknown-review-type": "A review type that the policy does not have.",
    "area-has-successors": "A closed area with several successors. Give the new code.",
    "succession-cycle": "Successors or parents that lead back to where they began. Correct one of them.",
    "reversed-dates": "Two days in the wrong order.",
    "after-as-of": "A day after the day the plan is made for; of a completed review, after today.",
    "hold-too-long": "A completed review with more days on hold than it took from notification to sign-off.",
    "lead-incomplete": "`reviewer_id` without `allocated_on`, or the reverse. Give both or neither.",
    "second-is-lead": "The second reviewer is the lead. Name another person.",
    "second-without-lead": "A second reviewer without a lead.",
    "second-not-in-type": "A second reviewer on a review type that has none.",
    "locked-without-lead": "A locked case that nobody holds.",
    "interest-target": "An interest in both an organisation and a case, or in neither. Give exactly one.",
    "half-position": "`latitude` without `longitude`, or the reverse. Give both or neither.",
    "refers-to-rejected": "Only under quarantine: the row leans on a row that was left out.",
}
"""Faults of one row: quarantine leaves the row out, with whatever refers to it."""

WARNINGS: Final = {
    "ignored-file": "A CSV file or sheet that is no table of a snapshot was not read.",
    "nhs-number-like": "A case_id passes the check of NHS numbers. Use the case system's own id.",
    "closed-area-mapped": "Cases of a closed area were read as its successor's.",
    "closed-area-covered": "A reviewer covers a closed area. Give the successor's code.",
    "unknown-organisation": "A code is not in the table of organisations. Check its spelling.",
    "unknown-holder": "A case is held by someone who is not in reviewers: it is released.",
    "unknown-excluded": "An excluded reviewer is not in reviewers (a leaver may be).",
    "unknown-provider": "A reviewer's provider is not in contracts: no contract limits them.",
    "example-row": "The row that stands in a template as an example was left in. It was left out.",
    "duplicate-row": "A decline, an absence or an interest stands twice.",
    "held-work-rejected": "Under quarantine: held work was left out; its holder looks freer than they are.",
    "linked-case-rejected": "Under quarantine: a case was left out; those linked to it may go elsewhere.",
}
"""Warnings: the plan is made, and states them."""

CODES: Final = {**FILE_FAULTS, **ROW_FAULTS, **WARNINGS}
