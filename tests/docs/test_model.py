"""docs/model.md and docs/adding-a-rule.md name what is there: each rule, and the code that keeps it."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module

import pytest

from allocator.audit.auditor import CHECKS
from allocator.rules import RULES
from solver import check, cpsat
from solver.check import CONSTRAINTS, LEVEL_VALUES
from solver.problem import LEVELS, Problem
from tests.docs.pages import names, table, text_of

MODEL, WALK = "docs/model.md", "docs/adding-a-rule.md"
RULE_ROWS, LEVEL_ROWS = table(text_of(MODEL), "rule"), table(text_of(MODEL), "level")
COLUMNS = {
    "`solver.check`": "solver.check",
    "`allocator`": "allocator",
    "`allocator.audit`": "allocator.audit",
}


def _finds(package: str, name: str) -> object:
    """What a dotted name of a page means, from one package on."""
    module, _, what = f"{package}.{name}".rpartition(".")
    return getattr(import_module(module), what)


@pytest.mark.parametrize("row", [*RULE_ROWS, *LEVEL_ROWS], ids=lambda row: next(iter(row.values())))
def test_every_name_in_the_table_is_there(row: dict[str, str]) -> None:
    """Each function, and each field of the Problem."""
    for column, package in COLUMNS.items():
        assert names(row[column])
        assert all(callable(_finds(package, name)) for name in names(row[column]))
    assert names(row["`Problem`"])
    assert set(names(row["`Problem`"])) <= {field.name for field in fields(Problem)}


def test_there_is_a_row_a_rule_in_order_with_its_sentence() -> None:
    """The table is the code's own list."""
    assert [(names(row["rule"])[0], row["what it asks"]) for row in RULE_ROWS] == [
        (rule.code, rule.sentence) for rule in RULES
    ]
    assert tuple(names(row["level"])[0] for row in LEVEL_ROWS) == LEVELS


def test_the_rows_name_every_constraint_and_every_check() -> None:
    """Nothing that the oracle or the audit asks is without a row."""
    named = {name for row in RULE_ROWS for name in names(row["`solver.check`"])}
    assert named == {constraint.__name__ for constraint in CONSTRAINTS}
    assert [row["`solver.check`"] for row in LEVEL_ROWS] == [f"`{level.__name__}`" for level in LEVEL_VALUES]
    audited = {
        name.split(".")[1].rstrip("_") for row in RULE_ROWS for name in names(row["`allocator.audit`"])
    }
    assert audited == {rule.code for rule in RULES}
    about_pairs = {rule.code for rule in RULES if rule.lead or rule.second}
    told = {names(row["rule"])[0] for row in RULE_ROWS if "rules." in row["`allocator`"]}
    assert told == about_pairs
    assert len(CHECKS) >= len(RULES)


def test_every_field_of_the_problem_has_a_symbol() -> None:
    """The first table names them all."""
    named = {name for row in table(text_of(MODEL), "symbol") for name in names(row["`Problem`"])}
    assert named == {field.name for field in fields(Problem)}


def test_the_walk_names_what_is_there() -> None:
    """Files, and the functions said to be in them; the code shown stands in its file as it is shown."""
    page = text_of(WALK)
    named = re.findall(r"`((?:solver|allocator|tests)/[\w/]+\.py)`(?:, `(\w+)`)?", page)
    assert len(named) >= 10
    for file, what in named:
        source = text_of(file)
        assert not what or re.search(rf"\b{what}\b", source), f"{file} has no {what}"
    shown = re.findall(r"```python\n# (\S+)\n(.*?)```", page, re.DOTALL)
    assert len(shown) >= 4
    for file, code in shown:
        for piece in code.split("…\n"):
            assert piece in text_of(file), f"{file} is otherwise: {piece}"


def test_the_model_has_one_method_a_kind_of_constraint() -> None:
    """As docs/adding-a-rule.md says."""
    assert all(name in vars(cpsat.Model) for name in re.findall(r"`(_add_\w+)`", text_of(WALK)))
    assert all(hasattr(check, name) for name in ("breaches", "values"))
