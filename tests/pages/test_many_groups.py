"""A scenario of many groups of staff: the form asks about those that are opened, and sends them all."""

from __future__ import annotations

from werkzeug.test import TestResponse

from allocator.store.callers import Role
from api.pages.scenarios.new import MOST_OPEN
from tests.pages.conftest import Shop
from tests.pages.visiting import Visitor, form_of

OPEN, CLOSED = (
    '<details class="nhsuk-details" open id="groups/{}">',
    '<details class="nhsuk-details" id="groups/{}">',
)


def with_groups(visitor: Visitor, number: int) -> TestResponse:
    """The form with so many groups, the last of which was just added."""
    form = visitor.form("/scenarios/new?from=blank", "add")
    for at in range(1, number):
        answer = visitor.press("/scenarios/new?at=groups", "add", form=form)
        form = form_of(answer.text, "add")
        form[f"groups/{at}/name"], form[f"groups/{at}/wte"] = f"team {at}", "1"
    return answer


def test_few_groups_stand_open(shared_shop: Shop) -> None:
    """All their questions are seen at once."""
    text = with_groups(shared_shop.visitor(Role.ADMIN), MOST_OPEN).text
    assert 'id="groups/0"' in text
    assert CLOSED.format(0) not in text


def test_of_many_groups_those_are_open_that_are_asked_about(shared_shop: Shop) -> None:
    """The one that is new, and one at which something is wrong; the rest stay as they are."""
    visitor = shared_shop.visitor(Role.ADMIN)
    text = with_groups(visitor, MOST_OPEN + 1).text
    assert OPEN.format(MOST_OPEN) in text
    assert all(CLOSED.format(at) in text for at in range(MOST_OPEN))
    wrong = visitor.press("/scenarios/new", "ask", form=form_of(text, "ask"), **{"groups/2/wte": "many"}).text
    assert OPEN.format(2) in wrong
    assert CLOSED.format(1) in wrong
