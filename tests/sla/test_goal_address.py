"""A link to the goal calculator reads the same to whoever opens it, however he writes numbers."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.enums import NumberForm
from accounts.models import User
from shell.formats import number_form
from sla.forms_goal import GoalForm
from sla.goal_address import form_of_numbers, read_address, write_address

GOAL = {
    "aim": "revenue",
    "period": "MONTH",
    "stages": ["LEAD", "MQL"],
    "window": "90",
    "share_LEAD": "3/10",
}
COMMA = GOAL | {"amount": "1.234.567,5", "share_MQL": "12,5", "lag_MQL": "1,5", "n": "comma"}


def address(values: dict[str, object]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def amounts(query: QueryDict) -> list[str]:
    return [query[name] for name in ("amount", "share_MQL", "lag_MQL", "share_LEAD", "n")]


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("comma", ["1.234.567,5", "12,5", "1,5", "3/10", "comma"]),
        ("point", ["1,234,567.5", "12.5", "1.5", "30", "point"]),
        ("space", ["1\u202f234\u202f567,5", "12,5", "1,5", "30", "space"]),
    ],
)
def test_numbers_are_told_in_the_readers_form(form: str, read: list[str]) -> None:
    with number_form("comma"):
        first = GoalForm(address(COMMA))
        assert first.is_valid(), first.errors
        meant = first.goal()
    with number_form(form):
        query = read_address(address(COMMA))
        again = GoalForm(query)
        assert again.is_valid()
        assert again.goal() == meant
        assert amounts(query) == read
        assert GoalForm(write_address(meant)).is_valid()


@pytest.mark.parametrize("n", ["", "nonsense", "language"])
def test_an_address_that_names_no_form_is_read_as_the_reader_writes(n: str) -> None:
    with number_form("point"):
        query = address(COMMA | {"amount": "1,000", "n": n})
        assert read_address(query) is query
        assert form_of_numbers() == "point"


def test_what_cannot_be_read_comes_back_as_it_is() -> None:
    with number_form("point"):
        query = address(COMMA | {"amount": "much"})
        assert read_address(query) is query


@pytest.mark.django_db
def test_a_link_of_one_is_opened_by_another(client: Client, rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(number_form=NumberForm.POINT)
    client.force_login(rep)
    shown = client.get("/sla/calculator/", address(COMMA).dict() | {"stages": ["LEAD", "MQL"]})
    assert shown.status_code == 200
    text = shown.content.decode()
    assert 'value="1,234,567.5"' in text
    assert re.search(r'name="n" value="point"', text)
