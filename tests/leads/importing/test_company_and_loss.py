"""What a row tells of the company, of whom a lead was lost to, and of the type of an SQL."""

from __future__ import annotations

import pytest

from leads.mapping import read_mapping
from leads.models import Company, Competitor, Lead, Opportunity, SqlType
from leads.services.importing import RowVerdict, import_chunk
from tests.conftest import AT

pytestmark = pytest.mark.django_db
ANNA = {"Mail": "anna@acme.example"}
COLUMNS = {
    "Mail": "email", "Sector": "sector", "Staff": "employees", "Land": "company_country",
    "Home": "country", "Stage": "stage", "Rival": "competitor", "Kind": "sql_type",
}  # fmt: skip


def mapping(**also):
    return read_mapping({"columns": COLUMNS, "number_format": "1.234,56", **also})


def bring(*rows, **also):
    full = [{**dict.fromkeys(COLUMNS, ""), **row} for row in rows]
    return import_chunk(list(enumerate(full, start=2)), mapping(**also), actor=None, at=AT).rows


def only(rows):
    (row,) = rows
    return row


def acme() -> tuple[str, int | None, str]:
    return Company.objects.values_list("sector", "employees", "country").get()


def test_a_new_company_is_as_the_row_says():
    told = {"Sector": "Food", "Staff": "1.200", "Land": "Italy", "Home": "France"}
    assert only(bring({**ANNA, **told})).verdict is RowVerdict.CREATED
    assert acme() == ("Food", 1200, "Italy")
    assert Lead.objects.get().contact.country == "France"


def test_without_a_country_of_its_own_a_new_company_has_the_persons():
    bring({**ANNA, "Home": "France"})
    assert acme() == ("", None, "France")


def test_a_known_company_learns_what_it_lacks_and_the_same_again_changes_nothing():
    Company.objects.create(
        name="Acme", sort_key="acme", domain="acme.example", sector="Steel", created_at=AT
    )
    told = {**ANNA, "Sector": "Food", "Staff": "80", "Land": "Italy"}
    bring(told)
    assert acme() == ("Steel", 80, "Italy")
    assert Company.objects.get().version == 2
    assert only(bring(told)).verdict is RowVerdict.UNCHANGED
    assert Company.objects.get().version == 2


@pytest.mark.parametrize(
    ("policy", "after"),
    [("fill", ("Food", 80, "Italy")), ("update", ("Beer", 90, "Spain")),
     ("create", ("Food", 80, "Italy")), ("skip", ("Food", 80, "Italy"))],
)  # fmt: skip
def test_policies_speak_of_the_company(policy, after):
    bring({**ANNA, "Sector": "Food", "Staff": "80", "Land": "Italy"})
    policies = dict.fromkeys(("sector", "employees", "company_country"), policy)
    bring({**ANNA, "Sector": "Beer", "Staff": "90", "Land": "Spain"}, policies=policies)
    assert acme() == after


def test_new_people_only_still_tells_a_new_company():
    bring({**ANNA, "Sector": "Food", "Staff": "0"}, policies={"*": "create"})
    assert acme() == ("Food", 0, "")


def test_an_empty_cell_takes_nothing_away():
    bring({**ANNA, "Sector": "Food", "Staff": "80"})
    assert only(bring(ANNA, policies={"*": "update"})).verdict is RowVerdict.UNCHANGED
    assert acme() == ("Food", 80, "")


@pytest.mark.parametrize(
    "cell", ["51-200", "-5", "12,5", "NaN", "1e999", "9" * 30, "2.147.483.648"]
)
def test_what_is_no_number_of_people_is_told_by_its_column(cell):
    row = only(bring({**ANNA, "Staff": cell}))
    assert [(one.column, one.code) for one in row.problems] == [("Staff", "bad_employees")]
    assert Company.objects.count() == 0


def test_a_lost_lead_and_its_deal_name_the_competitor_that_is_made_by_the_way():
    bring(
        {**ANNA, "Stage": "LOST", "Rival": "Beta"},
        {"Mail": "bea@beta.example", "Stage": "LOST", "Rival": "BETA"},
    )
    rival = Competitor.objects.get()
    assert (rival.name, rival.key) == ("BETA", "beta")
    assert {lead.competitor for lead in Lead.objects.all()} == {rival}


def test_the_deal_of_a_lost_opportunity_names_it_too():
    Competitor.objects.create(name="Beta", key="beta")
    rule = {"steps": [{"stage": "OPPORTUNITY"}, {"disposition": "LOST"}]}
    columns = {"Mail": "email", "Rival": "competitor"}
    one = read_mapping({"columns": columns, "stages": [rule]})
    import_chunk([(2, {**ANNA, "Rival": "beta"})], one, actor=None, at=AT)
    assert Opportunity.objects.get().competitor == Competitor.objects.get()


def test_a_known_opportunity_that_is_lost_learns_to_whom():
    bring({**ANNA, "Stage": "OPPORTUNITY"})
    assert only(bring({**ANNA, "Stage": "LOST", "Rival": "Beta"})).verdict is RowVerdict.UPDATED
    rival = Competitor.objects.get()
    assert (Lead.objects.get().competitor, Opportunity.objects.get().competitor) == (rival, rival)


def test_a_competitor_of_a_lead_that_was_not_lost_is_left_out_with_a_word():
    row = only(bring({**ANNA, "Stage": "SQL", "Rival": "Beta"}))
    assert [(one.column, one.code) for one in row.problems] == [("Rival", "competitor_left_out")]
    assert (row.verdict, Lead.objects.get().competitor) == (RowVerdict.CREATED, None)


def test_a_type_of_sql_is_known_by_name_and_kept_from_sql_on():
    kind = SqlType.objects.create(name="Big order", key="big order")
    bring({**ANNA, "Stage": "MQL", "Kind": "BIG ORDER"})
    assert Lead.objects.get().sql_type is None
    row = only(bring({**ANNA, "Stage": "SQL", "Kind": "BIG ORDER"}))
    assert (row.verdict, Lead.objects.get().sql_type) == (RowVerdict.UPDATED, kind)
    assert only(bring({**ANNA, "Stage": "SQL", "Kind": "big order"})).problems == ()


def test_an_unknown_type_of_sql_is_told():
    row = only(bring({**ANNA, "Stage": "SQL", "Kind": "Big order"}))
    assert [(one.column, one.code) for one in row.problems] == [("Kind", "unknown_sql_type")]
    assert Lead.objects.count() == 0
