"""Each rule of the contract, trivially kept, broken and only just not: through check and through plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.system import trials_cases, trials_people, trials_totals
from tests.system.documents import PLAIN, Document, is_proved, plan_of, snapshot_of, takers
from tests.system.told import CODES, Told, codes_broken
from tests.system.trial import Trial

TRIALS = (*trials_people.TRIALS, *trials_totals.TRIALS, *trials_cases.TRIALS)
each_trial = pytest.mark.parametrize("trial", TRIALS, ids=str)


def planned(one: Document, trial: Trial) -> dict[str, str]:
    """Who takes what in the plan of a snapshot, which must be proved."""
    plan = plan_of(one, replace(PLAIN, max_moves=trial.max_moves))
    assert is_proved(plan)
    return takers(plan)


def test_every_rule_is_tried() -> None:
    """The rules as the contract's second section names them."""
    assert {trial.rule for trial in TRIALS} == set(CODES)


@each_trial
def test_the_check_finds_the_breach_and_nothing_else(trial: Trial) -> None:
    """Told the attractive plan, it names the rule only where the rule is broken."""
    cases: tuple[tuple[Document, Told | None, set[str]], ...] = (
        (trial.fine, trial.told_fine, set()),
        (trial.breach, None, {trial.rule} | trial.also),
        (trial.near, trial.told_near, set()),
    )
    for one, told, codes in cases:
        assert codes_broken(snapshot_of(one), told or trial.told, trial.max_moves) == codes


@each_trial
def test_a_plan_does_what_is_attractive_unless_a_rule_is_against_it(trial: Trial) -> None:
    """Where nothing is against it, and where only just nothing is; else the next best."""
    assert planned(trial.fine, trial) == (trial.told_fine or trial.told)
    assert planned(trial.near, trial) == (trial.told_near or trial.told)
    assert planned(trial.breach, trial) == {p: who for p, who in trial.instead.items() if who is not None}
