"""What else a row may carry: own fields, attempts, team, owner, amount; MQLs handed over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.enums import TeamKind
from accounts.models import Team, User
from leads.enums import ActivityKind, AssignmentCause, AttributeKind, AttributeSubject, QueueKind
from leads.mapping import read_mapping
from leads.models import (
    Assignment,
    Company,
    Contact,
    CustomAttribute,
    Lead,
    Opportunity,
    StageTransition,
)
from leads.services.activities import NewActivity, log_activities
from leads.services.importing import RowVerdict, import_chunk
from leads.signals import leads_assigned, mqls_handed_over
from tests.conftest import AT

pytestmark = pytest.mark.django_db
ANNA = {"Mail": "anna@acme.example"}
BASE = {"columns": {"Mail": "email"}, "date_format": "%d/%m/%Y", "number_format": "1.234,56"}
U, K = AttributeSubject, AttributeKind


def mapping(columns=None, **also):
    return read_mapping({**BASE, "columns": {"Mail": "email", **(columns or {})}, **also})


def bring(*rows, mapping):
    heads = mapping.columns
    full = [{**dict.fromkeys(heads, ""), **row} for row in rows]
    return import_chunk(list(enumerate(full, start=2)), mapping, actor=None, at=AT).rows


def only(rows):
    (row,) = rows
    return row


def refused(row) -> str:
    (problem,) = row.problems
    assert (row.verdict, row.lead_id) == (RowVerdict.REFUSED, None)
    return problem.code


@pytest.fixture
def own_fields():
    rows = [
        (U.CONTACT, "birthday", K.DATE, []),
        (U.CONTACT, "vip", K.FLAG, []),
        (U.COMPANY, "size", K.CHOICE, ["small", "large"]),
        (U.LEAD, "budget", K.NUMBER, []),
        (U.LEAD, "hall", K.TEXT, []),
    ]
    for subject, key, kind, choices in rows:
        CustomAttribute.objects.create(
            subject=subject, key=key, label=key, kind=kind, choices=choices
        )


OWN = {
    "Born": "contact.attributes.birthday", "Vip": "contact.attributes.vip",
    "Size": "company.attributes.size", "Budget": "lead.attributes.budget",
    "Hall": "lead.attributes.hall",
}  # fmt: skip


def test_own_fields_come_in_as_their_kinds(own_fields):
    cells = {"Born": "31/12/1980", "Vip": "sì", "Size": "Large", "Budget": "-1.234,567",
             "Hall": 'a\\b "c"\t'}  # fmt: skip
    assert only(bring({**ANNA, **cells}, mapping=mapping(OWN))).verdict is RowVerdict.CREATED
    assert Contact.objects.get().attributes == {"birthday": "1980-12-31", "vip": True}
    assert Company.objects.get().attributes == {"size": "large"}
    assert Lead.objects.get().attributes == {"budget": -1234.567, "hall": 'a\\b "c"'}


@pytest.mark.parametrize(
    ("column", "cell"),
    [("Born", "31/02/1980"), ("Vip", "maybe"), ("Size", "huge"), ("Budget", "12.5"),
     ("Hall", "x" * 501)],
)  # fmt: skip
def test_what_an_own_field_cannot_hold_is_told_by_its_column(column, cell, own_fields):
    row = only(bring({**ANNA, column: cell}, mapping=mapping(OWN)))
    assert [(one.column, one.code) for one in row.problems] == [(column, "bad_value")]
    assert (row.verdict, Contact.objects.count()) == (RowVerdict.REFUSED, 0)


def test_own_fields_of_what_is_known_follow_their_policies(own_fields):
    first = {"Vip": "no", "Size": "small", "Budget": "1"}
    bring({**ANNA, **first}, mapping=mapping(OWN))
    same = only(bring({**ANNA, **first}, mapping=mapping(OWN)))
    assert same.verdict is RowVerdict.UNCHANGED
    other = {"Vip": "yes", "Size": "large", "Budget": "2", "Hall": "B"}
    filled = only(bring({**ANNA, **other}, mapping=mapping(OWN)))
    assert filled.verdict is RowVerdict.UPDATED
    assert Lead.objects.get().attributes == {"budget": 1, "hall": "B"}
    assert Contact.objects.get().attributes == {"vip": False}
    policies = {"company.attributes.size": "update", "contact.attributes.vip": "update"}
    bring({**ANNA, **other}, mapping=mapping(OWN, policies=policies))
    assert (Company.objects.get().attributes, Company.objects.get().version) == (
        {"size": "large"}, 2,
    )  # fmt: skip
    assert Contact.objects.get().attributes == {"vip": True}
    assert Lead.objects.get().attributes == {"budget": 1, "hall": "B"}


def test_a_field_out_of_use_keeps_every_row_outside(own_fields):
    CustomAttribute.objects.filter(key="hall").update(is_active=False)
    row = only(bring({**ANNA, "Hall": "B"}, mapping=mapping(OWN)))
    assert refused(row) == "unknown_field"
    assert Contact.objects.count() == 0


def test_attempts_made_before_count_with_those_made_here(rep):
    told = mapping({"Calls": "activities"}, constants={"owner": rep.email})
    bring({**ANNA, "Calls": "3"}, mapping=told)
    lead = Lead.objects.get()
    assert (lead.attempts, lead.attempts_brought) == (3, 3)
    log_activities([NewActivity(lead_id=lead.pk, kind=ActivityKind.CALL)], actor=rep, at=AT)
    assert Lead.objects.get().attempts == 4
    assert only(bring({**ANNA, "Calls": "9"}, mapping=told)).verdict is RowVerdict.UNCHANGED
    newer = mapping({"Calls": "activities"}, policies={"activities": "update"})
    bring({**ANNA, "Calls": "5"}, mapping=newer)
    assert Lead.objects.values_list("attempts", "attempts_brought").get() == (6, 5)


@pytest.mark.parametrize("cell", ["-1", "1.5", "10001", "many", "²"])
def test_what_is_no_number_of_attempts_is_refused(cell):
    row = only(bring({**ANNA, "Calls": cell}, mapping=mapping({"Calls": "activities"})))
    assert refused(row) == "bad_activities"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [({}, QueueKind.QUALIFICATION), ({"Mql": "01/02/2025"}, QueueKind.FALLBACK)],
)
def test_an_open_lead_waits_in_the_queue_of_its_team(cells, kind):
    fairs = Team.objects.create(name="Fairs", kind=TeamKind.MARKETING)
    told = mapping({"Mql": "mql_at"}, constants={"owner_team": "FAIRS"})
    bring({**ANNA, **cells}, mapping=told)
    lead = Lead.objects.select_related("queue").get()
    assert lead.queue is not None
    assert (lead.queue.kind, lead.queue.team, lead.owner) == (kind, fairs, None)
    assert Assignment.objects.count() == 0


def test_a_closed_lead_waits_nowhere_and_an_unknown_team_is_told():
    Team.objects.create(name="Fairs", kind=TeamKind.MARKETING)
    told = mapping({"Lost": "lost_at", "Team": "owner_team"})
    bring({**ANNA, "Lost": "01/02/2025", "Team": "Fairs"}, mapping=told)
    assert Lead.objects.get().queue is None
    row = only(bring({"Mail": "berta@b.example", "Team": "none"}, mapping=told))
    assert refused(row) == "unknown_owner_team"


def test_an_owner_is_told_by_name_where_one_person_alone_has_it(rep, marketer):
    told = mapping({"Rep": "owner"})
    User.objects.create_user("other@acme.test", name=marketer.name, joined_at=AT)
    bring({**ANNA, "Rep": rep.name.upper()}, mapping=told)
    assert Lead.objects.get().owner == rep
    for name in (marketer.name, "Nobody"):
        row = only(bring({"Mail": "berta@b.example", "Rep": name}, mapping=told))
        assert refused(row) == "unknown_owner"
    assert Contact.objects.count() == 1


def test_the_owner_of_a_known_lead_follows_its_policy(rep, marketer):
    told = mapping({"Rep": "owner"})
    bring(ANNA, mapping=told)
    given = only(bring({**ANNA, "Rep": rep.email}, mapping=told))
    assert given.verdict is RowVerdict.UPDATED
    assert Lead.objects.get().owner == rep
    kept = only(bring({**ANNA, "Rep": marketer.email}, mapping=told))
    assert (kept.verdict, Lead.objects.get().owner) == (RowVerdict.UNCHANGED, rep)
    newer = mapping({"Rep": "owner"}, policies={"owner": "update"})
    bring({**ANNA, "Rep": marketer.email}, mapping=newer)
    rows = Assignment.objects.order_by("id").values_list("from_owner", "owner", "cause")
    assert list(rows) == [
        (None, rep.pk, AssignmentCause.GIVEN),
        (rep.pk, marketer.pk, AssignmentCause.REASSIGNED),
    ]
    assert Lead.objects.values_list("owner", "version").get() == (marketer.pk, 3)


def test_a_known_deal_learns_its_amount_though_its_lead_stays():
    columns = {"Deal": "opportunity_at", "Value": "amount", "In": "currency"}
    told, newer = mapping(columns), mapping(columns, policies={"amount": "update"})
    bring({**ANNA, "Deal": "01/02/2025"}, mapping=told)
    learnt = only(bring({**ANNA, "Deal": "01/02/2025", "Value": "1.000"}, mapping=told))
    assert learnt.verdict is RowVerdict.UPDATED
    assert Opportunity.objects.get().amount == Decimal(1000)
    kept = only(bring({**ANNA, "Value": "2.000"}, mapping=told))
    assert (kept.verdict, Opportunity.objects.get().amount) == (RowVerdict.UNCHANGED, Decimal(1000))
    bring({**ANNA, "Value": "2.000", "In": "CHF"}, mapping=newer)
    deal = Opportunity.objects.get()
    assert (deal.amount, deal.currency, deal.version) == (Decimal(2000), "CHF", 3)
    same = only(bring({**ANNA, "Value": "2.000", "In": "CHF"}, mapping=newer))
    assert same.verdict is RowVerdict.UNCHANGED
    assert StageTransition.objects.count() == 5


@pytest.mark.parametrize(("policy", "amount"), [("fill", 1000), ("create", 1000), ("update", 2000)])
def test_the_amount_of_an_open_deal_that_is_won_follows_its_policy(policy, amount):
    columns = {"Deal": "opportunity_at", "Won": "won_at", "Value": "amount"}
    told = {"Deal": "01/02/2025", "Value": "1.000"}
    bring({**ANNA, **told}, mapping=mapping(columns))
    later = mapping(columns, policies={"amount": policy})
    won = only(bring({**ANNA, **told, "Won": "01/03/2025", "Value": "2.000"}, mapping=later))
    deal = Opportunity.objects.get()
    assert (won.verdict, deal.state, deal.amount) == (RowVerdict.UPDATED, "WON", Decimal(amount))


@pytest.mark.parametrize(("policy", "amount"), [("fill", 2000), ("create", None)])
def test_a_deal_of_unknown_amount_learns_it_when_it_is_won(policy, amount):
    columns = {"Deal": "opportunity_at", "Won": "won_at", "Value": "amount"}
    bring({**ANNA, "Deal": "01/02/2025"}, mapping=mapping(columns))
    later = mapping(columns, policies={"amount": policy})
    bring({**ANNA, "Won": "01/03/2025", "Value": "2.000"}, mapping=later)
    deal = Opportunity.objects.get()
    assert (deal.state, deal.amount) == ("WON", amount)


@pytest.fixture
def told():
    heard = []

    def listen(sender, signal, at, assignments, **kwargs):
        heard.append((signal, [row.lead_id for row in assignments], at))

    leads_assigned.connect(listen, weak=False)
    mqls_handed_over.connect(listen, weak=False)
    yield heard
    leads_assigned.disconnect(listen)
    mqls_handed_over.disconnect(listen)


ROWS = (
    {"Mail": "mql@acme.example", "Mql": "01/02/2025"},
    {"Mail": "owned@beta.example", "Mql": "01/02/2025", "Rep": "bruno@acme.test"},
    {"Mail": "lead@gamma.example"},
    {"Mail": "lost@delta.example", "Mql": "01/02/2025", "Lost": "01/03/2025"},
)
COLUMNS = {"Mql": "mql_at", "Rep": "owner", "Lost": "lost_at"}


def test_open_mqls_stay_where_they_are_unless_they_are_handed_over(rep, told):
    rows = [{**one, "Rep": rep.email if "Rep" in one else ""} for one in ROWS]
    bring(*rows, mapping=mapping(COLUMNS))
    assert (Assignment.objects.count(), told) == (0, [])
    assert Lead.objects.get(contact__email="mql@acme.example").queue is None


def test_open_mqls_handed_over_are_routed_and_told(rep, told):
    rows = [{**one, "Rep": rep.email if "Rep" in one else ""} for one in ROWS]
    bring(*rows, mapping=mapping(COLUMNS, hand_over=True))
    mql = Lead.objects.select_related("queue").get(contact__email="mql@acme.example")
    owned = Lead.objects.get(contact__email="owned@beta.example")
    assert (mql.queue.kind, mql.owner) == (QueueKind.FALLBACK, None)
    rows = Assignment.objects.order_by("id").values_list("lead", "owner", "cause", "assigned_at")
    assert list(rows) == [
        (owned.pk, rep.pk, AssignmentCause.HANDED_OVER, AT),
        (mql.pk, None, AssignmentCause.FALLBACK, AT),
    ]
    both = [owned.pk, mql.pk]
    assert told == [(leads_assigned, both, AT), (mqls_handed_over, both, AT)]


def test_the_same_file_hands_nothing_over_twice(rep):
    told = mapping(COLUMNS, hand_over=True)
    bring(ROWS[0], mapping=told)
    before = list(Lead.objects.values()), list(Assignment.objects.values())
    assert only(bring(ROWS[0], mapping=told)).verdict is RowVerdict.UNCHANGED
    assert (list(Lead.objects.values()), list(Assignment.objects.values())) == before


@pytest.mark.parametrize("many", [1, 3])
def test_handing_over_costs_the_same_however_many(many, django_assert_num_queries):
    told = mapping(COLUMNS, hand_over=True)
    rows = [(n, {"Mail": f"a{n}@f{n}.example", "Mql": "01/02/2025"}) for n in range(2, 2 + many)]
    with django_assert_num_queries(27):
        import_chunk(rows, told, actor=None, at=AT)
