"""Who has left no trace for long enough goes at night; everybody else stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from leads.enums import Disposition, LifecycleStage
from leads.models import (
    Consent,
    Contact,
    Erasure,
    ExportFile,
    Lead,
    Opportunity,
    RetentionSettings,
    Touch,
)
from leads.models.opportunities import DealState
from leads.retention import months_before
from leads.selectors.retention import idle_people, preview_idle
from leads.services.retention import erase_idle, remove_read_notices, save_retention
from smarketing.errors import NotAllowed
from tests.conftest import AT
from tests.leads.out.test_erasing import signed_in
from tests.leads.records import lead_at

S, D = LifecycleStage, Disposition
TICK = timedelta(microseconds=1)
SINCE = datetime(2024, 3, 3, AT.hour, AT.minute, AT.second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "months", "before"),
    [
        (datetime(2026, 3, 31, 9, tzinfo=UTC), 1, datetime(2026, 2, 28, 9, tzinfo=UTC)),
        (datetime(2024, 3, 31, 9, tzinfo=UTC), 1, datetime(2024, 2, 29, 9, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), 1, datetime(2025, 12, 15, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), 240, datetime(2006, 1, 15, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), 12, datetime(2025, 12, 31, tzinfo=UTC)),
    ],
)
def test_months_go_back_to_the_same_day_or_the_last(at, months, before):
    assert months_before(at, months) == before


def old(email: str, disposition: Disposition = D.DISQUALIFIED, stage=S.SAL) -> Contact:
    """A person all of whose traces are from long before."""
    contact = lead_at(stage, disposition, email=email).contact
    Contact.objects.filter(pk=contact.pk).update(created_at=SINCE - TICK)
    Lead.objects.filter(contact=contact).update(
        created_at=SINCE - TICK, last_activity_at=None,
        closed_at=None if disposition == D.OPEN else SINCE - TICK,
    )  # fmt: skip
    return contact


def keep(months: int | None) -> None:
    RetentionSettings.objects.update_or_create(pk=1, defaults={"idle_months": months})


@pytest.mark.django_db
def test_the_instant_itself_counts_as_a_trace(db):
    anna = old("anna@a.example")
    assert idle_people(SINCE, most=9) == [anna.pk]
    assert idle_people(SINCE - TICK, most=9) == []
    Contact.objects.filter(pk=anna.pk).update(created_at=SINCE)
    assert idle_people(SINCE, most=9) == []
    assert idle_people(SINCE + TICK, most=9) == [anna.pk]


@pytest.mark.django_db
def test_any_trace_keeps_a_person(rep):
    people = [old(f"p{n}@a.example") for n in range(8)]
    gone = people[0]
    Touch.objects.create(contact=people[1], kind="FORM", occurred_at=SINCE, recorded_at=SINCE)
    Consent.objects.create(
        contact=people[2], purpose="MARKETING", given=True, through="x", at=SINCE
    )
    for n, changes in enumerate(
        ({"last_activity_at": SINCE}, {"closed_at": SINCE}, {"created_at": SINCE}), start=3
    ):
        Lead.objects.filter(contact=people[n]).update(**changes)
    Contact.objects.filter(pk=people[6].pk).update(erased_at=AT)
    Opportunity.objects.create(
        lead=people[7].leads.get(), is_first=True, state=DealState.LOST, closed_at=SINCE - TICK,
        try_again_on=AT.date(),
    )  # fmt: skip
    old("open@a.example", D.OPEN)
    old("won@a.example", D.WON, S.CUSTOMER)
    nurtured = old("later@a.example", D.RECYCLED)
    Lead.objects.filter(contact=nurtured).update(nurture_until=AT)
    assert idle_people(SINCE, most=99) == [gone.pk]


@pytest.mark.django_db
def test_a_merged_row_keeps_its_person(db):
    winner, loser = old("a@a.example"), old("b@b.example")
    Contact.objects.filter(pk=loser.pk).update(merged_into=winner)
    assert idle_people(SINCE, most=9) == [winner.pk]
    Touch.objects.create(contact=loser, kind="FORM", occurred_at=AT, recorded_at=AT)
    assert idle_people(SINCE, most=9) == []


@pytest.mark.django_db
def test_the_nightly_job_erases_set_by_set_until_nobody_is_left(db):
    people = [old(f"p{n}@a.example") for n in range(3)]
    fresh = lead_at(email="fresh@a.example").contact
    keep(24)
    assert [erase_idle(at=AT, most=2) for _n in range(3)] == [2, 1, 0]
    rows = Erasure.objects.order_by("contact_id")
    assert [(row.contact_id, row.actor, row.reason) for row in rows] == [
        (person.pk, None, "Without a trace for 24 months") for person in people
    ]
    assert Contact.objects.get(erased_at=None) == fresh


@pytest.mark.django_db
def test_without_a_number_everybody_stays(db):
    old("p@a.example")
    assert erase_idle(at=AT) == 0
    keep(None)
    assert erase_idle(at=AT) == 0


@pytest.mark.django_db
def test_statements_do_not_grow_with_the_people(db):
    keep(24)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert erase_idle(at=AT)
        return len(seen)

    old("p@a.example")
    one = statements()
    for n in range(3):
        old(f"p{n}@a.example")
    assert statements() == one


@pytest.mark.django_db
def test_read_notices_go_and_unread_stay(rep):
    edge = months_before(AT, 12)
    for read_at in (edge - TICK, edge, AT, None):
        Notice.objects.create(recipient=rep, kind="x", created_at=edge, read_at=read_at)
    assert remove_read_notices(at=AT) == 1
    assert remove_read_notices(at=AT) == 0
    assert Notice.objects.count() == 3
    RetentionSettings.objects.create(pk=1, notice_months=None)
    Notice.objects.update(read_at=edge - TICK)
    assert remove_read_notices(at=AT) == 0


@pytest.mark.django_db
def test_who_sets_it(administrator, manager_sales, marketer):
    with pytest.raises(NotAllowed):
        save_retention(RetentionSettings(idle_months=1), actor=marketer)
    assert not RetentionSettings.objects.exists()
    for months, actor in ((36, administrator), (48, manager_sales)):
        save_retention(RetentionSettings(idle_months=months), actor=actor)
        assert RetentionSettings.objects.get().idle_months == months


@pytest.mark.django_db
def test_the_page_counts_before_anything_is_kept(administrator, marketer):
    old("p@a.example")
    client, url = signed_in(administrator), "/settings/data-protection/"
    assert preview_idle(24, at=AT).people == 1
    page = client.get(url, {"idle_months": "1"}).content.decode()
    assert "1 person has left no trace for 1 months." in page
    assert "the night after you save" in page
    assert client.get(url, {"idle_months": "x" * 50}).status_code == 200
    assert client.post(url, {"idle_months": "0", "export_hours": "72"}).status_code == 422
    assert not RetentionSettings.objects.exists()
    said = {"idle_months": "240", "notice_months": "", "export_hours": "24"}
    assert client.post(url, said).status_code == 302
    kept = RetentionSettings.objects.get()
    assert (kept.idle_months, kept.notice_months, kept.export_hours) == (240, None, 24)
    assert signed_in(marketer).get(url).status_code == 403


@pytest.mark.django_db
def test_the_pages_tell_of_erasures_and_exports(administrator, rep):
    for n in range(61):
        ExportFile.objects.create(
            owner=rep, of_list="LEADS", file_format="CSV", query=f"q=n{n}", created_at=AT,
            state="SENT",
        )  # fmt: skip
    Erasure.objects.create(contact=lead_at().contact, reason="Asked by letter", at=AT)
    client = signed_in(administrator)
    page = client.get("/settings/data-protection/").content.decode()
    assert "Asked by letter" in page
    assert "the nightly job" in page
    assert "q=n60" in page
    first = client.get("/settings/exports/").content.decode()
    assert "q=n1<" in first
    assert "q=n0<" not in first
    older = ExportFile.objects.get(query="q=n1").pk
    assert "q=n0<" in client.get(f"/settings/exports/?before={older}").content.decode()
