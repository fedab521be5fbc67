"""What the mapping page lists is exactly what a mapping may say."""

from __future__ import annotations

import pytest

from leads.enums import AttributeKind, AttributeSubject, TouchKind
from leads.mapping import FIELDS, STORY_FIELDS, Accepts, Group, offered, read_mapping
from leads.mapping.shape import CONSTANT_ONLY, WITH_POLICY
from leads.models import CustomAttribute
from smarketing.errors import BadInput

SIZE = CustomAttribute(
    subject=AttributeSubject.COMPANY, key="size", label="Size", kind=AttributeKind.CHOICE,
    choices=["small", "large"],
)  # fmt: skip


def test_every_field_is_offered_once():
    codes = [one.code for one in offered()]
    assert sorted(codes) == sorted(FIELDS | STORY_FIELDS | CONSTANT_ONLY)


@pytest.mark.parametrize("one", offered([SIZE]), ids=lambda one: one.code)
def test_a_mapping_takes_it_where_it_is_offered(one):
    system = {"system": "crm"}
    policies = {one.code: "update"} if one.with_policy else {}
    if one.as_column:
        told = read_mapping({**system, "columns": {"A": one.code}, "policies": policies})
        assert told.columns == {"A": one.code}
    else:
        with pytest.raises(BadInput):
            read_mapping({**system, "columns": {"A": one.code}})
    if one.as_constant:
        assert read_mapping({**system, "constants": {one.code: "x"}}).constants == {one.code: "x"}
    if not one.with_policy:
        with pytest.raises(BadInput):
            read_mapping({"policies": {one.code: "update"}})


def test_a_policy_speaks_of_what_says_so():
    assert {one.code for one in offered() if one.with_policy} == WITH_POLICY


def test_an_own_field_is_offered_by_its_label_with_its_choices():
    own = offered([SIZE])[-1]
    assert (own.code, own.label, own.group, own.accepts) == (
        "company.attributes.size", "Size", Group.OWN, Accepts.CHOICE,
    )  # fmt: skip
    assert own.choices == (("small", "small"), ("large", "large"))


def test_kinds_of_touches_and_outcomes_are_choices():
    known = {one.code: [value for value, _label in one.choices] for one in offered()}
    assert known["touch"] == list(TouchKind.values)
    assert known["stage"] == [
        "LEAD", "MQL", "SAL", "SQL", "OPPORTUNITY", "CUSTOMER",
        "WON", "LOST", "DISQUALIFIED", "RECYCLED",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["contact.attributes.", "who.attributes.x", "lead.attributes.a b"])
def test_what_is_no_own_field_is_not_taken(name):
    with pytest.raises(BadInput):
        read_mapping({"columns": {"A": name}})
