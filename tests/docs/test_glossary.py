"""docs/glossary.md has the words of the domain and of the contract, each once, in order, on one line."""

from __future__ import annotations

import re

from allocator.plan import Plan
from allocator.rules import RULES
from solver.problem import LEVELS
from tests.docs.pages import text_of

PAGE = text_of("docs/glossary.md")
WORDS = re.findall(r"^- \*\*(.+?)\*\* — (.+)$", PAGE, re.MULTILINE)
DOMAIN = """
case, reviewer, coordinator, commissioner, area, initial review, focused review, notification,
clock, hold, eligible, allocation, plan, queue, conflict of interest, capacity, workload %, WTE,
day-job reviewer, dedicated reviewer, evidence, sign-off, backlog
"""
CONTRACT = """
snapshot, policy, digest, as of, rule, held case, lead, second, released, moved, kept, locked,
linked, excluded, horizon, urgency, level, fixed, bound, gap, proof, certificate, effort,
quarantine, reason code, remedy, unavailable, allocate by, complete by
"""


def test_the_words_are_there() -> None:
    """Of the domain, of the contract, and the three levels."""
    wanted = {word.strip() for word in f"{DOMAIN},{CONTRACT}".replace("\n", " ").split(",")}
    assert wanted | set(LEVELS) <= {word for word, _ in WORDS}


def test_each_stands_once_in_alphabetical_order_on_one_line() -> None:
    """As in a dictionary, and no line is longer than one can read at a glance."""
    words = [word for word, _ in WORDS]
    assert words == sorted(words, key=str.lower)
    assert len(set(words)) == len(words) == PAGE.count("\n- ")
    assert all(len(said) <= 140 and said.endswith(".") for _, said in WORDS)


def test_what_they_count_is_so() -> None:
    """The number of rules, and the parts of a plan that the page speaks of."""
    assert len(RULES) == 16
    assert {"assignments", "unassigned", "workloads", "warnings"} <= set(Plan.model_fields)
