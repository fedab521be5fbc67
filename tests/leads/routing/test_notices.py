"""New owners are told after the undo window; managers hear once that nobody could take a lead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Absence, Notice, NoticeDelivery
from leads.assigning import Target
from leads.enums import LifecycleStage
from leads.models import Assignment, FunnelSettings, UndoableAction
from leads.moving import Move
from leads.services.assigning import assign_leads, take_leads
from leads.services.moves import move_leads
from leads.services.undoing import undo
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of, reps, rule_for

pytestmark = pytest.mark.django_db
S = LifecycleStage
WINDOW = timedelta(seconds=10)
TOLD = WINDOW + timedelta(microseconds=1)


def qualify(*leads, by, at=AT):
    move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, actor=by) for lead in leads], at=at)


def leads_named(*names):
    return [
        lead_at(S.LEAD, email=f"{n}@acme.example", given_name=n, family_name="Rossi") for n in names
    ]


def told(kind="lead_assigned"):
    rows = Notice.objects.filter(kind=kind).order_by("recipient__name", "pk")
    return [(row.recipient.name, row.params["names"], row.created_at) for row in rows]


def test_the_new_owner_is_told_after_the_undo_window(rep, marketer):
    rule_for(pool_of(rep))
    (lead,) = leads_named("Ugo")
    qualify(lead, by=marketer)
    assert told() == [("Bruno Conti", "Ugo Rossi", AT + TOLD)]
    notice = Notice.objects.get()
    assert notice.url == f"/leads/{lead.pk}/"
    assert NoticeDelivery.objects.get().due_at == AT + TOLD


def test_the_undo_window_is_the_organisations(rep, marketer):
    FunnelSettings.objects.update_or_create(id=1, defaults={"undo_seconds": 30})
    rule_for(pool_of(rep))
    qualify(*leads_named("Ugo"), by=marketer)
    assert Notice.objects.get().created_at == AT + timedelta(seconds=30, microseconds=1)


def test_many_leads_are_one_notice_for_each_owner(sales, marketer):
    rule_for(pool_of(*reps(sales, "bruno", "greta")))
    qualify(*leads_named("A", "B", "C", "D", "E", "F", "G", "H"), by=marketer)
    assert [(name, names) for name, names, _at in told()] == [
        ("Bruno", "A Rossi, C Rossi, E Rossi +1"),
        ("Greta", "B Rossi, D Rossi, F Rossi +1"),
    ]


def test_who_takes_a_lead_himself_is_not_told(rep):
    take_leads([lead_at(S.MQL).pk], by=rep, at=AT)
    assert not Notice.objects.exists()


def test_who_is_given_a_lead_is_told(rep, manager_sales):
    lead = lead_at(S.SAL, given_name="Ugo", family_name="Rossi")
    assign_leads([lead.pk], Target(person=rep), by=manager_sales, at=AT)
    assert told() == [("Bruno Conti", "Ugo Rossi", AT + TOLD)]


def test_managers_of_sales_hear_once_an_hour_that_nobody_could(
    marketer, rep, manager_sales, manager_marketing
):
    first, second, third = leads_named("Ugo", "Ada", "Eva")
    qualify(first, by=marketer)
    qualify(second, by=marketer, at=AT + timedelta(minutes=59))
    assert told("leads_unplaced") == [("Dario Greco", "Ugo Rossi", AT + TOLD)]
    qualify(third, by=marketer, at=AT + timedelta(minutes=60))
    assert [names for _n, names, _at in told("leads_unplaced")] == ["Ugo Rossi", "Eva Rossi"]
    assert Notice.objects.exclude(recipient=manager_sales).count() == 0


def test_with_somebody_free_managers_are_left_in_peace(marketer, rep, manager_sales):
    rule_for(pool_of(rep))
    qualify(*leads_named("Ugo"), by=marketer)
    assert told("leads_unplaced") == []


def test_an_undone_qualification_tells_nobody_and_gives_the_turn_back(sales, marketer):
    people = reps(sales, "bruno", "greta", "hugo")
    away(people[0])
    pool = pool_of(*people, weights=[1, 2, 1])
    rule_for(pool)
    first, second = leads_named("Ugo", "Ada")
    qualify(first, by=marketer)
    owed = list(pool.members.order_by("pk").values_list("credit", flat=True))
    qualify(second, by=marketer)
    action = UndoableAction.objects.latest("pk")
    undo(action.pk, actor=marketer, at=AT + WINDOW)
    assert list(pool.members.order_by("pk").values_list("credit", flat=True)) == owed
    pool.refresh_from_db()
    assert (pool.cursor, Assignment.objects.filter(voided_at__isnull=False).count()) == (1, 1)
    second.refresh_from_db()
    assert (second.stage, second.owner, second.queue) == (S.LEAD, None, None)


def test_an_undo_within_the_window_withdraws_what_would_be_told(rep, marketer):
    rule_for(pool_of(rep))
    qualify(*leads_named("Ugo", "Ada"), by=marketer)
    undo(UndoableAction.objects.get().pk, actor=marketer, at=AT + timedelta(seconds=9))
    assert not Notice.objects.exists()


def away(user):
    Absence.objects.create(user=user, first_on=AT.date(), last_on=AT.date())


def test_an_undone_qualification_does_not_trouble_the_managers(marketer, manager_sales):
    qualify(*leads_named("Ugo"), by=marketer)
    assert told("leads_unplaced") == [("Dario Greco", "Ugo Rossi", AT + TOLD)]
    undo(UndoableAction.objects.get().pk, actor=marketer, at=AT + WINDOW)
    assert not Notice.objects.exists()
    assert not NoticeDelivery.objects.exists()


@pytest.mark.parametrize(("undone", "left"), [(0, "Ada"), (1, "Ugo")])
def test_others_of_the_hour_are_told_all_the_same(undone, left, marketer, manager_sales):
    first, second = leads_named("Ugo", "Ada")
    later = timedelta(seconds=5)
    qualify(first, by=marketer)
    qualify(second, by=marketer, at=AT + later)
    action = UndoableAction.objects.order_by("pk")[undone]
    undo(action.pk, actor=marketer, at=AT + WINDOW)
    due = AT + TOLD + (later if left == "Ada" else timedelta(0))
    assert told("leads_unplaced") == [("Dario Greco", f"{left} Rossi", due)]
    assert NoticeDelivery.objects.get().due_at == due


def test_who_was_taken_meanwhile_is_not_told_again(rep, marketer, manager_sales):
    first, second = leads_named("Ugo", "Ada")
    qualify(first, by=marketer)
    action = UndoableAction.objects.get()
    qualify(second, by=marketer)
    take_leads([second.pk], by=rep, at=AT)
    undo(action.pk, actor=marketer, at=AT + WINDOW)
    assert told("leads_unplaced") == []


def test_what_managers_have_read_stays(marketer, manager_sales):
    first, second = leads_named("Ugo", "Ada")
    qualify(first, by=marketer)
    late = AT + timedelta(minutes=5)
    qualify(second, by=marketer, at=late)
    action = UndoableAction.objects.latest("pk")
    undo(action.pk, actor=marketer, at=late + WINDOW)
    assert told("leads_unplaced") == [("Dario Greco", "Ugo Rossi", AT + TOLD)]
