"""What is amiss is said above all else, in one frame, on every page alike."""

from __future__ import annotations

import pytest

from allocator.store.callers import Role
from tests.pages.conftest import Shop


@pytest.mark.parametrize(("path", "says"), [
    ("/performance?from=2027-01-01&to=2027-03-31&as_known_on=2027-04-01", "is still to come"),
    ("/scenarios/compare?jobs=1", "Choose 2 to 4 scenarios to compare"),
])  # fmt: skip
def test_what_cannot_be_shown_is_said(shared_shop: Shop, path: str, says: str) -> None:
    """Whether a button was pressed or only an address asked for."""
    answer = shared_shop.visitor(Role.ADMIN).look(path)
    assert answer.status_code == 422
    assert answer.text.count("There is a problem") == 1
    assert says in answer.text
    assert "<title>Error: " in answer.text.replace("\n", "").replace("  ", "")


def test_what_a_button_met_is_said(shared_shop: Shop) -> None:
    """In a form of its own kind, and in any other."""
    visitor = shared_shop.visitor(Role.ADMIN)
    form = visitor.form("/scenarios/new?from=blank", "ask")
    assert "What you typed is still here" in visitor.press("/scenarios/new", "ask", form=form, name="").text
    csrf = {"csrf_token": form["csrf_token"]}
    for page, do, says in (
        ("/upload", "upload", "Nothing was kept"),
        ("/reviewers/R0001/absences", "add", "Nothing was saved"),
    ):
        answer = visitor.client.post(page, data={**csrf, "do": do}, headers={"Accept": "text/html"})
        assert answer.text.count("There is a problem") == 1
        assert says in answer.text
